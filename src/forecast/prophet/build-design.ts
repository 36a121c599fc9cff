// From times and terms to the design of prophet.stan: everything of its data but the values.
import { assert } from "../../model/result.ts";
import { type Design, type DesignSums, sumDesign } from "./design-sums.ts";
import { isExactlySolvable } from "./exact-optimizer.ts";
import { TREND_INDICATORS } from "./stan-data.ts";
import { columnCount, columnsAt, type Moments, type Term } from "./terms.ts";

export interface TrendSetting {
  readonly growth: keyof typeof TREND_INDICATORS;
  /** What a logistic trend saturates at, in units of the values. */
  readonly cap?: number;
  readonly changepoints: number;
  /** Changepoints lie in this first part of the history. */
  readonly changepointRange: number;
  /** Scale of their Laplace prior, as a share of the largest value over the whole span. */
  readonly changepointPriorScale: number;
}

/** Prophet's. */
export const TREND_SETTING: TrendSetting = {
  growth: "linear",
  changepoints: 25,
  changepointRange: 0.8,
  changepointPriorScale: 0.05,
};

/** Shared by all series with the same known ticks and terms. */
export interface ProphetDesign {
  readonly shape: ModelShape;
  readonly stan: Design;
  /** What the exact optimizer needs; undefined where it is not exact. */
  readonly sums: DesignSums | undefined;
}

/** What is left of a design after the fit: all that a forecast needs, small. */
export interface ModelShape {
  readonly trend: TrendSetting;
  /** Those that occur in the history; in the order of the columns. */
  readonly terms: readonly Term[];
  readonly clock: ModelClock;
  readonly t_change: Float64Array;
}

/** The first row is 0 and the last is 1. */
export interface ModelClock {
  readonly startMs: number;
  readonly spanMs: number;
}

/** `moments` are those of known values, at least two. Terms that are 0 in all of them are left out. */
export function buildDesign(given: { moments: Moments; terms: readonly Term[]; trend: TrendSetting }): ProphetDesign {
  const { moments, trend } = given;
  const { instants } = moments;
  const [first, last] = [instants[0] ?? 0, instants.at(-1) ?? 0];
  assert(last > first, `a history has at least two instants, got ${instants.length}`);
  assert(trend.growth !== "logistic" || trend.cap !== undefined, "a logistic trend saturates at a cap");
  const clock = { startMs: first, spanMs: last - first };
  const terms = occurringTerms(given.terms, moments);
  const t = timesAt(clock, instants);
  const t_change = changepointsOf(t, trend);
  // Stan wants a column even where there is no term.
  const K = Math.max(countColumns(terms), 1);
  const columns = terms.flatMap((term) => new Array<Term>(columnCount(term)).fill(term));
  const stan: Design = {
    T: instants.length,
    K,
    S: t_change.length,
    t,
    cap: new Float64Array(instants.length),
    t_change,
    X: terms.length > 0 ? columnsAt(terms, moments) : new Float64Array(instants.length),
    sigmas: Float64Array.from({ length: K }, (_, column) => columns[column]?.priorScale ?? 1),
    tau: trend.changepointPriorScale,
    trend_indicator: TREND_INDICATORS[trend.growth],
    s_a: Float64Array.from({ length: K }, (_, column) => (columns[column]?.mode === "additive" ? 1 : 0)),
    s_m: Float64Array.from({ length: K }, (_, column) => (columns[column]?.mode === "multiplicative" ? 1 : 0)),
  };
  const sums = isExactlySolvable(stan) ? sumDesign(stan) : undefined;
  return { shape: { trend, terms, clock, t_change }, stan, sums };
}

export function timesAt({ startMs, spanMs }: ModelClock, instants: Float64Array): Float64Array {
  return instants.map((instant) => (instant - startMs) / spanMs);
}

function countColumns(terms: readonly Term[]): number {
  return terms.reduce((sum, term) => sum + columnCount(term), 0);
}

function occurringTerms(terms: readonly Term[], moments: Moments): Term[] {
  return terms.filter((term) => term.kind === "season" || columnsAt([term], moments).some((share) => share > 0));
}

/** Evenly by rows over the first part of the history, without its first row; a single one at 0 where it is too short. */
function changepointsOf(t: Float64Array, { changepoints, changepointRange }: TrendSetting): Float64Array {
  const rows = Math.floor(t.length * changepointRange);
  const count = Math.min(changepoints, rows - 1);
  if (count <= 0) return new Float64Array(1);
  return Float64Array.from(
    { length: count },
    (_, index) => t[Math.round(((index + 1) * (rows - 1)) / count)] as number,
  );
}
