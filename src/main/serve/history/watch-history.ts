// When cells learn from history: once old samples of their VMs came in and no more follow, and when they are taken up with VMs that
// the store may know longer than they do. One cell at a time, beside everything else.
import type { CellLayout } from "../../../control/cell-layout.ts";
import type { RunningCell } from "../../../control/loop.ts";
import type { Clock } from "../../../control/ports.ts";
import type { SampleColumns, SampleStore } from "../../../control/store-ports.ts";
import type { CellId, VmId } from "../../../model/fleet.ts";
import type { Failure, Result } from "../../../model/result.ts";
import { DAY_MS, instant, MINUTE_MS, SECOND_MS } from "../../../model/time.ts";
import type { Warmed } from "./warm-from-history.ts";

export interface HistoryWatch {
  /** Samples that came in, whatever cell they are for. */
  heard(columns: SampleColumns): void;
  stop(): Promise<void>;
}

/** What is asked of a running cell. */
interface WarmingCell {
  running(): RunningCell;
  warm(vms: ReadonlySet<VmId>): Promise<Result<Warmed | undefined>>;
}

export interface HistoryWatchOptions {
  readonly clock: Clock;
  readonly samples: Pick<SampleStore, "fold">;
  readonly cells: () => ReadonlyMap<CellId, WarmingCell>;
  readonly onWarmed: (cell: CellId, warmed: Warmed) => void;
  readonly onFailure: (cell: CellId | undefined, failure: Failure) => void;
}

const LOOK_MS = 5 * SECOND_MS;
/** So long nothing old came: the backfill is over, or has come far enough. */
const QUIET_MS = 15 * SECOND_MS;
const WAIT_MS_MAX = 30 * MINUTE_MS;
/** What comes later than that is no late sample any more. */
const OLD_MS = DAY_MS;

interface News {
  readonly vms: Set<VmId>;
  readonly since: number;
  last: number;
}

export function watchHistory(options: HistoryWatchOptions): HistoryWatch {
  const { clock, cells } = options;
  const layouts = new Map<CellId, CellLayout>();
  let news: News | undefined;
  let running = true;
  let stopNow = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stopNow = resolve;
  });
  const tell = (vms: Iterable<VmId>, now: number): void => {
    for (const vm of vms) {
      news ??= { vms: new Set<VmId>(), since: now, last: now };
      news.last = now;
      news.vms.add(vm);
    }
  };
  const look = async (): Promise<void> => {
    const now = clock.now();
    for (const [id, cell] of cells()) {
      const { layout } = cell.running().state;
      tell(comers(layout, layouts.get(id)), now);
      layouts.set(id, layout);
    }
    if (news === undefined || (now - news.last < QUIET_MS && now - news.since < WAIT_MS_MAX)) return;
    const { vms } = news;
    news = undefined;
    await warmAll(vms, options);
  };
  const looking = (async () => {
    while (running) {
      await clock.sleepUntil(instant(clock.now() + LOOK_MS), stopped);
      if (running) await look();
    }
  })();
  return {
    heard(columns) {
      const now = clock.now();
      tell(oldVms(columns, now - OLD_MS), now);
    },
    async stop() {
      running = false;
      stopNow();
      await looking;
    },
  };
}

async function warmAll(
  vms: ReadonlySet<VmId>,
  { cells, samples, clock, onWarmed, onFailure }: HistoryWatchOptions,
): Promise<void> {
  // Unfolded batches would be unpacked once for every VM.
  const folded = await samples.fold(clock.now());
  if (!folded.ok) return onFailure(undefined, folded.error);
  for (const [id, cell] of cells()) {
    const warmed = await cell.warm(vms);
    if (!warmed.ok) onFailure(id, warmed.error);
    else if (warmed.value !== undefined) onWarmed(id, warmed.value);
  }
}

/** VMs that were not in the layout before. */
function comers({ vmIds }: CellLayout, before: CellLayout | undefined): readonly VmId[] {
  if (before?.vmIds === vmIds) return [];
  const known = new Set(before?.vmIds);
  return vmIds.filter((vm) => !known.has(vm));
}

function oldVms({ vms, vm, at }: SampleColumns, before: number): ReadonlySet<VmId> {
  const old = new Set<VmId>();
  for (let row = 0; row < at.length; row++) if ((at[row] as number) < before) old.add(vms[vm[row] as number] as VmId);
  return old;
}
