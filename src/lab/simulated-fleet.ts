// A fleet of machines that exists in memory only, behind the same doors as real ones. Its time is the clock's: whenever it is
// asked, it first lives through what has passed. Equal seeds and equal actions at equal instants give equal bits.
import type { ShadowVmSize } from "../control/cell-layout.ts";
import type { Actuator, Clock, FleetObservation, ReplicaProbe, Telemetry, VmObservation } from "../control/ports.ts";
import type { Action, ActionOutcome } from "../model/action.ts";
import type { Cell, HostId, Vm, VmId } from "../model/fleet.ts";
import { add, type ResourceVector, resourceVector } from "../model/resources.ts";
import { assert, failure, type Result, success } from "../model/result.ts";
import { seededRandom } from "../model/seeded-random.ts";
import type { ShadowVm, ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { type Instant, instant, MINUTE_MS, SECOND_MS } from "../model/time.ts";
import { MEBIBYTE } from "../model/units.ts";
import { finishTally, type HostTally, type HostTruth, serve, startTally, type VmTruth } from "./serve-demand.ts";
import { applyToHost, type ShadowVmTimes } from "./simulated-actuator.ts";
import { type FaultRates, type Faults, NO_FAULTS, seededFaults } from "./simulated-faults.ts";
import {
  changePresence,
  type Holding,
  handedOut,
  holdingOf,
  moveAllocations,
  nextChange,
  passPhases,
  type ResizeRates,
  ROUNDING,
  type SimulatedHost,
  type SimulatedShadowVm,
  stateOf,
} from "./simulated-host.ts";
import type { DemandSource, EndlessGrid } from "./synthetic-demand/workload-demand.ts";

export interface SimulatedFleetOptions {
  readonly cell: Pick<Cell, "hosts" | "vms">;
  readonly shadowVm: ShadowVmSize;
  /** One for each VM. */
  readonly demand: ReadonlyMap<VmId, DemandSource>;
  readonly clock: Pick<Clock, "now">;
  /** Of the demand. The clock must stand at the begin of a tick when the fleet is made. */
  readonly grid: EndlessGrid;
  readonly rates?: Partial<ResizeRates>;
  readonly times?: Partial<ShadowVmTimes>;
  /** Rates by which they are drawn from `seed`, or the faults themselves. */
  readonly faults?: Partial<FaultRates> | Faults;
  readonly seed?: number;
}

export interface SimulatedFleet {
  readonly telemetry: Telemetry;
  readonly actuator: Actuator;
  /** A replica answers as soon as its machine is up and serves a customer. */
  readonly replicas: ReplicaProbe;
  /** What really happened in the last whole tick; undefined before the first has ended. */
  lastTick(): TickTruth | undefined;
  /** What VMs and shadow VMs have at this moment, host by host. */
  handedOut(): readonly {
    readonly host: HostId;
    readonly allocated: ResourceVector;
    readonly capacity: ResourceVector;
  }[];
  /** All that the machines are at this moment, as no telemetry could say it: for whoever checks. Of one host where named. */
  machines(host?: HostId): readonly HostMachines[];
  /**
   * Operators take machines away and make new ones. Who is not named is gone at once; who is, and was not there, begins with its
   * base, if its host has room for it: `machines` says who came.
   */
  changeTo(present: { readonly hosts: ReadonlySet<HostId>; readonly vms: ReadonlySet<VmId> }): void;
}

export interface HostMachines {
  readonly host: HostId;
  readonly capacity: ResourceVector;
  readonly vms: readonly (HeldAmounts & { readonly vm: Vm })[];
  readonly shadowVms: readonly (HeldAmounts & {
    readonly id: ShadowVmId;
    readonly state: ShadowVmState;
    readonly minimum: ResourceVector;
  })[];
}

/** What was asked for last, and what is there by now; copies. */
export interface HeldAmounts {
  readonly setPoint: ResourceVector;
  readonly allocation: ResourceVector;
}

export interface TickTruth {
  /** End of the tick. */
  readonly at: Instant;
  readonly tick: number;
  readonly vms: ReadonlyMap<VmId, VmTruth>;
  /** Mean buffer over the tick. */
  readonly buffers: ReadonlyMap<HostId, ResourceVector>;
}

const RATES: ResizeRates = {
  cpu: Number.POSITIVE_INFINITY,
  memory: 256 * MEBIBYTE,
  network: Number.POSITIVE_INFINITY,
  storage: Number.POSITIVE_INFINITY,
};
const TIMES: ShadowVmTimes = { bootMs: MINUTE_MS, bootTimeoutMs: 10 * MINUTE_MS, retireMs: 10 * SECOND_MS };

/** VMs start at their bases, without shadow VMs. */
export function createSimulatedFleet(options: SimulatedFleetOptions): SimulatedFleet {
  const fleet = startFleet(options);
  return {
    telemetry: {
      async observe() {
        catchUp(fleet);
        return observe(fleet);
      },
    },
    actuator: {
      async apply(action) {
        catchUp(fleet);
        const applied = apply(fleet, action);
        const head = { action: action.id, at: fleet.clock.now() };
        if (applied.ok) return { ...head, kind: "done" } satisfies ActionOutcome;
        const { kind, message } = applied.error;
        return { ...head, kind: "failed", message: `${kind}: ${message}` } satisfies ActionOutcome;
      },
    },
    replicas: {
      async probe({ shadowVm }) {
        catchUp(fleet);
        const found = fleet.hosts.map(({ shadowVms }) => shadowVms.get(shadowVm)).find((each) => each !== undefined);
        if (found?.phase.kind === "up" && found.serves) return success(undefined);
        return failure("unavailable", `Shadow VM ${shadowVm} does not answer yet.`);
      },
    },
    lastTick() {
      catchUp(fleet);
      return fleet.lastTick;
    },
    handedOut() {
      catchUp(fleet);
      return fleet.hosts.map((host) => ({ host: host.id, allocated: handedOut(host), capacity: host.capacity }));
    },
    machines(host) {
      catchUp(fleet);
      return fleet.hosts.filter(({ id, isAbsent }) => !isAbsent && (host === undefined || id === host)).map(machinesOf);
    },
    changeTo({ hosts, vms }) {
      catchUp(fleet);
      for (const host of fleet.hosts)
        changePresence(host, { isPresent: hosts.has(host.id), hasVm: (vm) => vms.has(vm) });
    },
  };
}

function machinesOf({ id, capacity, vms, shadowVms, lending }: SimulatedHost): HostMachines {
  return {
    host: id,
    capacity,
    vms: vms.filter(({ isAbsent }) => !isAbsent).map(({ vm, holding }) => ({ vm, ...heldBy(holding) })),
    shadowVms: [...shadowVms.values()].map((each) => {
      return { id: each.id, minimum: each.minimum, state: stateOf(each, lending), ...heldBy(each.holding) };
    }),
  };
}

function heldBy({ setPoint, allocation }: Holding): HeldAmounts {
  return { setPoint: { ...setPoint } as ResourceVector, allocation: { ...allocation } as ResourceVector };
}

interface FleetState {
  readonly clock: Pick<Clock, "now">;
  readonly grid: EndlessGrid;
  readonly hosts: readonly SimulatedHost[];
  readonly rates: ResizeRates;
  readonly times: ShadowVmTimes;
  readonly shadowVmCeiling: ResourceVector;
  readonly faults: Faults;
  /** Everything before this instant has been lived through. */
  at: number;
  /** One for each host, of the tick that goes on. */
  tallies: readonly HostTally[];
  lastTick: TickTruth | undefined;
}

function startFleet({ cell, shadowVm, demand, clock, grid, ...given }: SimulatedFleetOptions): FleetState {
  const at = clock.now();
  assert((at - grid.startMs) % grid.stepMs === 0, "a fleet starts at the begin of a tick");
  const hosts = cell.hosts.map(({ id, capacity }): SimulatedHost => {
    const vms = cell.vms.filter((vm) => vm.host === id).map((vm) => simulatedVm(vm, demand));
    return { id, capacity, vms, shadowVms: new Map(), lending: false, isAbsent: false };
  });
  const fleet = {
    clock,
    grid,
    hosts,
    rates: { ...RATES, ...given.rates },
    times: { ...TIMES, ...given.times },
    shadowVmCeiling: shadowVm.ceiling,
    faults: faultsOf(given),
    at,
    tallies: [],
    lastTick: undefined,
  };
  for (const host of hosts) checkCapacity(host);
  return fleet;
}

function faultsOf({ faults = {}, seed = 1 }: Pick<SimulatedFleetOptions, "faults" | "seed">): Faults {
  if ("isUnreachable" in faults) return faults;
  return seededFaults(seededRandom(seed).fork("faults"), { ...NO_FAULTS, ...faults });
}

function simulatedVm(vm: Vm, demands: ReadonlyMap<VmId, DemandSource>) {
  const demand = demands.get(vm.id);
  assert(demand !== undefined, `every VM has a demand, ${vm.id} has none`);
  return { vm, demand, holding: holdingOf(vm.base, vm.base), isAbsent: false };
}

function tickOf({ grid }: FleetState, at: number): number {
  return Math.floor((at - grid.startMs) / grid.stepMs);
}

function catchUp(fleet: FleetState): void {
  const now = fleet.clock.now();
  while (fleet.at < now) {
    const tick = tickOf(fleet, fleet.at);
    const tickEnd = fleet.grid.startMs + (tick + 1) * fleet.grid.stepMs;
    if (fleet.tallies.length === 0) fleet.tallies = fleet.hosts.map((host) => startTally(host, tick));
    const to = Math.min(now, tickEnd);
    for (const [index, host] of fleet.hosts.entries()) passTime(fleet, { host, tally: fleet.tallies[index], to });
    fleet.at = to;
    if (to === tickEnd) finishTick(fleet, tick);
  }
}

function passTime(
  fleet: FleetState,
  { host, tally, to }: { host: SimulatedHost; tally: HostTally | undefined; to: number },
): void {
  assert(tally !== undefined, "a tally for each host");
  let from = fleet.at;
  while (from < to) {
    const until = Math.min(nextChange(host, { from, to }), to);
    serve(host, tally, (until - from) / fleet.grid.stepMs);
    passPhases(host, until);
    moveAllocations(host, fleet.rates, until - from);
    checkCapacity(host);
    from = until;
  }
}

function checkCapacity(host: SimulatedHost): void {
  const allocated = handedOut(host);
  const { cpu, memory, network, storage } = host.capacity;
  const limit = 1 + 2 * ROUNDING;
  const fits =
    allocated.cpu <= cpu * limit &&
    allocated.memory <= memory * limit &&
    allocated.network <= network * limit &&
    allocated.storage <= storage * limit;
  assert(fits, `host ${host.id} never hands out more than it has`);
}

function finishTick(fleet: FleetState, tick: number): void {
  const vms = new Map<VmId, VmTruth>();
  const buffers = new Map<HostId, ResourceVector>();
  for (const [index, host] of fleet.hosts.entries()) {
    const tally = fleet.tallies[index];
    assert(tally !== undefined, "a tally for each host");
    const truth: HostTruth = finishTally(tally);
    buffers.set(host.id, truth.buffer);
    for (const [at, { vm }] of host.vms.entries()) {
      const own = truth.vms[at];
      if (own !== undefined) vms.set(vm.id, own);
    }
  }
  fleet.lastTick = { at: instant(fleet.at), tick, vms, buffers };
  fleet.tallies = [];
}

function observe(fleet: FleetState): Result<FleetObservation> {
  const { lastTick, hosts, faults } = fleet;
  if (lastTick === undefined) return failure("unavailable", "No tick has ended yet; observe again after the first.");
  const tick = tickOf(fleet, fleet.at);
  const present = hosts.filter(({ isAbsent }) => !isAbsent);
  const reached = present.filter(({ id }) => !faults.isUnreachable(id, tick));
  return success({
    at: lastTick.at,
    vms: reached.flatMap((host) => observeVms(host, fleet, lastTick)),
    shadowVms: reached.flatMap((host) => [...host.shadowVms.values()].map((each) => observeShadowVm(host, each))),
    unreachable: present.filter((host) => !reached.includes(host)).map(({ id }) => id),
  });
}

function observeVms(host: SimulatedHost, { faults }: FleetState, { tick, vms }: TickTruth): VmObservation[] {
  return host.vms.flatMap(({ vm, holding, isAbsent }) => {
    const truth = vms.get(vm.id);
    if (truth === undefined || isAbsent || faults.losesSample(vm.id, tick)) return [];
    const usage = add(truth.fromAllocation, truth.fromBuffer);
    return [{ vm: vm.id, usage, unmet: truth.unserved, allocation: resourceVector(holding.allocation) }];
  });
}

function observeShadowVm(host: SimulatedHost, shadowVm: SimulatedShadowVm): ShadowVm {
  const { id, minimum, ceiling, holding } = shadowVm;
  const state = stateOf(shadowVm, host.lending);
  return { id, host: host.id, state, minimum, ceiling, allocation: resourceVector(holding.allocation) };
}

function apply(fleet: FleetState, action: Action): Result<void> {
  const now = fleet.clock.now();
  if (now > action.deadline) return failure("rejected", `Action ${action.id} is past its deadline.`);
  const host = fleet.hosts.find(({ id, isAbsent }) => id === action.host && !isAbsent);
  if (host === undefined) return failure("not-found", `No host of this fleet is called ${action.host}.`);
  if (fleet.faults.isUnreachable(host.id, tickOf(fleet, now)))
    return failure("unavailable", `Host ${host.id} does not answer.`);
  if (fleet.faults.failsAction(action.id, now)) return failure("unavailable", `Host ${host.id} dropped the action.`);
  const { times, shadowVmCeiling } = fleet;
  const hangsAtBoot = fleet.faults.hangsAtBoot;
  const applied = applyToHost(host, action, { now, times, shadowVmCeiling, hangsAtBoot });
  if (applied.ok) moveAllocations(host, fleet.rates, 0);
  return applied;
}
