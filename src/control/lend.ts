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
import { stayAt, stepOf } from "./step-down.ts";
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
  const { layout, refusals, tick } = state;
  const wishes: Wish[] = [];
  for (const vm of layout.vmsOfHost[hostOf(place)] ?? []) {
    const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
    const wish = wishOf(state, input, { series, place });
    if (wish !== undefined) wishes.push(wish);
  }
  const vms = layout.vmsOfHost[hostOf(place)]?.length ?? 0;
  const ticksPerDay = ticksPer(DAY_MS, layout.stepMs);
  const budget = tick < UNLIMITED_TICKS ? vms : budgetOf(tick, { vms, perVmDay: CHANGES_PER_VM_DAY, ticksPerDay });
  const met = worthwhileChanges({ changes: wishes, budget });
  for (const wish of met) fulfil(state, wish);
  refusals.budgets[place] = budget;
  if (met.length === budget) for (const { gain } of wishes) if (gain > 0) (refusals.waiting[place] as number)++;
}

interface Wish extends Change {
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
  const wish = isForecast ? wishByForecast(state, input, { series, kept, price }) : undefined;
  const wayBack = stayAt(state, input, { series, from: kept });
  return wayBack === undefined ? wish : undo(state, { series, step: wayBack });
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
  if (wanted === cheapest && cost >= costNow) return undefined;
  const step = stepOf(state, input, { series, from: kept, wanted });
  const obstacle = obstacleTo(state, { series, step, kept, wanted });
  const gain = costNow - (step.amount === cheapest ? cost : costOfAmount(price, step.amount));
  if (obstacle === undefined) return { series, level, step, gain };
  refuse(state.refusals, { series, amount: wanted, obstacle });
  return undefined;
}

const MEDIAN = levelIndex(0.5);

/** To be short of a VM for sure costs its host's mean demand per VM. */
function pricesOf(
  { layout, meanDemand, terms }: CellState,
  { forecasts }: TickInput,
  { series, place }: Asked,
): LendingTerms {
  const vms = layout.vmsOfHost[hostOf(place)]?.length ?? 0;
  return {
    quantiles: forecasts.quantiles,
    at: series * LEVEL_COUNT,
    base: layout.base[series] as number,
    floorLevel: floorLevelOf(terms, vmOf(series)),
    shortagePrice: (meanDemand[place] as number) / Math.max(vms, 1),
    latePrice: LATE_PRICES[resourceOf(series)] * latePriceTimesOf(terms, vmOf(series)),
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

/** A step down that hurt is undone at once, and costs no budget. */
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
