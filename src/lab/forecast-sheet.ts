// How good the forecasts behind our policies were, next tick, over the scored half.
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import type { ForecastSkill } from "../model/scorecard.ts";
import { quantileOfSorted } from "../model/series.ts";
import { DAY_MS, ticksPer } from "../model/time.ts";
import type { HostCase } from "./host-case.ts";

/** Sums for one resource; `mergeForecastSheets` adds hosts. */
export interface ForecastSheet {
  /** [level] */
  readonly pinball: Float64Array;
  readonly below: Float64Array;
  demand: number;
  intervals: number;
  /** [vm] sum of absolute errors of the median, over how many intervals, and the VM's in-sample naive error. */
  readonly errors: Float64Array;
  readonly errorIntervals: Float64Array;
  readonly naiveErrors: Float64Array;
}

function createForecastSheet(naiveErrors: Float64Array): ForecastSheet {
  return {
    pinball: new Float64Array(LEVEL_COUNT),
    below: new Float64Array(LEVEL_COUNT),
    demand: 0,
    intervals: 0,
    errors: new Float64Array(naiveErrors.length),
    errorIntervals: new Float64Array(naiveErrors.length),
    naiveErrors,
  };
}

/** A sheet for each resource of one host. */
export function sheetsByResource(host: HostCase): readonly ForecastSheet[] {
  return RESOURCES.map((_, offset) => createForecastSheet(naiveErrorsOf(host, offset)));
}

/** Scores one host's tick, all resources. */
export function scoreForecasts(
  sheets: readonly ForecastSheet[],
  { demand, quantiles }: { demand: Float64Array; quantiles: Float64Array },
): void {
  for (let series = 0; series < demand.length; series++) {
    const asked = demand[series] as number;
    const at = series * LEVEL_COUNT;
    if (Number.isNaN(asked) || Number.isNaN(quantiles[at] as number)) continue;
    const sheet = sheets[series % RESOURCE_COUNT] as ForecastSheet;
    const vm = Math.floor(series / RESOURCE_COUNT);
    addPinball(sheet, { asked, quantiles, at });
    sheet.errors[vm] = (sheet.errors[vm] as number) + Math.abs(asked - (quantiles[at + MEDIAN] as number));
    sheet.errorIntervals[vm] = (sheet.errorIntervals[vm] as number) + 1;
  }
}

const MEDIAN = levelIndex(0.5);
/** Equal up to the single precision of the history counts as at the quantile. */
const EQUAL = 1e-6;

function addPinball(
  sheet: ForecastSheet,
  { asked, quantiles, at }: { asked: number; quantiles: Float64Array; at: number },
): void {
  sheet.demand += asked;
  sheet.intervals++;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const error = asked - (quantiles[at + level] as number);
    const share = QUANTILE_LEVELS[level] as number;
    sheet.pinball[level] = (sheet.pinball[level] as number) + (error > 0 ? share * error : (share - 1) * error);
    if (error <= EQUAL * asked) sheet.below[level] = (sheet.below[level] as number) + 1;
  }
}

/** [vm] mean absolute difference to the same time yesterday over the training half; NaN where nothing is known. */
function naiveErrorsOf({ demand, grid, firstScored, vmNames }: HostCase, offset: number): Float64Array {
  const day = ticksPer(DAY_MS, grid.stepMs);
  return Float64Array.from(vmNames, (_, vm) => {
    const values = demand[vm * RESOURCE_COUNT + offset];
    let [sum, count] = [0, 0];
    for (let tick = day; values && tick < firstScored; tick++) {
      const difference = Math.abs((values[tick] as number) - (values[tick - day] as number));
      if (Number.isNaN(difference)) continue;
      sum += difference;
      count++;
    }
    return count === 0 ? Number.NaN : sum / count;
  });
}

export function skillOf(sheets: readonly ForecastSheet[]): ForecastSkill | null {
  const total = (of: (sheet: ForecastSheet) => number): number => sheets.reduce((sum, sheet) => sum + of(sheet), 0);
  const [demand, intervals] = [total((sheet) => sheet.demand), total((sheet) => sheet.intervals)];
  if (intervals === 0 || demand === 0) return null;
  const losses = QUANTILE_LEVELS.map((_, level) => (2 * total(({ pinball }) => pinball[level] ?? 0)) / demand);
  return {
    wql: losses.reduce((sum, loss) => sum + loss, 0) / LEVEL_COUNT,
    mase: medianMase(sheets),
    coverage: QUANTILE_LEVELS.map((level, index) => ({
      level,
      observed: total(({ below }) => below[index] ?? 0) / intervals,
    })),
  };
}

/** Mean absolute scaled error (Hyndman & Koehler 2006) of each VM, median over VMs with a naive error to scale by. */
function medianMase(sheets: readonly ForecastSheet[]): number | null {
  const scaled = sheets.flatMap(({ errors, errorIntervals, naiveErrors }) =>
    [...errors.keys()].map((vm) => (errors[vm] ?? 0) / (errorIntervals[vm] ?? 0) / (naiveErrors[vm] ?? Number.NaN)),
  );
  const known = Float64Array.from(scaled.filter(Number.isFinite)).sort();
  return known.length === 0 ? null : quantileOfSorted(known, 0.5);
}
