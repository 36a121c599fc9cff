// THE FAST PATH of a cell: VMs that are about to run out get what their host has ready, between two ticks, forecast or no
// forecast. Shadow VMs shrink first, then the VMs grow.
import type { Action } from "../model/action.ts";
import type { ReliefRecord } from "../model/decision.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { type Instant, instant } from "../model/time.ts";
import { readMeter } from "../pricing/meter.ts";
import { FAST_PATH_RULES, type PressedVm, relieve } from "../shaping/fast-path.ts";
import { spread } from "../shaping/shadow-pool.ts";
import { type Resize, resizesInOrder } from "./actions.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { allocated, takenBy } from "./fit-to-host.ts";
import { dateLeases } from "./leases.ts";
import { permissionFor } from "./permissions.ts";
import { hostOf, resourceOf, vmOf } from "./series.ts";
import { mayBurst, priorityOf } from "./service-terms.ts";
import type { StepResult } from "./step.ts";
import { rememberStep, stepTowards } from "./take-back.ts";
import type { PressedSample, PressureInput } from "./tick-input.ts";

/** Works off what was seen of the pressed VMs and what is remembered of the rest of their hosts. */
export function relievePressed(state: CellState, input: PressureInput): StepResult {
  const { now } = input;
  assert(now >= state.at, "pressure comes in order of time");
  readMeter(state.meters.allocated, state.allocations, now);
  readMeter(state.meters.buffer, state.buffers, now);
  const samples = samplesOf(state, input);
  const hosts = [...new Set(samples.map(({ series }) => state.layout.hostOfVm[vmOf(series)] as number))].sort();
  const actions: Action[] = [];
  const records: ReliefRecord[] = [];
  for (const host of hosts) {
    const own = samples.filter(({ series }) => state.layout.hostOfVm[vmOf(series)] === host);
    const before = standOf(state, host, own);
    state.shadowVms = asTold(state.shadowVms, before);
    for (const offset of RESOURCES.keys())
      records.push(...relievePlace(state, { place: host * RESOURCE_COUNT + offset, samples: own, now }));
    const deadline = instant(now + state.layout.stepMs);
    const stamp = { name: `${state.tick}+${now - state.at}`, deadline };
    actions.push(...resizesInOrder(stamp, resizesSince(state, before)));
  }
  dateLeases(state, now);
  return { state, actions, records };
}

interface SeriesSample {
  readonly series: number;
  readonly demand: number;
}

/** Of VMs of this cell, each series once, the last word of each. */
function samplesOf(state: CellState, { pressed }: PressureInput): SeriesSample[] {
  const { layout, allocations, hands } = state;
  const last = new Map<number, PressedSample>();
  const wanted = new Set(pressed.map(({ vm }) => vm));
  const indexOfVm = new Map([...layout.vmIds.entries()].flatMap(([vm, id]) => (wanted.has(id) ? [[id, vm]] : [])));
  for (const sample of pressed) {
    const vm = indexOfVm.get(sample.vm);
    if (vm !== undefined) last.set(vm * RESOURCE_COUNT + RESOURCES.indexOf(sample.resource), sample);
  }
  return [...last.entries()]
    .sort(([left], [right]) => left - right)
    .map(([series, { demand, allocation }]) => {
      // What it has less than it was given is on its way; what it has more was given by somebody's hand.
      if (allocation !== undefined && allocation > (allocations[series] as number)) {
        allocations[series] = allocation;
        hands.high[series] = Math.max(hands.high[series] as number, allocation);
      }
      return { series, demand };
    });
}

interface PressedPlace {
  readonly place: number;
  readonly samples: readonly SeriesSample[];
  readonly now: Instant;
}

function* relievePlace(state: CellState, { place, samples, now }: PressedPlace): Generator<ReliefRecord> {
  const { layout, allocations, buffers } = state;
  const resource = resourceOf(place);
  const own = samples.filter(({ series }) => series % RESOURCE_COUNT === place % RESOURCE_COUNT);
  if (own.length === 0) return;
  const judged = own.map((sample) => ({ ...sample, objection: objectionTo(state, sample.series, now) }));
  const vms = judged.map((sample): PressedVm => pressedVm(state, sample));
  const reserve = { free: freeAt(state, place), buffer: buffers[place] as number };
  const { grants, fromBuffer } = relieve(vms, { reserve, rules: FAST_PATH_RULES[resource] });
  for (const column of [buffers, state.buffersBefore])
    column[place] = Math.max((column[place] as number) - fromBuffer, 0);
  for (const [rank, { series, objection }] of judged.entries()) {
    const grant = grants[rank];
    if (grant === undefined) continue;
    const from = allocations[series] as number;
    if (grant.amount > 0) raise(state, series, from + grant.amount);
    const vm = layout.vmIds[vmOf(series)] as ReliefRecord["vm"];
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
  { allocations, terms, foreseen }: CellState,
  { series, demand, objection }: SeriesSample & { readonly objection: string | undefined },
): PressedVm {
  return {
    allocation: allocations[series] as number,
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

/** Handed out to nobody. What was taken back at the last tick may still be on its way and does not count. */
function freeAt(state: CellState, place: number): number {
  const { layout, buffers, shadowVms } = state;
  const resource = resourceOf(place);
  const id = layout.hostIds[hostOf(place)];
  const taken = shadowVms.reduce((sum, vm) => (vm.host === id ? sum + takenBy(vm, resource) : sum), 0);
  const coming = [...state.pool.lives.values()].filter((life) => life.host === id && life.stage === "requested").length;
  const minimums = coming * layout.shadowVm.minimum[resource];
  const held = allocated(state, place) + Math.max(buffers[place] as number, state.buffersBefore[place] as number);
  return Math.max((layout.capacity[place] as number) - taken - minimums - held - onItsWay(state, place), 0);
}

/** What VMs may still have above what they were last told to have. */
function onItsWay({ layout, allocations, allocationsBefore }: CellState, place: number): number {
  let sum = 0;
  for (const vm of layout.vmsOfHost[hostOf(place)] ?? []) {
    const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
    sum += Math.max((allocationsBefore[series] as number) - (allocations[series] as number), 0);
  }
  return sum;
}

function raise(
  { layout, allocations, allocationsBefore, descents, hands }: CellState,
  series: number,
  amount: number,
): void {
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
  allocations[series] = amount;
  allocationsBefore[series] = Math.max(allocationsBefore[series] as number, from);
  hands.low[series] = Math.min(hands.low[series] as number, from);
  hands.high[series] = Math.max(hands.high[series] as number, amount);
}

interface Stand {
  readonly host: number;
  readonly vms: readonly { readonly vm: number; readonly has: ReturnType<typeof vectorAt> }[];
  readonly shadowVms: ReturnType<typeof spread>;
}

function standOf(state: CellState, host: number, samples: readonly SeriesSample[]): Stand {
  const vms = [...new Set(samples.map(({ series }) => vmOf(series)))];
  return {
    host,
    vms: vms.map((vm) => ({ vm, has: vectorAt(state.allocations, vm) })),
    shadowVms: spreadOf(state, host),
  };
}

/** Shadow VMs with what they were last told to have. */
function asTold(shadowVms: readonly ShadowVm[], { shadowVms: told }: Stand): readonly ShadowVm[] {
  const allocations = new Map(told.map(({ id, allocation }) => [id, allocation]));
  return shadowVms.map((vm) => ({ ...vm, allocation: allocations.get(vm.id) ?? vm.allocation }));
}

function spreadOf({ layout, shadowVms, buffers }: CellState, host: number): ReturnType<typeof spread> {
  const id = layout.hostIds[host];
  return spread(
    vectorAt(buffers, host),
    shadowVms.filter((vm) => vm.host === id),
  );
}

function resizesSince(state: CellState, before: Stand): Resize[] {
  const { layout, allocations } = state;
  const host = layout.hostIds[before.host] as Resize["host"];
  const after = new Map(spreadOf(state, before.host).map(({ id, allocation }) => [id, allocation]));
  return [
    ...before.shadowVms.map(({ id, allocation }): Resize => {
      const target = { kind: "resize-shadow-vm", shadowVm: id } as const;
      return { host, target, from: allocation, to: after.get(id) ?? allocation };
    }),
    ...before.vms.map(({ vm, has }): Resize => {
      const target = { kind: "resize-vm", vm: layout.vmIds[vm] as ReliefRecord["vm"] } as const;
      return { host, target, from: has, to: vectorAt(allocations, vm) };
    }),
  ];
}
