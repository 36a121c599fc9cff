// Decision records out of a finished step: every change, every shortfall, every VM held without samples.
import type { DecisionRecord } from "../model/decision.ts";
import type { HostId, VmId } from "../model/fleet.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { adviceSentence } from "../shaping/capacity-advice.ts";
import { type CellState, EXCESS_HINTS, NO_LEVEL } from "./cell-state.ts";
import type { PoolOrder } from "./follow-shadow-vms.ts";
import { permissionFor } from "./permissions.ts";
import { OBSTACLE_SENTENCES, OBSTACLES } from "./refusals.ts";
import { hostOf, resourceOf, vmOf } from "./series.ts";
import { planOfPriority } from "./service-terms.ts";
import type { TickInput } from "./tick-input.ts";
import { wantedRarity } from "./want-buffers.ts";

/** Lazy: reads the state when iterated, so iterate before the next step. */
export function recordsOf(
  state: CellState,
  { input, orders }: { input: TickInput; orders: readonly PoolOrder[] },
): Iterable<DecisionRecord> {
  return {
    *[Symbol.iterator]() {
      yield* shortfalls(state);
      yield* vmChanges(state, input);
      yield* bufferChanges(state);
      yield* shadowVmChanges(state, orders);
      yield* state.handOvers.moved;
      yield* cutPlans(state);
      yield* refusedChanges(state);
      yield* waitingChanges(state);
      yield* worldChanges(state);
      yield* capacityAdvice(state);
    },
  };
}

function* shortfalls({ layout, at, excess, vmsAbove, buffersBefore }: CellState): Generator<DecisionRecord> {
  for (let place = 0; place < excess.length; place++) {
    const host = layout.hostIds[Math.floor(place / RESOURCE_COUNT)];
    const [needed, buffer] = [excess[place] ?? Number.NaN, buffersBefore[place] ?? 0];
    if (host !== undefined && needed > buffer)
      yield {
        kind: "went-short",
        at,
        host,
        resource: resourceOf(place),
        excess: needed,
        buffer,
        vmsAbove: vmsAbove[place] ?? 0,
      };
  }
}

function* vmChanges(state: CellState, input: TickInput): Generator<DecisionRecord> {
  const { layout, at } = state;
  for (const [index, vm] of layout.vmIds.entries()) {
    const host = layout.hostIds[layout.hostOfVm[index] ?? -1];
    if (host === undefined) continue;
    const first = index * RESOURCE_COUNT;
    if (isHeld(state, input, first)) yield { kind: "held", at, vm, host };
    for (let series = first; series < first + RESOURCE_COUNT; series++) {
      const change = changeOf(state, input, series);
      if (change.from !== change.to)
        yield { ...change, kind: change.to > change.from ? "raise" : "trim", at, vm, host };
    }
  }
}

function isHeld({ leasedLevels }: CellState, { demand }: TickInput, first: number): boolean {
  const series = Array.from({ length: RESOURCE_COUNT }, (_, offset) => first + offset);
  return series.some((each) => Number.isNaN(demand[each]) && leasedLevels[each] === NO_LEVEL);
}

function changeOf(state: CellState, { forecasts, demand }: TickInput, series: number) {
  const median = forecasts.quantiles[series * LEVEL_COUNT + levelIndex(0.5)] ?? Number.NaN;
  return {
    resource: resourceOf(series),
    from: state.allocationsBefore[series] ?? 0,
    to: state.allocations[series] ?? 0,
    level: QUANTILE_LEVELS[state.leasedLevels[series] ?? NO_LEVEL] ?? 0,
    // Without a forecast what came last is all that is known.
    likely: Number.isNaN(median) ? demand[series] || 0 : median,
    base: state.layout.base[series] ?? 0,
    short: state.leasesCut[series] === 1,
  };
}

function* bufferChanges(state: CellState): Generator<DecisionRecord> {
  const { layout, at, buffers, buffersBefore, excessHints } = state;
  for (let place = 0; place < buffers.length; place++) {
    const host = layout.hostIds[Math.floor(place / RESOURCE_COUNT)];
    const [from, to] = [buffersBefore[place] ?? 0, buffers[place] ?? 0];
    if (host === undefined || from === to) continue;
    const level = 1 - Math.exp(-wantedRarity(state, place));
    yield {
      kind: "buffer",
      at,
      host,
      resource: resourceOf(place),
      from,
      to,
      expectedExcess: excessHints[place * EXCESS_HINTS] ?? 0,
      level,
    };
  }
}

function* shadowVmChanges({ at }: CellState, orders: readonly PoolOrder[]): Generator<DecisionRecord> {
  for (const { kind, host, shadowVm, handOver } of orders)
    yield { kind: "shadow-vm", at, host, shadowVm, change: kind, ...(handOver && { handOver }) };
}

function* cutPlans({ layout, at, cuts }: CellState): Generator<DecisionRecord> {
  for (const { place, priority, asked, granted, level } of cuts) {
    const host = layout.hostIds[hostOf(place)];
    const plan = planOfPriority(priority);
    if (host !== undefined) yield { kind: "cut", at, host, resource: resourceOf(place), plan, asked, granted, level };
  }
}

function* refusedChanges(state: CellState): Generator<DecisionRecord> {
  const { at, allocations, refusals } = state;
  for (const [series, wished] of refusals.wished.entries()) {
    if (Number.isNaN(wished)) continue;
    const has = allocations[series] ?? 0;
    yield { kind: "refused", at, ...named(state, series), has, wished, why: whyRefused(state, series, wished) };
  }
}

function whyRefused({ layout, guardrails, at, allocations, refusals }: CellState, series: number, wished: number) {
  const obstacle = OBSTACLES[refusals.obstacles[series] ?? 0] ?? "not-allowed";
  if (obstacle !== "guardrail") return OBSTACLE_SENTENCES[obstacle];
  const host = layout.hostOfVm[vmOf(series)] ?? -1;
  const customer = layout.customerOfVm[vmOf(series)] ?? -1;
  const direction = wished > (allocations[series] ?? 0) ? "more" : "less";
  const permission = permissionFor({ layout, guardrails, now: at }, { host, customer, direction });
  return permission.kind === "no" ? permission.sentence : OBSTACLE_SENTENCES["not-allowed"];
}

function* waitingChanges({ layout, at, refusals }: CellState): Generator<DecisionRecord> {
  for (const [place, wishes] of refusals.waiting.entries()) {
    const host = layout.hostIds[hostOf(place)];
    const budget = refusals.budgets[place] ?? 0;
    if (wishes > budget && host !== undefined)
      yield { kind: "budget-spent", at, host, resource: resourceOf(place), wishes, budget };
  }
}

/** Set-points that were not followed for so many ticks are told of. */
const OVERDUE_TICKS = 3;

function* worldChanges(state: CellState): Generator<DecisionRecord> {
  const { at, allocationsBefore, hands } = state;
  for (const [series, found] of hands.found.entries()) {
    const until = instant(hands.until[series] ?? 0);
    const expected = hands.expected[series] ?? 0;
    if (!Number.isNaN(found)) yield { kind: "drift", at, ...named(state, series), expected, found, until };
    const has = allocationsBefore[series] ?? 0;
    if (hands.unsettled[series] === OVERDUE_TICKS)
      yield { kind: "overdue", at, ...named(state, series), asked: expected, has, ticks: OVERDUE_TICKS };
  }
}

function* capacityAdvice({ layout, at, advice }: CellState): Generator<DecisionRecord> {
  for (const { host: index, advice: given } of advice) {
    const host = layout.hostIds[index];
    const { resource, from, to, short } = given;
    const sentence = adviceSentence(given, { now: at, utcOffsetMinutes: 0 });
    if (host !== undefined) yield { kind: "capacity-advice", at, host, resource, from, to, short, sentence };
  }
}

function named({ layout }: CellState, series: number) {
  const vm = layout.vmIds[vmOf(series)] as VmId;
  const host = layout.hostIds[layout.hostOfVm[vmOf(series)] ?? -1] as HostId;
  return { vm, host, resource: resourceOf(series) };
}
