// The recommender of Kubernetes' Vertical Pod Autoscaler: a percentile of a histogram that forgets, plus a safety
// margin.
import { type DecayingHistogram, decayingHistogram, exponentialBuckets } from "../../forecast/decaying-histogram.ts";
import type { Resource } from "../../model/resources.ts";
import type { Policy, SeriesContext, SeriesPlanner } from "../policy.ts";

const PERCENTILES = [
  0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.998, 0.999, 0.9999,
] as const;
const MARGIN = 1.15;
/**
 * Width of the first bucket in base units: 0.01 cores and 10 MB as published, the last of the 176 starting near 1000
 * cores and 1 TB. Later versions begin at 0.001 cores, which reserves 1.4 % more at 1 % violations on Bitbrains 2013-8.
 * For throughput, which VPA does not know, the same shape up to 1 GB/s.
 */
const FIRST_BUCKET: Readonly<Record<Resource, number>> = { cpu: 0.01, memory: 1e7, network: 1e4, storage: 1e4 };
const BUCKETS = { ratio: 1.05, count: 176 };

/**
 * The target recommendation with its defaults: half-life 24 h, 15 % margin; default percentile 0.9. CPU (and
 * throughput) adds every sample, there weighted by the request, here all alike. Memory adds one sample for each 24 h,
 * its peak so far; the days run from the first tick, there from the first sample. Unknown samples add nothing, but time
 * passes: what was seen before a gap weighs less after it. What is left out: the confidence multiplier, since it widens
 * only the bounds that trigger evictions, never the target; bumps after out-of-memory kills, since demand is seen whole
 * here; the minimum of 25 millicores and 250 MB, which would only add.
 */
export const vpaPolicy: Policy = {
  name: "vpa",
  title: "VPA recommender",
  source: "kubernetes/autoscaler, vertical-pod-autoscaler/pkg/recommender (logic/recommender.go, model/container.go)",
  knobMeaning: "percentile of the decaying histogram, for memory of its daily peaks, plus 15 % margin",
  knobs: PERCENTILES,
  planning: { kind: "causal", start },
};

function start(context: SeriesContext): SeriesPlanner {
  const isMemory = context.resource === "memory";
  const histogram = decayingHistogram({
    buckets: exponentialBuckets({ first: FIRST_BUCKET[context.resource], ...BUCKETS }),
    halfLifeTicks: isMemory ? 1 : context.ticksPerDay,
    levels: PERCENTILES,
  });
  const record = isMemory ? dailyPeaks(histogram, context.ticksPerDay) : everySample(histogram);
  let started = false;

  const decide = (allocations: Float64Array): void => {
    if (!started) {
      allocations.fill(context.fixedSize);
      return;
    }
    histogram.percentiles(allocations);
    for (let index = 0; index < PERCENTILES.length; index++)
      allocations[index] = (allocations[index] as number) * MARGIN;
  };
  const observe = (demand: number): void => {
    record(demand);
    started ||= !Number.isNaN(demand);
  };
  return { decide, observe };
}

function everySample(histogram: DecayingHistogram): (demand: number) => void {
  return (demand) => {
    histogram.age();
    if (!Number.isNaN(demand)) histogram.add(demand);
  };
}

/**
 * The histogram ages once a day here, so its half-life is one step. The peak of the day that runs is replaced as it
 * grows.
 */
function dailyPeaks(histogram: DecayingHistogram, ticksPerDay: number): (demand: number) => void {
  let peak = Number.NaN;
  let ticksLeft = 0;
  return (demand) => {
    if (ticksLeft === 0) {
      histogram.age();
      peak = Number.NaN;
      ticksLeft = ticksPerDay;
    }
    ticksLeft--;
    if (Number.isNaN(demand) || demand <= peak) return;
    if (!Number.isNaN(peak)) histogram.remove(peak);
    histogram.add(demand);
    peak = demand;
  };
}
