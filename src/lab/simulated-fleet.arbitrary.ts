// Small simulated fleets for tests: one or two hosts, VMs with any demand, and any actions, good or bad.
import fc from "fast-check";
import type { Action, ActionId } from "../model/action.ts";
import type { Host, HostId, PoolId, Vm, VmId, WorkloadId } from "../model/fleet.ts";
import { add, type ResourceVector, resourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { durationMs, type Instant, instant, MINUTE_MS } from "../model/time.ts";
import { GIBIBYTE } from "../model/units.ts";
import { createSimulatedFleet, type SimulatedFleet, type SimulatedFleetOptions } from "./simulated-fleet.ts";
import { type VirtualClock, virtualClock } from "./virtual-clock.ts";

export const STEP_MS = 5 * MINUTE_MS;
export const START = instant(Date.UTC(2026, 2, 2));
export const HOST = "host-1" as HostId;

/** `share` of 10 cores, 10 GiB, 1 GB/s and 1 GB/s. */
export function tenths(share: number): ResourceVector {
  return resourceVector({ cpu: 10 * share, memory: 10 * GIBIBYTE * share, network: 1e9 * share, storage: 1e9 * share });
}

export const SHADOW_VM = { minimum: tenths(0.01), ceiling: tenths(0.5) };

export interface SmallFleet {
  readonly clock: VirtualClock;
  readonly fleet: SimulatedFleet;
}

/** Hosts of `tenths(1)`; VM k runs on host k mod hosts, has a base of 0.1, a ceiling of 0.6 and `demands[k][tick]`. */
export function smallFleet(
  demands: readonly (readonly number[])[],
  given: Partial<SimulatedFleetOptions> & { readonly hosts?: number } = {},
): SmallFleet {
  const clock = virtualClock(START);
  const hostCount = given.hosts ?? 1;
  const hosts = Array.from({ length: hostCount }, (_, index): Host => {
    return { id: `host-${index + 1}` as HostId, pool: "shared" as PoolId, capacity: tenths(1) };
  });
  const vms = demands.map((_, index): Vm => {
    const host = `host-${(index % hostCount) + 1}` as HostId;
    return { id: vmId(index), workload: "w" as WorkloadId, host, base: tenths(0.1), ceiling: tenths(0.6) };
  });
  const demand = new Map(
    demands.map((levels, index) => [
      vmId(index),
      { demandAt: (tick: number) => tenths(levels[tick % levels.length] ?? 0) },
    ]),
  );
  const grid = { startMs: START, stepMs: durationMs(STEP_MS) };
  return {
    clock,
    fleet: createSimulatedFleet({ cell: { hosts, vms }, shadowVm: SHADOW_VM, demand, clock, grid, ...given }),
  };
}

export const vmId = (index: number): VmId => `vm-${index}` as VmId;

type Order =
  | { readonly kind: "resize-vm"; readonly vm: VmId; readonly setPoint: ResourceVector }
  | { readonly kind: "resize-shadow-vm"; readonly shadowVm: ShadowVmId; readonly setPoint: ResourceVector }
  | { readonly kind: "boot-shadow-vm"; readonly shadowVm: ShadowVmId; readonly minimum: ResourceVector }
  | { readonly kind: "retire-shadow-vm"; readonly shadowVm: ShadowVmId };

export function actionOf(order: Order, head: { deadline: Instant; host?: HostId; id?: string }): Action {
  const { deadline, host = HOST, id = `action/${order.kind}` } = head;
  return { id: id as ActionId, host, phase: "grow", reason: "Because of a test.", deadline, ...order };
}

const anyShadowVm = fc.constantFrom("shadow-a", "shadow-b", "shadow-c").map((id) => id as ShadowVmId);
const anySetPoint = fc.double({ min: 0, max: 0.8, noNaN: true }).map(tenths);

const anyOrder: fc.Arbitrary<Order> = fc.oneof(
  fc.record({
    kind: fc.constant("resize-vm" as const),
    vm: fc.integer({ min: 0, max: 6 }).map(vmId),
    setPoint: anySetPoint,
  }),
  fc.record({
    kind: fc.constant("resize-shadow-vm" as const),
    shadowVm: anyShadowVm,
    setPoint: anySetPoint.map((part) => add(part, SHADOW_VM.minimum)),
  }),
  fc.record({
    kind: fc.constant("boot-shadow-vm" as const),
    shadowVm: anyShadowVm,
    minimum: fc.constant(SHADOW_VM.minimum),
  }),
  fc.record({ kind: fc.constant("retire-shadow-vm" as const), shadowVm: anyShadowVm }),
);

/** Orders, each with the time that passes before it. */
export const anyHistory = fc.array(fc.record({ order: anyOrder, waitMs: fc.integer({ min: 0, max: 2 * STEP_MS }) }), {
  minLength: 1,
  maxLength: 40,
});

export const anyDemands = fc.array(
  fc.array(fc.double({ min: 0, max: 0.9, noNaN: true }), { minLength: 1, maxLength: 8 }),
  { minLength: 1, maxLength: 6 },
);
