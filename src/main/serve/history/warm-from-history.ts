// A cell learns from what its VMs used before it began, as the store has it: another cell that knows nothing yet lives through those
// days beside the one that runs, and what it learned is taken over between two ticks. Nothing is decided of the past.
import { setImmediate } from "node:timers/promises";
import type { CellLayout } from "../../../control/cell-layout.ts";
import { takeKnowledge } from "../../../control/lay-anew.ts";
import { learnOnly, type Patience, type RunningCell } from "../../../control/loop.ts";
import type { Declarations } from "../../../control/ports.ts";
import type { SampleStore } from "../../../control/store-ports.ts";
import { hoursOfHistory } from "../../../forecast/demand-record/knowledge.ts";
import type { VmId } from "../../../model/fleet.ts";
import { RESOURCE_COUNT, UNLIMITED_AMOUNT } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, WEEK_MS } from "../../../model/time.ts";
import { onGrid } from "./history-grid.ts";

/** The running cell, and how another one of the same form begins. */
export interface LearningCell {
  readonly samples: Pick<SampleStore, "read">;
  /** As it is now; another object once it was laid out anew. */
  running(): RunningCell;
  /** Of these VMs, all where left out. Its network sleeps before the tick `asleepFor`. */
  begin(given: { readonly at: Instant; readonly vms?: readonly VmId[]; readonly asleepFor: number }): RunningCell;
  readonly beginAs: (layout: CellLayout) => RunningCell;
  readonly declared: () => Declarations;
  readonly patience: Patience;
  /** Between two ticks: `change` may put another cell in place. */
  between(change: () => Promise<RunningCell | undefined>): Promise<void>;
  readonly isStopped: () => boolean;
}

export interface Warmed {
  /** That learned from history. */
  readonly vms: number;
  readonly ticks: number;
}

/** A week is what forecasts remember; two days more, so that they are weighed on what they did not see. */
const HISTORY_MS = 9 * DAY_MS;
const NETWORK_MS = 2 * DAY_MS;
/** Bounds the time: some 60 µs each. */
const VM_TICKS_MAX = 60e6;
const TICKS_MIN = 500;
/** Bounds the memory: 16 bytes each. */
const VM_TICKS_AT_ONCE = 4e6;
/** The store has to know so much more than the cell does. */
const MORE_HOURS = 2;
const READS_AT_ONCE = 4;

/** Of these VMs those that the store knows longer than the cell does. Undefined: nothing to learn, or the cell changed meanwhile. */
export async function warmFromHistory(
  cell: LearningCell,
  asked: ReadonlySet<VmId>,
): Promise<Result<Warmed | undefined>> {
  const before = cell.running();
  const { layout } = before.state;
  const span = spanOf(before, cell.running().state.at);
  const cold = await findCold(cell, { asked, span });
  if (!cold.ok) return cold;
  if (cold.value.length === 0) return success(undefined);
  // A cell that is younger than its history has no place for it: then it learns all anew, which the store knows too.
  const isWhole = before.engine.tick < span.ticks || cold.value.length > layout.vmIds.length / 2;
  const vms = isWhole ? layout.vmIds : cold.value;
  const taught = cell.begin({ at: span.from, vms, asleepFor: Math.max(span.ticks - NETWORK_MS / layout.stepMs, 0) });
  if (!isWhole) taught.engine.tick = before.engine.tick - span.ticks;
  const lived = await liveThrough(taught, cell);
  if (!lived.ok) return lived;
  let isTaken = false;
  let failed: Result<void> = success(undefined);
  await cell.between(async () => {
    const now = cell.running();
    if (now.state.layout !== layout || cell.isStopped()) return undefined;
    failed = await liveThrough(taught, cell);
    const isInStep = isWhole || now.engine.tick === taught.engine.tick;
    if (!failed.ok || !isInStep) return undefined;
    isTaken = true;
    return isWhole ? { ...taught, state: now.state } : takeKnowledge(now, taught, cell.beginAs);
  });
  if (!failed.ok) return failed;
  return success(isTaken ? { vms: cold.value.length, ticks: span.ticks } : undefined);
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
  readonly ticks: number;
}

function spanOf({ state: { layout } }: RunningCell, at: Instant): Span {
  const { stepMs, vmIds } = layout;
  const affordable = Math.max(Math.floor(VM_TICKS_MAX / Math.max(vmIds.length, 1)), TICKS_MIN);
  const ticks = Math.min(Math.round(HISTORY_MS / stepMs), affordable);
  const to = Math.floor(at / stepMs) * stepMs;
  return { from: instant(to - ticks * stepMs), to: instant(to), ticks };
}

async function findCold(
  { samples, running }: LearningCell,
  { asked, span }: { readonly asked: ReadonlySet<VmId>; readonly span: Span },
): Promise<Result<readonly VmId[]>> {
  const { engine, state } = running();
  const { vmIds } = state.layout;
  const known = (vm: number) =>
    Math.max(...[0, 1, 2, 3].map((offset) => hoursOfHistory(engine, vm * RESOURCE_COUNT + offset)));
  const enough = Math.min(WEEK_MS, span.to - span.from) / HOUR_MS - MORE_HOURS;
  const candidates = vmIds.flatMap((id, vm) => (asked.has(id) && known(vm) < enough ? [{ id, hours: known(vm) }] : []));
  const cold: VmId[] = [];
  const read = await someAtOnce(candidates, async ({ id, hours }) => {
    const seen = await samples.read(id, span);
    if (seen.ok && distinctHours(seen.value.at) > hours + MORE_HOURS) cold.push(id);
    return seen;
  });
  return read.ok ? success(vmIds.filter((id) => cold.includes(id))) : read;
}

function distinctHours(at: Float64Array): number {
  return new Set(at.map((each) => Math.ceil(each / HOUR_MS))).size;
}

/** Up to the tick at which the running cell is. */
async function liveThrough(taught: RunningCell, cell: LearningCell): Promise<Result<void>> {
  const { layout } = taught.state;
  const { stepMs, vmIds } = layout;
  const atOnce = Math.max(Math.floor(VM_TICKS_AT_ONCE / Math.max(vmIds.length, 1)), 1);
  for (;;) {
    const from = Math.floor(taught.state.at / stepMs) * stepMs;
    const ticks = Math.min(Math.floor((cell.running().state.at - from) / stepMs), atOnce);
    if (ticks <= 0 || cell.isStopped()) return success(undefined);
    const read = await readGrids(cell, layout, { from, stepMs, ticks });
    if (!read.ok) return read;
    for (let tick = 0; tick < ticks; tick++) {
      const seen = seenAt(layout, { grids: read.value, tick, from, declared: cell.declared() });
      await learnOnly(taught, seen, cell.patience);
      // Whoever asks meanwhile gets an answer.
      await setImmediate();
      if (cell.isStopped()) return success(undefined);
    }
  }
}

/** [vm] */
async function readGrids(
  { samples }: LearningCell,
  { vmIds }: CellLayout,
  grid: { readonly from: number; readonly stepMs: number; readonly ticks: number },
): Promise<Result<readonly Float32Array[]>> {
  const grids: Float32Array[] = [];
  // A sample carries the end of what was measured; one that is coarse reaches back from behind the end.
  const span = { from: instant(grid.from + 1), to: instant(grid.from + grid.ticks * grid.stepMs + HOUR_MS) };
  const read = await someAtOnce([...vmIds.entries()], async ([vm, id]) => {
    const seen = await samples.read(id, span);
    if (seen.ok) grids[vm] = onGrid(seen.value, grid);
    return seen;
  });
  return read.ok ? success(grids) : read;
}

function seenAt(
  layout: CellLayout,
  given: {
    readonly grids: readonly Float32Array[];
    readonly tick: number;
    readonly from: number;
    readonly declared: Declarations;
  },
): Parameters<typeof learnOnly>[1] {
  const { grids, tick, from, declared } = given;
  const seriesCount = layout.base.length;
  const demand = new Float64Array(seriesCount);
  for (const [vm, grid] of grids.entries())
    for (let offset = 0; offset < RESOURCE_COUNT; offset++)
      demand[vm * RESOURCE_COUNT + offset] = grid[tick * RESOURCE_COUNT + offset] as number;
  const inForce = {
    allocations: new Float64Array(seriesCount).fill(Number.NaN),
    buffers: new Float64Array(layout.capacity.length),
  };
  const sizes = layout.ceiling.map((ceiling) => (ceiling >= UNLIMITED_AMOUNT ? Number.NaN : ceiling));
  const columns = { demand, marks: new Uint8Array(seriesCount), sizes, late: [], inForce };
  return { kind: "seen", at: instant(from + (tick + 1) * layout.stepMs), columns, shadowVms: [], declared };
}

/** The first failure, if any: then the rest is left. */
async function someAtOnce<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result<unknown>>,
): Promise<Result<void>> {
  let failed: Result<void> = success(undefined);
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (!failed.ok) return;
      const done = await work(item);
      if (!done.ok) failed = done;
    }
  };
  await Promise.all(Array.from({ length: READS_AT_ONCE }, worker));
  return failed;
}
