// Experts for what is known from outside the series itself: a number for the next tick, believed as far as it was right lately.
import { LEVEL_COUNT } from "../model/forecast.ts";
import { createErrorQuantiles, type ErrorQuantiles, rememberError, writeExpectation } from "./error-quantiles.ts";
import type { QuantileRow } from "./fill-quantiles.ts";
import { toLogScale } from "./log-scale.ts";
import type { Moment, SeasonTicks } from "./season-ticks.ts";

export interface HintExperts {
  readonly count: number;
  /** Row = series x count + hint. */
  readonly errors: ErrorQuantiles;
}

export function createHintExperts(size: { seriesCount: number; count: number }, { day }: SeasonTicks): HintExperts {
  return { count: size.count, errors: createErrorQuantiles({ rows: size.seriesCount * size.count, length: day }) };
}

/** `hints`: [series x count], base units. One row of quantiles for each hint. */
export function writeHintOpinions(
  experts: HintExperts,
  given: { moment: Moment; hints: Float64Array },
  opinions: QuantileRow,
): void {
  const { moment, hints } = given;
  for (let hint = 0; hint < experts.count; hint++) {
    const row = moment.series * experts.count + hint;
    const expectation = { row, expected: toLogScale(hints[row] as number, moment.scale) };
    const target = { values: opinions.values, at: opinions.at + hint * LEVEL_COUNT };
    writeExpectation(experts.errors, { expectation, moment }, target);
  }
}

/** `actual` on the scale of the last opinions. */
export function rememberHintErrors(experts: HintExperts, series: number, actual: number): void {
  for (let hint = 0; hint < experts.count; hint++) rememberError(experts.errors, series * experts.count + hint, actual);
}
