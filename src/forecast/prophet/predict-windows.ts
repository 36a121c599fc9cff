// Quantiles of the peak over windows ahead, from paths: each path has one possible trend, one stretch of past errors and
// one turn-out of each event ahead.
import type { ExternalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { quantileOfSorted } from "../../model/series.ts";
import { DAY_MS, ticksPer } from "../../model/time.ts";
import type { InProgress, Window } from "../forecast-model.ts";
import { errorStretches } from "./error-stretches.ts";
import { expectationAt, viewAt } from "./fit-prophet.ts";
import type { FittedSeries } from "./fit-series.ts";
import { drawTrend } from "./future-trend.ts";
import { ticksOf } from "./known-rows.ts";
import type { ProphetSettings } from "./prophet-settings.ts";
import { columnsAt, type Moments } from "./terms.ts";

/** [window x level of QUANTILE_LEVELS], base units, ascending within a window, >= 0. */
export function predictWindows(
  series: FittedSeries,
  asked: { windows: readonly Window[]; settings: ProphetSettings; inProgress: InProgress | undefined },
): Float64Array {
  const { windows, settings, inProgress } = asked;
  const horizon = windows.reduce((most, { from, ticks }) => Math.max(most, from + ticks), 1);
  const paths = drawPaths(series, horizon, settings);
  upliftDeclared(paths, series, ticksOf(series.grid, { from: series.grid.length, count: horizon }));
  if (inProgress !== undefined) believe(paths, series, inProgress);
  const quantiles = new Float64Array(windows.length * LEVEL_COUNT);
  const peaks = new Float64Array(paths.length);
  windows.forEach(({ from, ticks }, window) => {
    paths.forEach((path, index) => {
      let peak = Number.NEGATIVE_INFINITY;
      for (let tick = from; tick < from + ticks; tick++) peak = Math.max(peak, path[tick] as number);
      peaks[index] = peak;
    });
    peaks.sort();
    QUANTILE_LEVELS.forEach((level, index) => {
      quantiles[window * LEVEL_COUNT + index] = series.scale.from(quantileOfSorted(peaks, level));
    });
  });
  return quantiles;
}

/** Each [horizon], on the scale of the model. Peaks and quantiles may be taken there, since that keeps the order. */
function drawPaths(series: FittedSeries, horizon: number, settings: ProphetSettings): Float64Array[] {
  const { fit, carry, grid } = series;
  const moments = ticksOf(grid, { from: grid.length, count: horizon });
  const view = viewAt(fit.shape, moments);
  const { added, factor } = expectationAt(fit, view);
  const random = seededRandom(settings.seed);
  const trends = random.fork("trends");
  const turnOuts = eventTurnOuts(series, moments, random.fork("events"));
  if (settings.noise === "normal") {
    const noise = random.fork("noise");
    return Array.from({ length: settings.paths }, () =>
      drawTrend(fit, { t: view.t, random: trends }).map(
        (trend, tick) =>
          trend * (factor[tick] as number) + (added[tick] as number) + fit.point.sigma * fit.scale * noise.normal(),
      ),
    );
  }
  const ticksPerDay = ticksPer(DAY_MS, grid.stepMs);
  const aroundTicks = Math.round(settings.aroundMs / grid.stepMs);
  const stretches = errorStretches(series.errors.length, { count: settings.paths, ticksPerDay, aroundTicks });
  const seasonal = carry.seasonal(horizon);
  const fading = Float64Array.from({ length: horizon }, (_, tick) => carry.fading(tick));
  return Array.from({ length: stretches.count }, (_, index) => {
    const path = drawTrend(fit, { t: view.t, random: trends });
    const surprise = (carry.levels.at(-1) ?? 0) - (carry.levels[stretches.start(index)] as number);
    for (let tick = 0; tick < horizon; tick++) {
      const expected = (path[tick] as number) * (factor[tick] as number) + (added[tick] as number);
      const error = (series.errors[stretches.at(index, tick)] as number) + (fading[tick] as number) * surprise;
      path[tick] = expected + (seasonal[tick] as number) + error;
    }
    turnOuts(path);
    return path;
  });
}

/** Adds to a path how much more or less than expected each event turns out to do. */
function eventTurnOuts(series: FittedSeries, moments: Moments, random: SeededRandom): (path: Float64Array) => void {
  const covers = [...series.spread]
    .map(([term, variance]) => ({ deviation: Math.sqrt(variance), shares: columnsAt([term], moments) }))
    .filter(({ shares, deviation }) => deviation > 0 && shares.some((share) => share > 0));
  return (path) => {
    for (const { shares, deviation } of covers) {
      const turnOut = deviation * random.normal();
      for (let tick = 0; tick < path.length; tick++)
        path[tick] = (path[tick] as number) + turnOut * (shares[tick] as number);
    }
  };
}

/** What is announced without any experience multiplies demand as was declared, as surely as it happens at all. */
function upliftDeclared(paths: readonly Float64Array[], { scale, declared }: FittedSeries, moments: Moments): void {
  const factors = declaredUpliftAt(declared, moments);
  for (let tick = 0; tick < factors.length; tick++) {
    const factor = factors[tick] as number;
    if (factor === 1) continue;
    for (const path of paths) path[tick] = scale.to(scale.from(path[tick] as number) * factor);
  }
}

/** [moment] what demand is multiplied with. */
export function declaredUpliftAt(declared: readonly ExternalEvent[], moments: Moments): Float64Array {
  const factors = new Float64Array(moments.instants.length).fill(1);
  for (const { start, end, declaredUplift = 1, confidence = 1 } of declared) {
    const spans = [{ startMs: start, endMs: end, weight: confidence }];
    const shares = columnsAt([{ kind: "event", name: "", mode: "additive", priorScale: 1, spans }], moments);
    for (let tick = 0; tick < factors.length; tick++)
      factors[tick] = (factors[tick] as number) * (1 + (declaredUplift - 1) * (shares[tick] as number));
  }
  return factors;
}

/** The part of the first tick that has passed is known. */
function believe(paths: readonly Float64Array[], { scale }: FittedSeries, { mean, share }: InProgress): void {
  for (const path of paths) path[0] = scale.to(share * mean + (1 - share) * scale.from(path[0] as number));
}
