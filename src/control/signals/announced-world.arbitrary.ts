// A small fleet whose demand follows the clock and the events that truly happen, under the loop, told what is declared.
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, HostId, PoolId, Vm, VmId, Workload, WorkloadId } from "../../model/fleet.ts";
import { LEVEL_COUNT, levelIndex, type QuantileLevel } from "../../model/forecast.ts";
import { NOTHING, RESOURCE_COUNT, resourceVector, scale } from "../../model/resources.ts";
import { success } from "../../model/result.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS } from "../../model/time.ts";
import { layOut } from "../cell-layout.ts";
import { pooledPromise } from "../cell-state.ts";
import { type CellInput, type RunningCell, runTick, startCell } from "../loop.ts";
import { type Declarations, NOTHING_DECLARED } from "../ports.ts";

export const STEP_MS = 10 * MINUTE_MS;
/** A Monday, 00:00 UTC. */
export const START: Instant = instant(Date.UTC(2026, 2, 2));
const TICKS_A_DAY = DAY_MS / STEP_MS;

export const OURS = "ours" as CustomerId;
export const THEIRS = "theirs" as CustomerId;
const CUSTOMERS = [OURS, THEIRS];
/** VMs take turns: the first is ours, the second theirs. */
const VM_COUNT = 4;
const LARGE = resourceVector({ cpu: 100, memory: 1e12, network: 1e12, storage: 1e12 });
const ONE = resourceVector({ cpu: 1, memory: 4e9, network: 1e7, storage: 1e7 });

export interface Happening {
  readonly event: ExternalEvent;
  /** What demand really is multiplied with while it lasts. */
  readonly factor: number;
}

/** Ours unless said otherwise, known all along. */
export function campaign(at: { days: number; hours: number }, facts: Partial<ExternalEvent> = {}): ExternalEvent {
  const start = instant(START + at.days * DAY_MS);
  const whole = { id: `sale-${at.days}`, kind: "campaign", name: "Sale", announced: START, customers: [OURS] } as const;
  return { ...whole, start, end: instant(start + at.hours * HOUR_MS), ...facts };
}

export interface WorldTick {
  /** End of the tick. */
  readonly at: Instant;
  /** [series] what it demanded. */
  readonly demand: Float64Array;
  /** [series x level] as served for it before. */
  readonly served: Float64Array;
}

export interface World {
  readonly days: number;
  readonly happens: readonly Happening[];
  /** What is declared at an instant; nothing where left out. */
  readonly declared?: (at: Instant) => Partial<Declarations>;
  /** Whether no sample comes of the tick that ends then. */
  readonly isSilent?: (at: Instant) => boolean;
  /** Whether nobody looks at the tick that ends then: the process is down. */
  readonly isSkipped?: (at: Instant) => boolean;
  /** After every tick. */
  readonly look?: (cell: RunningCell, at: Instant) => void;
}

export interface WorldRun {
  readonly cell: RunningCell;
  readonly ticks: readonly WorldTick[];
  /** All that the cell heard, tick by tick. */
  readonly heard: readonly CellInput[];
}

/** Runs a world from START on. */
export async function runWorld({
  days,
  happens,
  declared = () => ({}),
  isSilent = () => false,
  isSkipped = () => false,
  look,
}: World): Promise<WorldRun> {
  const { cell, vms } = smallCell();
  const demandOf = demandIn(happens);
  const ticks: WorldTick[] = [];
  const heard: CellInput[] = [];
  let now = START;
  let tick = 0;
  const observation = () => ({
    at: now,
    vms: (isSilent(now) ? [] : vms).map(({ id }, vm) => ({
      vm: id,
      usage: scale(ONE, demandOf(vm, tick)),
      unmet: NOTHING,
      allocation: LARGE,
    })),
    shadowVms: [],
    unreachable: [],
  });
  for (; tick < days * TICKS_A_DAY; tick++) {
    const served = cell.quantiles.slice();
    now = instant(START + (tick + 1) * STEP_MS);
    if (isSkipped(now)) continue;
    const ticked = await runTick(cell, {
      clock: { now: () => now, sleepUntil: async () => {} },
      telemetry: { observe: async () => success(observation()) },
      actuator: { apply: async ({ id }) => ({ kind: "done", action: id, at: now }) },
      mode: "observe",
      declared: () => ({ ...NOTHING_DECLARED, ...declared(now) }),
      tell: async ({ observed, input }) => {
        ticks.push({ at: now, demand: observed.demand, served });
        heard.push(input);
        return success(undefined);
      },
    });
    if (!ticked.ok) throw new Error(ticked.error.message);
    look?.(cell, now);
  }
  return { cell, ticks, heard };
}

/** The cell of this world, as it begins, and its VMs. */
export function smallCell() {
  const workloads = CUSTOMERS.map(
    (customer): Workload => ({ id: `${customer}-web` as WorkloadId, customer, class: "web" }),
  );
  const host = { id: "host" as HostId, pool: "shared" as PoolId, capacity: scale(LARGE, 10) };
  const vms = Array.from({ length: VM_COUNT }, (_, index): Vm => {
    const workload = workloads[index % workloads.length] as Workload;
    const id = `${workload.id}-${index}` as VmId;
    return { id, workload: workload.id, host: host.id, base: NOTHING, ceiling: LARGE };
  });
  const layout = layOut(
    { hosts: [host], vms, workloads },
    { stepMs: STEP_MS, shadowVm: { minimum: NOTHING, ceiling: LARGE } },
  );
  return { cell: startCell({ layout, promise: pooledPromise(0.99), at: START, horizons: true }), vms };
}
/** A wave over the day with noise, times what happens, for each VM and tick. */
function demandIn(happens: readonly Happening[]): (vm: number, tick: number) => number {
  const random = seededRandom(3);
  return (vm, tick) => {
    const at = START + (tick + 0.5) * STEP_MS;
    const wave = 1.5 + Math.sin((2 * Math.PI * at) / DAY_MS);
    const noise = Math.exp(0.1 * random.fork(`${vm}/${tick}`).normal());
    const owner = CUSTOMERS[vm % CUSTOMERS.length] as CustomerId;
    const active = happens.filter(
      ({ event }) => (event.customers?.includes(owner) ?? true) && event.start <= at && at < event.end,
    );
    return active.reduce((product, { factor }) => product * factor, wave * noise);
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Share of our CPU demand that was above a served level, over the ticks between two instants. */
export function shortfall(ticks: readonly WorldTick[], { from, to }: Span, level: QuantileLevel): number {
  let [short, sum] = [0, 0];
  for (const { at, demand, served } of ticks) {
    if (at <= from || at > to) continue;
    for (let vm = 0; vm < VM_COUNT; vm += CUSTOMERS.length) {
      const asked = demand[vm * RESOURCE_COUNT] as number;
      const held = served[vm * RESOURCE_COUNT * LEVEL_COUNT + levelIndex(level)] as number;
      short += Math.max(asked - held, 0);
      sum += asked;
    }
  }
  return short / sum;
}
