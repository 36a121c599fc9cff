// How a model that names ONE number for a window becomes a forecast: by the empirical quantiles of its own past errors
// on windows of the same length as far ahead. Errors of single ticks are never put together to those of a peak.
import { LEVEL_COUNT, type QuantileLevel } from "../../model/forecast.ts";
import type { ComponentPart, ForecastParts } from "../../model/forecast-parts.ts";
import { type FittedModel, type ForecastModel, type KnownSeries, silence, type Window } from "../forecast-model.ts";
import { type ErrorTable, errorQuantiles, errorTable, type PastWindows } from "./error-table.ts";
import { type HistorySetting, type RecentHistory, recentHistory } from "./recent-history.ts";

export interface PeakModel<Learned> {
  readonly name: string;
  readonly setting: HistorySetting;
  /** `learned` is what an earlier expectation of this series gave out as such: it need not be looked for again. */
  expect(history: RecentHistory, learned?: Learned): Expectation<Learned>;
  /** Levels of what is expected between which errors are told apart; see `errorTable`. None where left out. */
  readonly errorsApartAt?: readonly QuantileLevel[];
}

/** Levels of what is expected at which errors are told apart, unless a model has reasons for others. */
export const ERRORS_APART_AT = [0.25, 0.5, 0.8, 0.95] as const;

export interface Expectation<Learned = never> {
  /** What took long to find. */
  readonly learned?: Learned;
  /**
   * The peak expected in a window by whoever knows the values before `origin`, on the history's scale; NaN: cannot say.
   * The origin of the forecast is `values.length`, those before it are where errors come from.
   */
  peak(origin: number, window: Window): number;
  /** The window whose errors serve for this one. Left out: one of the same length at about the same distance. */
  errorsOf?(window: Window): Window;
  /** What the forecasts are made of, in one sentence. */
  explain(): string;
  /**
   * What makes up the peak expected of a window from the last origin, on the history's scale, in the order in which it is added
   * up; the same names for every window. Left out: it is one number.
   */
  components?(window: Window): readonly ExpectedComponent[];
}

export interface ExpectedComponent extends Pick<ComponentPart, "name" | "role"> {
  readonly value: number;
}

/** Fits series by series. Silent where fewer than 8 errors are known. */
export function forecastByErrors<Learned>(model: PeakModel<Learned>): ForecastModel {
  const start = (known: KnownSeries): FittedSeries<Learned> => {
    const history = recentHistory(known, model.setting);
    return fittedSeries({ model, history, expectation: model.expect(history), errors: noErrors(history) });
  };
  const extended = (fitted: FittedSeries<Learned>, known: KnownSeries): FittedSeries<Learned> => {
    const history = recentHistory(known, model.setting);
    const isStale = known.grid.length - fitted.errors.since >= history.day;
    const errors = isStale ? noErrors(history) : fitted.errors;
    return fittedSeries({ model, history, expectation: model.expect(history, fitted.learned), errors });
  };
  const joined = (series: readonly FittedSeries<Learned>[]): FittedModel => ({
    predict: (index, windows) => series[index]?.predict(windows) ?? silence(windows.length),
    explain: (index) => series[index]?.explain() ?? "There is no such series.",
    parts: (index, windows) => series[index]?.parts(windows),
    extend: (known) => joined(known.map((one, index) => (series[index] ? extended(series[index], one) : start(one)))),
  });
  return { name: model.name, fit: (known) => joined(known.map(start)) };
}

/** Quantiles of errors change slowly: worked out when asked for first, they serve for a day. */
interface KnownErrors {
  /** Ticks known when they were started. */
  readonly since: number;
  readonly byKey: Map<string, ErrorTable>;
}

interface FittedSeries<Learned> {
  readonly learned: Learned | undefined;
  readonly errors: KnownErrors;
  predict(windows: readonly Window[]): Float64Array;
  explain(): string;
  parts(windows: readonly Window[]): ForecastParts | undefined;
}

function noErrors({ known }: RecentHistory): KnownErrors {
  return { since: known.grid.length, byKey: new Map() };
}

function fittedSeries<Learned>(fit: {
  model: PeakModel<Learned>;
  history: RecentHistory;
  expectation: Expectation<Learned>;
  errors: KnownErrors;
}): FittedSeries<Learned> {
  const { model, history, expectation, errors } = fit;
  const apartAt = model.errorsApartAt ?? [];
  const tableOf = (window: Window): ErrorTable => {
    const alike = expectation.errorsOf?.(window) ?? { ...window, from: nearDistance(window.from) };
    const key = `${alike.from} ${alike.ticks}`;
    const table = errors.byKey.get(key) ?? errorTable(pastWindows({ history, expectation, window: alike }), apartAt);
    errors.byKey.set(key, table);
    return table;
  };
  const predict = (windows: readonly Window[]): Float64Array => {
    const rows = new Float64Array(windows.length * LEVEL_COUNT);
    windows.forEach((window, row) => {
      const expected = expectation.peak(history.values.length, window);
      const quantiles = errorQuantiles(tableOf(window), expected);
      for (let level = 0; level < LEVEL_COUNT; level++)
        rows[row * LEVEL_COUNT + level] = history.scale.from(expected + (quantiles[level] as number));
    });
    return rows;
  };
  const parts = (windows: readonly Window[]): ForecastParts | undefined => {
    const components = componentParts({ history, expectation, windows });
    return components && { sentence: expectation.explain(), parts: components };
  };
  return { learned: expectation.learned, errors, predict, explain: () => expectation.explain(), parts };
}

/** In base units: what each component adds to those before it, but for those that add nothing. Undefined: nothing is expected. */
function componentParts(given: {
  history: RecentHistory;
  expectation: Pick<Expectation<unknown>, "components" | "peak">;
  windows: readonly Window[];
}): ComponentPart[] | undefined {
  const { history, expectation, windows } = given;
  const alone = (window: Window): readonly ExpectedComponent[] => [
    { name: "expected", role: "level", value: expectation.peak(history.values.length, window) },
  ];
  const sums = windows.map((window) => {
    let sum = 0;
    return (expectation.components?.(window) ?? alone(window)).map(({ name, role, value }) => {
      const before = history.scale.from(sum);
      sum += value;
      return { name, role, amount: history.scale.from(sum) - before };
    });
  });
  if (sums.some((components) => components.some(({ amount }) => Number.isNaN(amount)))) return undefined;
  const [first = []] = sums;
  return first
    .map(({ name, role }, index): ComponentPart => {
      return { kind: "component", name, role, amounts: sums.map((components) => components[index]?.amount ?? 0) };
    })
    .filter(({ amounts }) => amounts.some((amount) => amount !== 0));
}

const EXACT_BELOW = 8;
const APART_BY = Math.log(1.1);

/** Errors grow slowly with the distance: far windows share them within steps of 10 %. */
function nearDistance(ticks: number): number {
  if (ticks <= EXACT_BELOW) return ticks;
  return Math.round(EXACT_BELOW * Math.exp(APART_BY * Math.round(Math.log(ticks / EXACT_BELOW) / APART_BY)));
}

/** The last windows of that kind. */
function pastWindows(given: {
  history: RecentHistory;
  expectation: Pick<Expectation, "peak" | "errorsOf">;
  window: Window;
}): PastWindows {
  const { history, expectation, window } = given;
  const peaks = history.peaksOf(window.ticks);
  const first = Math.max(0, peaks.length - history.errorTicks);
  const apart = ticksApart(window, expectation.errorsOf !== undefined);
  const count = Math.ceil((peaks.length - first) / apart);
  const expected = new Float64Array(count);
  const came = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const start = peaks.length - 1 - index * apart;
    came[index] = peaks[start] as number;
    expected[index] = expectation.peak(start - window.from, window);
  }
  return { expected, came };
}

/** Errors from afar hang together: a third of them tells nearly as much. Long windows overlap. */
const FAR_APART = 3;

function ticksApart({ from, ticks }: Window, hasOwnDistances: boolean): number {
  if (hasOwnDistances) return 1;
  return Math.max(from > EXACT_BELOW ? FAR_APART : 1, Math.floor(ticks / 4));
}
