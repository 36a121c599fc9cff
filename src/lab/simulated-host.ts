// One simulated machine: what its VMs and shadow VMs hold, how that moves as time passes, and who gets what. What is handed
// out never exceeds the capacity, not even for a moment: what shrinks gives way before what grows takes.
import type { HostId, Vm, VmId } from "../model/fleet.ts";
import { NOTHING, RESOURCES, type Resource, type ResourceVector, resourceVector } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import type { ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { SECOND_MS } from "../model/time.ts";
import { maxMinShare } from "../shaping/max-min-share.ts";
import type { DemandSource } from "./synthetic-demand/workload-demand.ts";

export type Amounts = Record<Resource, number>;

/** What was asked for, and what is there by now. */
export interface Holding {
  readonly setPoint: Amounts;
  readonly allocation: Amounts;
}

interface SimulatedVm {
  readonly vm: Vm;
  readonly demand: DemandSource;
  readonly holding: Holding;
  /** It was deleted, or is not made yet: it has and wants nothing, and nobody sees it. */
  isAbsent: boolean;
}

export interface SimulatedShadowVm {
  readonly id: ShadowVmId;
  readonly minimum: ResourceVector;
  readonly ceiling: ResourceVector;
  readonly holding: Holding;
  phase: ShadowVmPhase;
  /** A customer, whole: it lends nothing. */
  serves: boolean;
}

type ShadowVmPhase =
  | { readonly kind: "booting"; readonly until: number; readonly hangs: boolean }
  | { readonly kind: "up" }
  | { readonly kind: "retiring"; readonly until: number }
  /** Holds nothing; seen until then, so that somebody can notice. */
  | { readonly kind: "failed"; readonly until: number };

export interface SimulatedHost {
  readonly id: HostId;
  readonly capacity: ResourceVector;
  readonly vms: readonly SimulatedVm[];
  readonly shadowVms: Map<ShadowVmId, SimulatedShadowVm>;
  /** Whether VMs draw on the buffer at this moment. */
  lending: boolean;
  /** It was taken away, with all that ran there. */
  isAbsent: boolean;
}

export interface Presence {
  readonly isPresent: boolean;
  readonly hasVm: (vm: VmId) => boolean;
}

/** Operators take machines away, which is done at once, and make new ones: a VM with its base, where that fits. */
export function changePresence(host: SimulatedHost, { isPresent, hasVm }: Presence): void {
  host.isAbsent = !isPresent;
  if (host.isAbsent) host.shadowVms.clear();
  const isWanted = ({ vm }: SimulatedVm) => !host.isAbsent && hasVm(vm.id);
  for (const each of host.vms) if (!each.isAbsent && !isWanted(each)) takeAway(each);
  for (const each of host.vms) if (each.isAbsent && isWanted(each)) make(host, each);
}

function takeAway(taken: SimulatedVm): void {
  taken.isAbsent = true;
  assign(taken.holding.setPoint, NOTHING);
  assign(taken.holding.allocation, NOTHING);
}

function make(host: SimulatedHost, made: SimulatedVm): void {
  const holdings = [...host.vms, ...host.shadowVms.values()].map(({ holding }) => holding);
  const { base } = made.vm;
  const fits = (what: keyof Holding) =>
    RESOURCES.every((resource) => {
      const sum = holdings.reduce((total: number, each) => total + each[what][resource], base[resource]);
      return sum <= host.capacity[resource];
    });
  if (!fits("setPoint") || !fits("allocation")) return;
  made.isAbsent = false;
  assign(made.holding.setPoint, base);
  assign(made.holding.allocation, base);
}

export function assign(amounts: Amounts, vector: ResourceVector): void {
  for (const resource of RESOURCES) amounts[resource] = vector[resource];
}

/** How fast an allocation follows its set-point, base units per second; Infinity for at once. */
export type ResizeRates = Readonly<Record<Resource, number>>;

/** While anything moves, time passes in pieces no longer than this. */
const MOVING_PIECE_MS = SECOND_MS;
const FAILED_SEEN_MS = 600 * SECOND_MS;
/** Sums of many amounts may be off by rounding. */
export const ROUNDING = 1e-9;

export function holdingOf(setPoint: ResourceVector, allocation: ResourceVector): Holding {
  return { setPoint: { ...setPoint }, allocation: { ...allocation } };
}

/** The next instant, at most `to`, until which nothing on the host changes by itself. */
export function nextChange({ vms, shadowVms }: SimulatedHost, { from, to }: { from: number; to: number }): number {
  let next = to;
  const holdings = [...vms, ...shadowVms.values()].map(({ holding }) => holding);
  if (holdings.some(isMoving)) next = Math.min(next, from + MOVING_PIECE_MS);
  for (const { phase } of shadowVms.values()) if (phase.kind !== "up") next = Math.min(next, phase.until);
  return Math.max(next, from + 1);
}

function isMoving({ setPoint, allocation }: Holding): boolean {
  return RESOURCES.some((resource) => setPoint[resource] !== allocation[resource]);
}

/** Boots that end, retirements that end, failures that are cleared away. */
export function passPhases(host: SimulatedHost, now: number): void {
  for (const shadowVm of host.shadowVms.values()) {
    const { phase } = shadowVm;
    if (phase.kind === "up" || phase.until > now) continue;
    if (phase.kind !== "booting") host.shadowVms.delete(shadowVm.id);
    else if (phase.hangs) fail(shadowVm, now);
    else shadowVm.phase = { kind: "up" };
  }
}

function fail(shadowVm: SimulatedShadowVm, now: number): void {
  for (const resource of RESOURCES) {
    shadowVm.holding.setPoint[resource] = 0;
    shadowVm.holding.allocation[resource] = 0;
  }
  shadowVm.phase = { kind: "failed", until: now + FAILED_SEEN_MS };
}

/** Moves allocations towards their set-points; those that grow share what is free. */
export function moveAllocations(host: SimulatedHost, rates: ResizeRates, elapsedMs: number): void {
  const holdings = [...host.vms, ...host.shadowVms.values()].map(({ holding }) => holding);
  for (const resource of RESOURCES) {
    const rate = rates[resource];
    const reach = Number.isFinite(rate) ? (rate * elapsedMs) / SECOND_MS : rate;
    for (const { setPoint, allocation } of holdings)
      if (setPoint[resource] < allocation[resource])
        allocation[resource] = Math.max(setPoint[resource], allocation[resource] - reach);
    grow(host, { holdings, resource, reach });
  }
}

function grow(
  host: SimulatedHost,
  { holdings, resource, reach }: { holdings: readonly Holding[]; resource: Resource; reach: number },
): void {
  const growing = holdings.filter(({ setPoint, allocation }) => setPoint[resource] > allocation[resource]);
  if (growing.length === 0) return;
  const held = holdings.reduce((sum, { allocation }) => sum + allocation[resource], 0);
  const free = Math.max(host.capacity[resource] * (1 + ROUNDING) - held, 0);
  const wants = growing.map(({ setPoint, allocation }) => Math.min(setPoint[resource] - allocation[resource], reach));
  for (const [index, share] of maxMinShare(free, wants).entries()) {
    const holding = growing[index];
    assert(holding !== undefined, "a share for each that grows");
    const { setPoint, allocation } = holding;
    const whole = setPoint[resource] - allocation[resource];
    allocation[resource] = share >= whole ? setPoint[resource] : allocation[resource] + share;
  }
}

/** Allocations of VMs and shadow VMs together at this moment. */
export function handedOut({ vms, shadowVms }: SimulatedHost): ResourceVector {
  const sum: Amounts = { cpu: 0, memory: 0, network: 0, storage: 0 };
  for (const { holding } of [...vms, ...shadowVms.values()])
    for (const resource of RESOURCES) sum[resource] += holding.allocation[resource];
  return resourceVector(sum);
}

/** What shadow VMs that are up and serve nobody hold above their minimums. */
export function bufferOf({ shadowVms }: SimulatedHost, resource: Resource): number {
  let buffer = 0;
  for (const { phase, serves, holding, minimum } of shadowVms.values())
    if (phase.kind === "up" && !serves) buffer += Math.max(holding.allocation[resource] - minimum[resource], 0);
  return buffer;
}

export function stateOf({ phase, serves, holding, minimum }: SimulatedShadowVm, lending: boolean): ShadowVmState {
  if (phase.kind !== "up") return phase.kind;
  const { setPoint, allocation } = holding;
  if (RESOURCES.some((resource) => setPoint[resource] > allocation[resource])) return "scaling-up";
  if (RESOURCES.some((resource) => setPoint[resource] < allocation[resource])) return "scaling-down";
  if (serves) return "handed-over";
  if (RESOURCES.every((resource) => allocation[resource] <= minimum[resource])) return "idle";
  return lending ? "lending" : "ready";
}
