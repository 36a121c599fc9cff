// When cells learn from history: once old samples of their VMs came in and no more follow, and when they are taken up with VMs that
// the store may know longer than they do. One cell at a time, beside everything else.
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
  /** The VMs of a cell may be others than before. */
  planned(cell: CellId): void;
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
  readonly onFailure: (cell: CellId, failure: Failure) => void;
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

export function watchHistory({ clock, samples, cells, onWarmed, onFailure }: HistoryWatchOptions): HistoryWatch {
  const news = new Map<CellId, News>();
  let running = true;
  let stopNow = (): void => {};
  const stopped = new Promise<void>((resolve) => {
    stopNow = resolve;
  });
  const tell = (cell: CellId, vms: Iterable<VmId>, now: number): void => {
    const known = news.get(cell) ?? { vms: new Set<VmId>(), since: now, last: now };
    news.set(cell, known);
    known.last = now;
    for (const vm of vms) known.vms.add(vm);
  };
  const warm = async (id: CellId, { vms }: News): Promise<void> => {
    const cell = cells().get(id);
    if (cell === undefined) return;
    // Unfolded batches would be unpacked once for every VM.
    const folded = await samples.fold(clock.now());
    const warmed = folded.ok ? await cell.warm(vms) : folded;
    if (!warmed.ok) onFailure(id, warmed.error);
    else if (warmed.value !== undefined) onWarmed(id, warmed.value);
  };
  const look = async (): Promise<void> => {
    for (const [id, told] of news) {
      const now = clock.now();
      if (now - told.last < QUIET_MS && now - told.since < WAIT_MS_MAX) continue;
      news.delete(id);
      await warm(id, told);
    }
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
      const old = oldVms(columns, now - OLD_MS);
      if (old.size === 0) return;
      for (const [id, cell] of cells()) {
        const own = cell.running().state.layout.vmIds.filter((vm) => old.has(vm));
        if (own.length > 0) tell(id, own, now);
      }
    },
    planned(id) {
      const { layout } = cells().get(id)?.running().state ?? {};
      if (layout !== undefined) tell(id, layout.vmIds, clock.now());
    },
    async stop() {
      running = false;
      stopNow();
      await looking;
    },
  };
}

function oldVms({ vms, vm, at }: SampleColumns, before: number): ReadonlySet<VmId> {
  const old = new Set<VmId>();
  for (let row = 0; row < at.length; row++) if ((at[row] as number) < before) old.add(vms[vm[row] as number] as VmId);
  return old;
}
