// Percentiles of a histogram that forgets half of what it saw in a day: no season, no trend, and never far off.

import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import type { SeasonChoice } from "../../model/season.ts";
import { maximumOf } from "../../model/series.ts";
import { type Buckets, decayingHistogram, exponentialBuckets } from "../decaying-histogram.ts";
import { eachOnItsOwn, type ForecastModel } from "../forecast-model.ts";

import { type RecentHistory, recentHistory } from "./recent-history.ts";
import { onceForEachLength, windowRows } from "./window-rows.ts";

/** A percentile is the end of its bucket: at most 2 % too high. */
const RATIO = 1.02;
const BUCKETS = 700;
const HALF_LIFE_TICKS_MIN = 7;

/** `decayingHistogram` of the Kubernetes VPA, half-life 24 h, fed with the peaks of all windows of the length asked for. */
export function decayingHistogramModel(season: SeasonChoice): ForecastModel {
  return eachOnItsOwn("decaying-histogram", (known) => {
    const history = recentHistory(known, { scale: "linear", season });
    const buckets = bucketsFor(history);
    const quantilesOf = onceForEachLength((ticks) => percentilesOf(history, { ticks, buckets }));
    return (windows) => windowRows(windows, quantilesOf);
  });
}

/** The last one starts at the largest value known. */
function bucketsFor({ values }: RecentHistory): Buckets {
  const largest = maximumOf(values);
  const end = (RATIO ** (BUCKETS - 1) - 1) / (RATIO - 1);
  return exponentialBuckets({ first: largest > 0 ? largest / end : 1, ratio: RATIO, count: BUCKETS });
}

function percentilesOf(history: RecentHistory, { ticks, buckets }: { ticks: number; buckets: Buckets }): Float64Array {
  const halfLifeTicks = Math.max(history.day, HALF_LIFE_TICKS_MIN);
  const histogram = decayingHistogram({ buckets, halfLifeTicks, levels: QUANTILE_LEVELS });
  const percentiles = new Float64Array(LEVEL_COUNT).fill(Number.NaN);
  let known = 0;
  for (const peak of history.peaksOf(ticks)) {
    histogram.age();
    if (Number.isNaN(peak)) continue;
    histogram.add(peak);
    known++;
  }
  if (known > 0) histogram.percentiles(percentiles);
  return percentiles;
}
