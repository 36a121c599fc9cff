// THE FAST PATH of a cell: VMs that are about to run out get what their host has ready, between two ticks, forecast or no
// forecast. Shadow VMs shrink first, then the VMs grow. What was told at the last tick and may not have come true is not
// counted on.
import type { Action } from "../model/action.ts";
import type { ReliefRecord } from "../model/decision.ts";
import type { VmId } from "../model/fleet.ts";
import { fits, RESOURCE_COUNT, RESOURCES, type ResourceVector, smaller, subtract } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import { type Instant, instant } from "../model/time.ts";
import { readMeter } from "../pricing/meter.ts";
import { FAST_PATH_RULES, type PressedVm, relieve } from "../shaping/fast-path.ts";
import { type Resize, resizesInOrder } from "./actions.ts";
import { allCanComeTrue, beginBetweenTicks, freeForVms, holdersOf, type ShadowVmTold } from "./at-most.ts";
import { vectorAt, vmIndexOf } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { dateLeases } from "./leases.ts";
import { permissionFor } from "./permissions.ts";
import { isWithin } from "./reconcile.ts";
import { hostOf, resourceOf, vmOf } from "./series.ts";
import { mayBurst, priorityOf } from "./service-terms.ts";
import type { StepResult } from "./step.ts";
import { rememberStep, stepTowards } from "./take-back.ts";
import type { PressedSample, PressureInput } from "./tick-input.ts";
import { meterHeld, meterScarce } from "./usage/meter-usage.ts";

/** Works off what was seen of the pressed VMs, and what the rest of their hosts may have at most. */
export function relievePressed(state: CellState, input: PressureInput): StepResult {
  const { now } = input;
  assert(now >= state.at, "pressure comes in order of time");
  readMeter(state.meters.allocated, state.allocations, now);
  readMeter(state.meters.buffer, state.buffers, now);
  meterHeld(state, now);
  beginBetweenTicks(state);
  const samples = samplesOf(state, input);
  const hosts = [...new Set(samples.map(({ series }) => state.layout.hostOfVm[vmOf(series)] as number))].sort();
  const actions: Action[] = [];
  const records: ReliefRecord[] = [];
  const stamp = { name: `${state.tick}+${now - state.at}`, deadline: instant(now + state.layout.stepMs) };
  for (const host of hosts) {
    const stand = standOf(state, { host, samples });
    for (const offset of RESOURCES.keys())
      records.push(...relievePlace(state, stand, { place: host * RESOURCE_COUNT + offset, now }));
    actions.push(...resizesInOrder(stamp, [...shrinkHolders(state, stand), ...growVms(state, stand)]));
  }
  dateLeases(state, now);
  return { state, actions, records };
}

interface SeriesSample {
  readonly series: number;
  readonly demand: number;
  /** Of its VM. */
  readonly has: ResourceVector;
}

/** Of VMs of this cell, each series once, the last word of each. */
function samplesOf(state: CellState, { pressed }: PressureInput): SeriesSample[] {
  const { layout, allocations, hands } = state;
  const last = new Map<number, PressedSample>();
  const indexOfVm = vmIndexOf(layout);
  for (const sample of pressed) {
    const vm = indexOfVm.get(sample.vm);
    if (vm !== undefined) last.set(vm * RESOURCE_COUNT + RESOURCES.indexOf(sample.resource), sample);
  }
  return [...last.entries()]
    .sort(([left], [right]) => left - right)
    .map(([series, { demand, resource, allocation: has }]) => {
      // What it has less than it was given is on its way; what it has more was given by somebody's hand.
      if (has[resource] > (allocations[series] as number)) {
        allocations[series] = has[resource];
        hands.high[series] = Math.max(hands.high[series] as number, has[resource]);
        hands.highBefore[series] = hands.high[series] as number;
      }
      return { series, demand, has };
    });
}

/** One host while it is relieved. */
interface Stand {
  readonly host: number;
  readonly samples: readonly SeriesSample[];
  /** By resource: whether all that was told can come true, whatever became of it. */
  readonly isSure: readonly boolean[];
  /** [VM] what each pressed one can be told without taking room that may not be there. */
  readonly kept: Map<number, ResourceVector>;
  /** [series] what it gets on top. */
  readonly grants: Map<number, number>;
  /** By resource: what shadow VMs give up. */
  readonly fromBuffer: number[];
}

function standOf(
  state: CellState,
  { host, samples }: { readonly host: number; readonly samples: readonly SeriesSample[] },
): Stand {
  const own = samples.filter(({ series }) => state.layout.hostOfVm[vmOf(series)] === host);
  const isSure = RESOURCES.map((_, offset) => allCanComeTrue(state, host * RESOURCE_COUNT + offset));
  const kept = new Map(own.map(({ series, has }) => [vmOf(series), keptOf(state, { vm: vmOf(series), has, isSure })]));
  return { host, samples: own, isSure, kept, grants: new Map(), fromBuffer: RESOURCES.map(() => 0) };
}

interface SeenVm {
  readonly vm: number;
  readonly has: ResourceVector;
  readonly isSure: readonly boolean[];
}

/** A set-point speaks of all resources: of those that are not pressed it undoes nothing, and takes no room that may not be there. */
function keptOf({ allocations, hands }: CellState, { vm, has, isSure }: SeenVm): ResourceVector {
  const amounts = RESOURCES.map((resource, offset) => {
    const series = vm * RESOURCE_COUNT + offset;
    const [now, seen] = [allocations[series] as number, has[resource]];
    if (isByHand(hands, series, seen)) return seen;
    return isSure[offset] ? now : Math.min(now, seen);
  });
  return vectorAt(Float64Array.from(amounts), 0);
}

/** None of our set-points can have led to it. */
function isByHand({ low, high }: CellState["hands"], series: number, seen: number): boolean {
  return !isWithin(seen, low[series] as number, high[series] as number);
}

function* relievePlace(
  state: CellState,
  stand: Stand,
  { place, now }: { readonly place: number; readonly now: Instant },
): Generator<ReliefRecord> {
  const { layout, allocations } = state;
  const resource = resourceOf(place);
  const own = stand.samples.filter(({ series }) => series % RESOURCE_COUNT === place % RESOURCE_COUNT);
  if (own.length === 0) return;
  const judged = own.map((sample) => ({ ...sample, objection: objectionTo(state, sample.series, now) }));
  const vms = judged.map((sample): PressedVm => {
    const has = stand.kept.get(vmOf(sample.series))?.[resource] ?? 0;
    return pressedVm(state, { ...sample, amount: has });
  });
  const reserve = { free: Math.max(freeForVms(state, place), 0), buffer: heldAtLeast(state, stand, place) };
  const { grants, fromBuffer } = relieve(vms, { reserve, rules: FAST_PATH_RULES[resource] });
  stand.fromBuffer[place % RESOURCE_COUNT] = fromBuffer;
  for (const [rank, { series, objection }] of judged.entries()) {
    const grant = grants[rank];
    if (grant === undefined) continue;
    if (grant.why === "scarce") meterScarce(state, series, now);
    if (grant.amount > 0) stand.grants.set(series, grant.amount);
    const from = grant.amount > 0 ? (vms[rank]?.allocation ?? 0) : (allocations[series] as number);
    const vm = layout.vmIds[vmOf(series)] as VmId;
    const host = layout.hostIds[hostOf(place)] as ReliefRecord["host"];
    const why = objection ?? GRANT_SENTENCES[grant.why];
    yield { kind: "relief", at: now, vm, host, resource, from, to: from + grant.amount, why };
  }
}

const GRANT_SENTENCES = {
  "opted-out": "Its customer opted out, or its plan does not burst.",
  "at-ceiling": "It has the most that it may ever get.",
  filled: "It got all that it asked for.",
  bounded: "It got as much as one event may give; more comes with the next.",
  scarce: "Its host had too little ready for all that asked.",
} as const;

function pressedVm(
  { terms, foreseen }: CellState,
  { series, demand, objection, amount }: SeriesSample & { readonly objection: string | undefined; amount: number },
): PressedVm {
  return {
    allocation: amount,
    ceiling: terms.ceilings[series] as number,
    demand,
    foreseen: foreseen[series] as number,
    priority: priorityOf(terms, vmOf(series)),
    mayBurst: objection === undefined && mayBurst(terms, series),
  };
}

function objectionTo({ layout, guardrails, hands }: CellState, series: number, now: Instant): string | undefined {
  if ((hands.until[series] as number) > now) return "Somebody set it by hand: it stays so for now.";
  const host = layout.hostOfVm[vmOf(series)] as number;
  const customer = layout.customerOfVm[vmOf(series)] as number;
  const permission = permissionFor({ layout, guardrails, now }, { host, customer, direction: "more" });
  return permission.kind === "no" ? permission.sentence : undefined;
}

interface Holder {
  readonly id: Extract<Resize["target"], { kind: "resize-shadow-vm" }>["shadowVm"];
  readonly bounds: ShadowVmTold;
  /** What it holds of that for sure, minimum included. */
  readonly kept: ResourceVector;
  readonly minimum: ResourceVector;
}

function holders(state: CellState, { host, isSure }: Stand): Holder[] {
  return holdersOf(state, host).flatMap(({ id, allocation, minimum }) => {
    const setPoints = state.told.get(id);
    if (setPoints === undefined) return [];
    const { now: told } = setPoints;
    const least = smaller(setPoints.least, allocation);
    const kept = vectorAt(
      Float64Array.from(RESOURCES, (each, offset) => (isSure[offset] ? told : least)[each]),
      0,
    );
    return [{ id, bounds: setPoints, kept, minimum }];
  });
}

function heldAtLeast(state: CellState, stand: Stand, place: number): number {
  const resource = resourceOf(place);
  return holders(state, stand).reduce(
    (sum, { kept, minimum }) => sum + Math.max(kept[resource] - minimum[resource], 0),
    0,
  );
}

/** The last ones give first, as they were filled last. */
function shrinkHolders(state: CellState, stand: Stand): Resize[] {
  const { layout, told, buffers } = state;
  const left = [...stand.fromBuffer];
  const host = layout.hostIds[stand.host] as Resize["host"];
  const resizes = holders(state, stand)
    .reverse()
    .flatMap(({ id, bounds, kept, minimum }): Resize[] => {
      const { now: from } = bounds;
      const gives = RESOURCES.map((resource, offset) => {
        const part = Math.min(Math.max(kept[resource] - minimum[resource], 0), left[offset] as number);
        left[offset] = (left[offset] as number) - part;
        return part;
      });
      if (gives.every((part) => part === 0)) return [];
      const to = subtract(kept, vectorAt(Float64Array.from(gives), 0));
      told.set(id, { ...bounds, now: to });
      for (const [offset, resource] of RESOURCES.entries()) {
        const place = stand.host * RESOURCE_COUNT + offset;
        buffers[place] = Math.max((buffers[place] as number) - (from[resource] - to[resource]), 0);
      }
      return [{ host, target: { kind: "resize-shadow-vm", shadowVm: id }, from, to }];
    });
  return resizes;
}

function growVms(state: CellState, stand: Stand): Resize[] {
  const { layout, allocationsBefore } = state;
  const host = layout.hostIds[stand.host] as Resize["host"];
  return [...stand.kept].flatMap(([vm, kept]): Resize[] => {
    const amounts = RESOURCES.map((resource, offset) => {
      return kept[resource] + (stand.grants.get(vm * RESOURCE_COUNT + offset) ?? 0);
    });
    const to = vectorAt(Float64Array.from(amounts), 0);
    if (fits(to, kept)) return [];
    for (const [offset, amount] of amounts.entries()) {
      const series = vm * RESOURCE_COUNT + offset;
      allocationsBefore[series] = kept[RESOURCES[offset] ?? "cpu"];
      if (stand.grants.has(series)) raise(state, series, amount);
      // What a hand set is told, and respected, from the next tick on.
      else if (!isByHand(state.hands, series, amount)) keep(state, series, amount);
    }
    const target = { kind: "resize-vm", vm: layout.vmIds[vm] as VmId } as const;
    return [{ host, target, from: kept, to }];
  });
}

function raise(state: CellState, series: number, amount: number): void {
  const { layout, allocations, descents } = state;
  const from = allocations[series] as number;
  const base = layout.base[series] as number;
  const asked = {
    series,
    amount: from,
    wanted: amount,
    base,
    usage: from,
    pressed: true,
    mayTake: false,
    isOff: false,
  };
  rememberStep(descents, series, stepTowards(descents, asked));
  keep(state, series, amount);
}

/** Anything between what it had and this may be found from now on. */
function keep({ allocations, hands }: CellState, series: number, amount: number): void {
  const from = allocations[series] as number;
  allocations[series] = amount;
  hands.low[series] = Math.min(hands.low[series] as number, from, amount);
  hands.high[series] = Math.max(hands.high[series] as number, from, amount);
}
