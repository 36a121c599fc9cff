// A contest of models: the same questions about demand that came later, answered through the seam, and what each answer cost.
import { LEVEL_COUNT, pinballLoss, QUANTILE_LEVELS } from "../model/forecast.ts";
import { DEMAND_FLOORS } from "../model/resources.ts";
import type { SeededRandom } from "../model/seeded-random.ts";
import { type ForecastModel, type KnownSeries, peakAfter, type Window } from "./forecast-model.ts";
import { toLogScale } from "./log-scale.ts";
import { type SeasonTicks, seasonTicks } from "./season-ticks.ts";
import type { RecordedSeries } from "./trace-series.ts";

export interface ContestQuestions {
  /** Whole histories of the series of one VM. */
  readonly vm: readonly RecordedSeries[];
  /** Ticks [from, to) that are forecast. */
  readonly from: number;
  readonly to: number;
  /** Moments at which forecasts are made. */
  readonly origins: number;
  readonly random: SeededRandom;
}

export interface SeriesLoss {
  /** [model] mean over windows and levels of the pinball loss, on the log scale. */
  readonly losses: readonly number[];
  /** Forecast by every model; the others count for none. */
  readonly windows: number;
}

/**
 * One for each series of the VM about which all models said something. Half of the windows ask about the next half hour,
 * half about the next day, as in training. The scale is the series' largest value of the week before.
 */
export function contestLosses(models: readonly ForecastModel[], questions: ContestQuestions): SeriesLoss[] {
  const { vm, from, to, origins, random } = questions;
  const [first] = vm;
  if (first === undefined || to <= from) return [];
  const season = seasonTicks(first.grid.stepMs);
  const sums = vm.map(() => ({ losses: models.map(() => 0), windows: 0 }));
  for (let each = 0; each < origins; each++) {
    const origin = from + random.below(to - from);
    const windows = drawWindows(season, random).filter((window) => origin + window.from + window.ticks <= to);
    const known = vm.map((one) => knownAt(one, origin));
    const fitted = models.map((model) => model.fit(known));
    for (const [series, one] of vm.entries()) {
      const answers = fitted.map((model) => model.predict(series, windows));
      const scale = scaleAt(one, { origin, week: season.week });
      const sum = sums[series];
      if (sum) for (const [row, window] of windows.entries()) score({ one, origin, window, scale, row, answers, sum });
    }
  }
  return sums
    .filter(({ windows }) => windows > 0)
    .map(({ losses, windows }) => ({ losses: losses.map((loss) => loss / windows), windows }));
}

function drawWindows({ halfHour, hour, day }: SeasonTicks, random: SeededRandom): Window[] {
  return [
    { from: 0, ticks: 1 },
    { from: 0, ticks: halfHour },
    { from: random.below(halfHour), ticks: 1 },
    { from: random.below(day), ticks: 1 },
    { from: random.below(day), ticks: 1 },
    { from: hour * random.below(Math.floor(day / hour)), ticks: hour },
  ];
}

function knownAt(one: RecordedSeries, origin: number): KnownSeries {
  return { ...one, grid: { ...one.grid, length: origin }, values: one.values.subarray(0, origin) };
}

interface Scored {
  readonly one: RecordedSeries;
  readonly origin: number;
  readonly window: Window;
  readonly scale: number;
  readonly row: number;
  readonly answers: readonly Float64Array[];
  readonly sum: { losses: number[]; windows: number };
}

function score({ one, origin, window, scale, row, answers, sum }: Scored): void {
  const actual = toLogScale(peakAfter(one.values, origin, window), scale);
  const losses = answers.map((rows) => pinball(rows, row * LEVEL_COUNT, { actual, scale }));
  if (losses.some(Number.isNaN)) return;
  for (const [model, loss] of losses.entries()) sum.losses[model] = (sum.losses[model] ?? 0) + loss;
  sum.windows++;
}

/** NaN where the model or the world said nothing. */
function pinball(rows: Float64Array, at: number, given: { readonly actual: number; readonly scale: number }): number {
  let sum = 0;
  for (let level = 0; level < LEVEL_COUNT; level++) {
    const above = given.actual - toLogScale(rows[at + level] as number, given.scale);
    sum += pinballLoss(QUANTILE_LEVELS[level] as number, above);
  }
  return sum / LEVEL_COUNT;
}

function scaleAt({ values, resource }: RecordedSeries, at: { readonly origin: number; readonly week: number }): number {
  let largest = DEMAND_FLOORS[resource];
  for (let tick = Math.max(0, at.origin - at.week); tick < at.origin; tick++)
    if ((values[tick] as number) > largest) largest = values[tick] as number;
  return largest;
}
