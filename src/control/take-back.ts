// Graceful downgrade of every series, as columns: what goes back goes in steps, is checked, and is undone where it hurt.
// A step that hurt is only undone for resources that go back in several steps (memory): the others are relieved out of the
// buffer within a moment.
import { LEASE_STAGES } from "../model/lease.ts";
import type { Resource } from "../model/resources.ts";
import {
  DOWNGRADE_RULES,
  type Downgrade,
  type DowngradeReason,
  type DowngradeRules,
  nextAmount,
  OFF_RULES,
} from "../shaping/downgrade.ts";
import { overPredictionOf, trackForecast } from "../shaping/over-prediction.ts";
import { resourceOf } from "./series.ts";

export interface Descents {
  /** [series] index into LEASE_STAGES */
  readonly stages: Uint8Array;
  /** [series] what was allowed before the last step down, until that step is checked; base units. */
  readonly before: Float64Array;
  /** [series] ticks for which nothing is taken. */
  readonly coolDowns: Uint8Array;
  readonly holds: Uint8Array;
  /** [series] median that was forecast for the tick just past; NaN where none was. */
  readonly likely: Float64Array;
  /** [series] errors of forecasts of late, with their sign and without. */
  readonly signedErrors: Float64Array;
  readonly absoluteErrors: Float64Array;
}

export function createDescents(allocations: Float64Array): Descents {
  const seriesCount = allocations.length;
  return {
    stages: new Uint8Array(seriesCount),
    before: allocations.slice(),
    coolDowns: new Uint8Array(seriesCount),
    holds: new Uint8Array(seriesCount),
    likely: new Float64Array(seriesCount).fill(Number.NaN),
    signedErrors: new Float64Array(seriesCount),
    absoluteErrors: new Float64Array(seriesCount),
  };
}

export interface TakeBack {
  readonly series: number;
  /** In force now. */
  readonly amount: number;
  readonly wanted: number;
  readonly base: number;
  /** Seen over the tick just past; NaN where no sample came. */
  readonly usage: number;
  readonly pressed: boolean;
  readonly mayTake: boolean;
  readonly isOff: boolean;
}

export type TakeBackStep = Downgrade & { readonly why: DowngradeReason };

/** Where the series could be next; changes nothing. */
export function stepTowards(descents: Descents, asked: TakeBack): TakeBackStep {
  const { series, amount, wanted, base, usage, pressed, mayTake } = asked;
  const rules = asked.isOff ? OFF_RULES : DOWNGRADE_RULES[resourceOf(series)];
  const lease: Downgrade = {
    stage: LEASE_STAGES[descents.stages[series] as number] ?? "held",
    amount,
    before: isGradual(rules) ? Math.max(descents.before[series] as number, amount) : amount,
    coolDown: descents.coolDowns[series] as number,
    hold: descents.holds[series] as number,
  };
  const tooHigh = rules.holdTicks > 0 ? overPrediction(descents, series) : 0;
  return nextAmount({ lease, wanted, base, usage, pressed, mayTake, overPrediction: tooHigh, rules });
}

/** What cannot be taken at a moment's notice: a guest must first give it back. */
export function goesInSteps(resource: Resource): boolean {
  return isGradual(DOWNGRADE_RULES[resource]);
}

function isGradual({ stepShare }: DowngradeRules): boolean {
  return stepShare < 1;
}

/**
 * Where the plan may bring the series. What goes in steps is only watched for pressure while a step is being checked: who
 * uses all it has at other times draws on the buffer. All else goes as it is wished, since the buffer gives it back within
 * a moment: what a guest uses beyond its lease comes late, and the price of that is in the wish.
 */
export function planStep(descents: Descents, asked: TakeBack & { readonly atOnce: boolean }): TakeBackStep {
  const { series, amount, wanted, base, mayTake, usage, atOnce } = asked;
  if (!atOnce && goesInSteps(resourceOf(series)))
    return stepTowards(descents, { ...asked, pressed: isHurt(descents, asked) });
  const obstacle = wanted < amount ? freeObstacle(mayTake, usage) : undefined;
  const next = obstacle === undefined ? wanted : amount;
  const why = obstacle ?? (wanted > amount ? "raised" : "last-step");
  const stage = next > base ? "held" : "returned";
  return { stage, amount: next, before: next, coolDown: 0, hold: 0, why };
}

function freeObstacle(mayTake: boolean, usage: number): "not-allowed" | "no-sample" | undefined {
  if (!mayTake) return "not-allowed";
  return Number.isNaN(usage) ? "no-sample" : undefined;
}

/** Pressed since its last step down. */
function isHurt({ before }: Descents, { series, amount, pressed }: TakeBack): boolean {
  return pressed && (before[series] as number) > amount;
}

/**
 * The tick of a series that stays where it is: what `stepTowards` says of `wanted` = `amount`, remembered. Returns the way
 * back where the last step hurt and is to be undone.
 */
export function stay(descents: Descents, asked: TakeBack): TakeBackStep | undefined {
  const { series, amount, base, pressed } = asked;
  const rules = DOWNGRADE_RULES[resourceOf(series)];
  if (isGradual(rules)) {
    const step = stepTowards(descents, { ...asked, pressed: isHurt(descents, asked) });
    rememberStep(descents, series, step);
    return step.why === "rolled-back" ? step : undefined;
  }
  // The same without making anything: most series of most ticks.
  descents.stages[series] = amount > base ? 0 : LEASE_STAGES.indexOf("returned");
  descents.before[series] = amount;
  const coolDown = descents.coolDowns[series] as number;
  descents.coolDowns[series] = pressed ? rules.coolDownTicks : Math.max(coolDown - 1, 0);
  return undefined;
}

export function rememberStep(descents: Descents, series: number, step: TakeBackStep): void {
  descents.stages[series] = LEASE_STAGES.indexOf(step.stage);
  descents.before[series] = step.before;
  descents.coolDowns[series] = step.coolDown;
  descents.holds[series] = step.hold;
}

/** 0..1, how sure it is that forecasts of this series are too high of late. */
function overPrediction({ signedErrors, absoluteErrors }: Descents, series: number): number {
  return overPredictionOf({ signed: signedErrors[series] as number, absolute: absoluteErrors[series] as number });
}

/** What came is held against what was forecast for it. */
export function trackErrors(
  { likely, signedErrors, absoluteErrors }: Descents,
  { demand, allocations }: { readonly demand: Float64Array; readonly allocations: Float64Array },
): void {
  for (let series = 0; series < likely.length; series++) {
    const forecast = likely[series] as number;
    const came = demand[series] as number;
    if (Number.isNaN(forecast) || Number.isNaN(came)) continue;
    const track = { signed: signedErrors[series] as number, absolute: absoluteErrors[series] as number };
    const heldBack = came === allocations[series] && came < forecast;
    const { signed, absolute } = trackForecast(track, { likely: forecast, demand: came, heldBack });
    signedErrors[series] = signed;
    absoluteErrors[series] = absolute;
  }
}
