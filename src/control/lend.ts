// Leases for the next tick. Each VM wishes for the amount that costs least, at or above its plan's floor, never less than its
// base nor more than its ceiling; of all wishes of a host those are met that gain most, as many as its budget of changes allows.
// What is taken back goes in steps, and only where the guest, the guardrails and whoever set it by hand let it.
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { DAY_MS, ticksPer } from "../model/time.ts";
import { budgetOf, CHANGES_PER_VM_DAY, type Change, worthwhileChanges } from "../shaping/change-budget.ts";
import { cheapestAmount, costOfAmount, LATE_PRICES, type LendingTerms } from "../shaping/change-cost.ts";
import { type CellState, NO_LEVEL } from "./cell-state.ts";
import { lendEach } from "./lend-each.ts";
import { OBSTACLES, type Obstacle, refuse } from "./refusals.ts";
import { hostOf, resourceOf, vmOf } from "./series.ts";
import { CONSENT, floorLevelOf, latePriceTimesOf } from "./service-terms.ts";
import { plannedStep, stayAt, stepOf } from "./step-down.ts";
import { rememberStep, type TakeBackStep } from "./take-back.ts";
import type { TickInput } from "./tick-input.ts";

export function lend(state: CellState, input: TickInput): void {
  state.leasesCut.fill(0);
  keepToContracts(state);
  if (state.promise.kind === "each") lendEach(state, input, state.promise.level);
  else for (let place = 0; place < state.layout.capacity.length; place++) lendPlace(state, input, place);
}

/** What the contract says stands at once, wherever hands may be laid on. What has left is not looked at. */
function keepToContracts({ layout, allocations, terms, permissions }: CellState): void {
  for (let series = 0; series < allocations.length; series++) {
    if (terms.consent[series] === CONSENT.left) continue;
    const has = allocations[series] as number;
    const most = terms.consent[series] === CONSENT.leaving ? has : (terms.ceilings[series] as number);
    const wanted = Math.min(Math.max(has, layout.base[series] as number), most);
    const may = wanted > has ? permissions.mayGrow : permissions.mayShrink;
    if (may[vmOf(series)] === 1) allocations[series] = wanted;
  }
}

/** Until the first forecasts have taken the place of what VMs had before, nothing is limited. */
const UNLIMITED_TICKS = 2;

/** All VMs of one host, in one resource. */
function lendPlace(state: CellState, input: TickInput, place: number): void {
  const wishes: Wish[] = [];
  for (const vm of state.layout.vmsOfHost[hostOf(place)] ?? []) {
    const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
    const wish = wishOf(state, input, { series, place });
    if (wish !== undefined) wishes.push(wish);
  }
  grantWishes(state, place, wishes);
}

/** What cannot wait is made at once, and the changes of later ticks pay for it; of the rest what gains most. */
function grantWishes(state: CellState, place: number, wishes: readonly Wish[]): void {
  const { layout, refusals, changeDebts, tick } = state;
  const vms = layout.vmsOfHost[hostOf(place)]?.length ?? 0;
  const ticksPerDay = ticksPer(DAY_MS, layout.stepMs);
  const isFree = tick < UNLIMITED_TICKS || isEveryTick(state);
  const budget = isFree ? vms : budgetOf(tick, { vms, perVmDay: CHANGES_PER_VM_DAY, ticksPerDay });
  const urgent = wishes.filter(({ isUrgent }) => isUrgent);
  const others = wishes.filter(({ isUrgent, gain }) => !isUrgent && gain > 0);
  const owed = (changeDebts[place] as number) + (refusals.undone[place] as number) + urgent.length;
  const left = Math.max(budget - owed, 0);
  changeDebts[place] = isFree ? 0 : Math.max(owed - budget, 0);
  for (const wish of [...urgent, ...worthwhileChanges({ changes: others, budget: left })]) fulfil(state, wish);
  refusals.budgets[place] = budget;
  refusals.waiting[place] = others.length >= left ? others.length : 0;
}

function isEveryTick({ promise }: CellState): boolean {
  return promise.kind === "pooled" && promise.pace === "every-tick";
}

interface Wish extends Change {
  /** What it has is less than what it will more likely than not need. */
  readonly isUrgent: boolean;
  readonly level: number;
  readonly step: TakeBackStep;
}

interface Asked {
  readonly series: number;
  readonly place: number;
}

/** What one VM wishes, as far as it can be met at all. */
function wishOf(state: CellState, input: TickInput, asked: Asked): Wish | undefined {
  const { allocations, descents, terms, hands } = state;
  const { series } = asked;
  const price = pricesOf(state, input, asked);
  const isForecast = !Number.isNaN(price.quantiles[price.at] as number);
  descents.likely[series] = isForecast ? (price.quantiles[price.at + MEDIAN] as number) : Number.NaN;
  state.foreseen[series] = isForecast ? (price.quantiles[price.at + LEVEL_COUNT - 1] as number) : 0;
  if (terms.consent[series] === CONSENT.left || (hands.until[series] as number) > input.now) return undefined;
  if (terms.consent[series] === CONSENT.leaving) return endLease(state, input, series);
  const kept = allocations[series] as number;
  const wish = isForecast
    ? wishByForecast(state, input, { series, kept, price })
    : wishBySample(state, input, { series, kept, base: price.base });
  const wayBack = stayAt(state, input, { series, from: kept });
  if (wayBack === undefined) return wish;
  (state.refusals.undone[asked.place] as number)++;
  return undo(state, { series, step: wayBack });
}

/** What stands in the way of a change that would gain something goes on the record. */
function wishByForecast(
  state: CellState,
  input: TickInput,
  { series, kept, price }: { readonly series: number; readonly kept: number; readonly price: LendingTerms },
): Wish | undefined {
  const { leasedLevels, terms } = state;
  const { amount: cheapest, level, cost } = cheapestAmount(price);
  const wanted = Math.min(Math.max(cheapest, price.base), terms.ceilings[series] as number);
  const isHeld = wanted < kept && Number.isNaN(input.demand[series] as number);
  if (isHeld || leasedLevels[series] === NO_LEVEL) leasedLevels[series] = isHeld ? NO_LEVEL : level;
  if (isHeld || wanted === kept) return undefined;
  const costNow = costOfAmount(price, kept);
  if (wanted === cheapest && cost >= costNow && !isEveryTick(state)) return undefined;
  const step = plannedStep(state, input, { series, from: kept, wanted, atOnce: isEveryTick(state) });
  const obstacle = obstacleTo(state, { series, step, kept, wanted });
  const cheaper = costNow - (step.amount === cheapest ? cost : costOfAmount(price, step.amount));
  // The floor of the plan stands at every tick, even where less would cost less.
  const gain = isEveryTick(state) ? Number.MAX_VALUE : cheaper;
  const isUrgent = kept < (price.quantiles[price.at + MEDIAN] as number);
  if (obstacle === undefined) return { series, level, step, gain, isUrgent };
  refuse(state.refusals, { series, amount: wanted, obstacle });
  return undefined;
}

/** Nobody foresees anything: what was used is to be this share of what it gets, as for any reactive scaling. */
const USED_SHARE = 0.8;
/** Smaller changes than this share are not worth one. */
const WORTH_SHARE = 0.1;

function wishBySample(
  state: CellState,
  input: TickInput,
  { series, kept, base }: { readonly series: number; readonly kept: number; readonly base: number },
): Wish | undefined {
  const asked = input.demand[series] as number;
  if (Number.isNaN(asked)) return undefined;
  const wanted = Math.min(Math.max(asked / USED_SHARE, base), state.terms.ceilings[series] as number);
  if (Math.abs(wanted - kept) <= WORTH_SHARE * kept) return undefined;
  const step = stepOf(state, input, { series, from: kept, wanted });
  const obstacle = obstacleTo(state, { series, step, kept, wanted });
  if (obstacle === undefined)
    return { series, level: NO_LEVEL, step, gain: Math.abs(step.amount - kept), isUrgent: asked > kept };
  refuse(state.refusals, { series, amount: wanted, obstacle });
  return undefined;
}

const MEDIAN = levelIndex(0.5);

/** To be short of a VM for sure costs its host's mean demand per VM. */
function pricesOf(state: CellState, { forecasts }: TickInput, { series, place }: Asked): LendingTerms {
  const { layout, meanDemand, terms } = state;
  const vms = layout.vmsOfHost[hostOf(place)]?.length ?? 0;
  return {
    quantiles: forecasts.quantiles,
    at: series * LEVEL_COUNT,
    base: layout.base[series] as number,
    floorLevel: floorLevelOf(terms, vmOf(series)),
    shortagePrice: (meanDemand[place] as number) / Math.max(vms, 1),
    // Who is lent anew at every tick pays for late demand with the next lease.
    latePrice: isEveryTick(state) ? 0 : LATE_PRICES[resourceOf(series)] * latePriceTimesOf(terms, vmOf(series)),
  };
}

function obstacleTo(
  { permissions }: CellState,
  { series, step, kept, wanted }: { series: number; step: TakeBackStep; kept: number; wanted: number },
): Obstacle | undefined {
  const may = wanted > kept ? permissions.mayGrow : permissions.mayShrink;
  if (may[vmOf(series)] === 0) return "guardrail";
  return step.amount === kept ? OBSTACLES.find((each) => each === step.why) : undefined;
}

function fulfil({ allocations, leasedLevels, descents }: CellState, { series, level, step }: Wish): void {
  allocations[series] = step.amount;
  leasedLevels[series] = level;
  rememberStep(descents, series, step);
}

/** A step down that hurt is undone at once, whatever the budget says; others wait for it. */
function undo({ allocations, descents, permissions, terms }: CellState, given: { series: number; step: TakeBackStep }) {
  const { series, step } = given;
  if (permissions.mayGrow[vmOf(series)] === 1)
    allocations[series] = Math.min(step.amount, terms.ceilings[series] as number);
  rememberStep(descents, series, step);
  return undefined;
}

/** Who opted out gets back to the base, step by step; from then on nobody touches what is no longer ours. */
function endLease(state: CellState, input: TickInput, series: number): undefined {
  const { layout, allocations, terms, descents } = state;
  const base = layout.base[series] as number;
  const from = allocations[series] as number;
  if (from <= base) {
    terms.consent[series] = CONSENT.left;
    return;
  }
  const step = stepOf(state, input, { series, from, wanted: base });
  if (step.why === "rolled-back") return undo(state, { series, step });
  allocations[series] = step.amount;
  rememberStep(descents, series, step);
}
