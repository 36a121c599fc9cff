// Small cells on machines that do at once whatever is asked of them, and any demand to drive them with.
import fc from "fast-check";
import { advance } from "../forecast/demand-engine.ts";
import type { Action } from "../model/action.ts";
import type { DecisionRecord } from "../model/decision.ts";
import type { CellId, CustomerId, HostId, PoolId, Vm, VmId, WorkloadId } from "../model/fleet.ts";
import { declaredDemand, HOURS_A_WEEK, type WorkloadProfile } from "../model/profile.ts";
import { RESOURCE_COUNT, RESOURCES, type ResourceVector, resourceVector, scale } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { SHADOW_VM_STATES, type ShadowVm, type ShadowVmId } from "../model/shadow-vm.ts";
import { HOUR_MS, type Instant, instant } from "../model/time.ts";
import { GIBIBYTE } from "../model/units.ts";
import { type CellLayout, layOut } from "./cell-layout.ts";
import { pooledPromise, type ServicePromise } from "./cell-state.ts";
import { type RunningCell, startCell } from "./loop.ts";
import { step } from "./step.ts";
import type { InForce } from "./tick-input.ts";

export const STEP_MS = HOUR_MS;
export const START: Instant = instant(Date.UTC(2026, 2, 2));

/** One core at any hour as a rule, two at most. */
export const STEADY_PROFILE: WorkloadProfile = {
  scaling: "vertical",
  utcOffsetMinutes: 0,
  demand: {
    cpu: declaredDemand({
      typical: new Float64Array(HOURS_A_WEEK).fill(1),
      peak: new Float64Array(HOURS_A_WEEK).fill(2),
    }),
  },
  growthPerMonth: 0,
  declaredAt: START,
  plannedChanges: [],
};

const TEN = resourceVector({ cpu: 10, memory: 10 * GIBIBYTE, network: 1e9, storage: 1e9 });

/** `share` of 10 cores, 10 GiB, 1 GB/s and 1 GB/s. */
export const tenths = (share: number): ResourceVector => scale(TEN, share);
const SHADOW_VM_SIZE = { minimum: tenths(0.01), ceiling: tenths(0.4) };

interface SmallVm {
  readonly host: number;
  readonly base: number;
  readonly ceiling: number;
}

export interface SmallCell {
  /** [host] in tenths. */
  readonly capacities: readonly number[];
  readonly vms: readonly SmallVm[];
}

export function layoutOf({ capacities, vms }: SmallCell): CellLayout {
  const hosts = capacities.map((capacity, index) => ({
    id: hostId(index),
    pool: "shared" as PoolId,
    capacity: tenths(capacity),
  }));
  const members = vms.map(({ host, base, ceiling }, index): Vm => {
    const owner = { workload: "w" as WorkloadId, host: hostId(host) };
    return { ...owner, id: vmId(index), base: tenths(base), ceiling: tenths(ceiling) };
  });
  return layOut({ hosts, vms: members }, { stepMs: STEP_MS, shadowVm: SHADOW_VM_SIZE });
}

/** The same, and each VM belongs to a customer of its own: "customer-0" owns "vm-0". */
function ownedLayoutOf(cell: SmallCell): CellLayout {
  const layout = layoutOf(cell);
  const customers = layout.vmIds.map((_, vm) => customerId(vm));
  return { ...layout, cell: "small" as CellId, customers, customerOfVm: Int32Array.from(layout.vmIds.keys()) };
}

export const customerId = (index: number): CustomerId => `customer-${index}` as CustomerId;
export const hostId = (index: number): HostId => `host-${index}` as HostId;
export const vmId = (index: number): VmId => `vm-${index}` as VmId;

export const anyCell: fc.Arbitrary<SmallCell> = fc.integer({ min: 1, max: 3 }).chain((hosts) =>
  fc.record({
    capacities: fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: hosts, maxLength: hosts }),
    vms: fc.array(
      fc
        .record({ host: fc.nat({ max: hosts - 1 }), base: share(0.3), extra: share(0.7) })
        .map(({ host, base, extra }) => ({ host, base, ceiling: base + extra })),
      { minLength: 1, maxLength: 6 },
    ),
  }),
);

function share(max: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 5, arbitrary: fc.double({ min: 0.001, max, noNaN: true }) }, fc.constant(0));
}

/** One tick: what each series of up to 6 VMs asks for, in tenths, and what happens to the shadow VMs of host 0. */
export interface SmallTick {
  readonly demand: readonly number[];
  readonly shadowVms: "as ordered" | "one comes" | "one fails" | "all fail";
}

const anyTick: fc.Arbitrary<SmallTick> = fc.record({
  demand: fc.array(fc.oneof({ weight: 6, arbitrary: share(1.2) }, fc.constant(Number.NaN)), {
    minLength: 6 * RESOURCE_COUNT,
    maxLength: 6 * RESOURCE_COUNT,
  }),
  shadowVms: fc.oneof(
    { weight: 6, arbitrary: fc.constant("as ordered" as const) },
    fc.constantFrom("one comes" as const, "one fails" as const, "all fail" as const),
  ),
});

export const anyTicks = fc.array(anyTick, { minLength: 1, maxLength: 25 });

export interface TickDone {
  readonly running: RunningCell;
  /** [series] base units; NaN = no sample. */
  readonly demand: Float64Array;
  readonly shadowVms: readonly ShadowVm[];
  readonly actions: readonly Action[];
  readonly records: readonly DecisionRecord[];
}

/** Runs a cell on perfect machines. `onTick` sees the state after each step, before the machines moved. */
export function runCell(
  given: {
    readonly cell: SmallCell;
    readonly ticks: readonly SmallTick[];
    readonly promise?: ServicePromise;
    readonly inForce?: (tick: number) => InForce;
    /** Every VM with a customer of its own. */
    readonly owned?: boolean;
  },
  onTick: (done: TickDone) => void = () => {},
): RunningCell {
  const layout = given.owned ? ownedLayoutOf(given.cell) : layoutOf(given.cell);
  const running = startCell({ layout, promise: given.promise ?? pooledPromise(0.99), at: START });
  let shadowVms: readonly ShadowVm[] = [];
  for (const [tick, { demand: asked, shadowVms: fate }] of given.ticks.entries()) {
    shadowVms = afterFate(shadowVms, fate, tick);
    const inForce = given.inForce && { inForce: given.inForce(tick) };
    const done = { running, ...tickOnce(running, { tick, asked, shadowVms, ...inForce }) };
    onTick(done);
    shadowVms = done.actions.reduce(afterAction, shadowVms);
  }
  return running;
}

/** One tick of a cell: the engine learns and forecasts, the step decides. `asked`: [series] in tenths. */
export function tickOnce(
  { state, engine, quantiles }: RunningCell,
  given: {
    readonly tick: number;
    readonly asked: readonly number[];
    readonly shadowVms: readonly ShadowVm[];
    readonly inForce?: InForce;
  },
): Omit<TickDone, "running"> {
  const { tick, asked, shadowVms, inForce } = given;
  const demand = Float64Array.from(state.layout.base, (_, series) => {
    return (asked[series] ?? 0) * TEN[RESOURCES[series % RESOURCE_COUNT] ?? "cpu"];
  });
  const now = instant(START + (tick + 1) * STEP_MS);
  advance(engine, { demand }, quantiles);
  const forecasts = { origin: now, quantiles };
  const decided = step(state, { kind: "tick", now, demand, shadowVms, forecasts, ...(inForce && { inForce }) });
  return { demand, shadowVms, actions: [...decided.actions], records: [...decided.records] };
}

/** The shadow VMs once machines have done what an action says. */
export function afterAction(shadowVms: readonly ShadowVm[], action: Action): readonly ShadowVm[] {
  switch (action.kind) {
    case "resize-vm":
      return shadowVms;
    case "resize-shadow-vm":
      return shadowVms.map((vm) => (vm.id === action.shadowVm ? { ...vm, allocation: action.setPoint } : vm));
    case "boot-shadow-vm":
      return [...shadowVms, readyShadowVm(action.shadowVm, action.host)];
    case "retire-shadow-vm":
      return shadowVms.filter(({ id }) => id !== action.shadowVm);
    default:
      return unreachable(action);
  }
}

export function readyShadowVm(id: ShadowVmId, host: HostId): ShadowVm {
  return { ...SHADOW_VM_SIZE, id, host, state: "ready", allocation: SHADOW_VM_SIZE.minimum };
}

function afterFate(shadowVms: readonly ShadowVm[], fate: SmallTick["shadowVms"], tick: number): readonly ShadowVm[] {
  switch (fate) {
    case "as ordered":
      return shadowVms;
    case "one comes":
      // In any state; whatever it is, it holds nothing above its minimum yet.
      return [
        ...shadowVms,
        {
          ...readyShadowVm(`extra-${tick}` as ShadowVmId, hostId(0)),
          state: SHADOW_VM_STATES[tick % SHADOW_VM_STATES.length] ?? "ready",
        },
      ];
    case "one fails":
      return shadowVms.slice(1);
    case "all fail":
      return [];
    default:
      return unreachable(fate);
  }
}
