// What sort of workload a VM runs, told from a few weeks of its usage: a pattern in time, and a class of software. Plain rules:
// each choice has evidence from 0 to 1 from named numbers, and is as strong as the weakest of them.
import { WORKLOAD_CLASSES, type WorkloadClass } from "../model/fleet.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { HOUR_MS, type TimeGrid, ticksPer } from "../model/time.ts";
import { type UsageFeatures, usageFeatures } from "./usage-features.ts";

export const USAGE_PATTERNS = [
  "steady",
  "daily",
  "office-hours",
  "nightly-batch",
  "bursty",
  "growing",
  "idle",
  "unknown",
] as const;
export type UsagePattern = (typeof USAGE_PATTERNS)[number];

export interface UsageOfVm {
  readonly grid: TimeGrid;
  /** By resource, [grid.length], base units, NaN where unknown. */
  readonly usage: Readonly<Partial<Record<Resource, Float64Array>>>;
  /** Base units; by resource where known. */
  readonly ceiling: Readonly<Partial<Record<Resource, number>>>;
  readonly utcOffsetMinutes: number;
}

export interface WorkloadGuess {
  /** Of CPU, which all work needs. */
  readonly pattern: UsagePattern;
  /** 0..1: how far ahead of the other patterns it is, less while there is less than two weeks of usage. */
  readonly patternConfidence: number;
  readonly workloadClass: WorkloadClass | "unknown";
  readonly classConfidence: number;
  /** What it rests on. */
  readonly features: Readonly<Partial<Record<Resource, UsageFeatures>>>;
  readonly together: TogetherFeatures;
  /** Evidence of each choice, 0..1. */
  readonly patterns: Readonly<Record<UsagePattern, number>>;
  readonly classes: Readonly<Record<WorkloadClass | "unknown", number>>;
}

/** Of the four resources beside one another. */
interface TogetherFeatures {
  /** Correlation of CPU with another resource by the hour: what moves when there is more to do. */
  readonly cpuWithNetwork: number;
  readonly cpuWithMemory: number;
  readonly cpuWithStorage: number;
  /** Mean network traffic over mean storage traffic. */
  readonly networkToStorage: number;
}

/** With less than this nothing is said. */
export const HOURS_MIN = 48;
/** With this much a guess is as sure as it gets. */
const HOURS_ENOUGH = 14 * 24;

/** Takes some 10 ms for four weeks at 5 min: enough to do once a day or week, each VM at another hour. */
export function classifyWorkload({ grid, usage, ceiling, utcOffsetMinutes }: UsageOfVm): WorkloadGuess {
  const features: Partial<Record<Resource, UsageFeatures>> = {};
  for (const resource of RESOURCES) {
    const values = usage[resource];
    if (values !== undefined)
      features[resource] = usageFeatures({ grid, values, utcOffsetMinutes, ceiling: ceiling[resource] });
  }
  const width = ticksPer(HOUR_MS, grid.stepMs);
  const together = {
    cpuWithNetwork: correlation(usage.cpu, usage.network, width),
    cpuWithMemory: correlation(usage.cpu, usage.memory, width),
    cpuWithStorage: correlation(usage.cpu, usage.storage, width),
    networkToStorage: (features.network?.mean ?? Number.NaN) / (features.storage?.mean ?? Number.NaN),
  };
  const hours = features.cpu?.hoursKnown ?? 0;
  const patterns = patternEvidence(hours < HOURS_MIN ? undefined : features.cpu);
  const classes = classEvidence({ features, together, patterns });
  const maturity = Math.min(hours / HOURS_ENOUGH, 1);
  const pattern = mostLikely(patterns, USAGE_PATTERNS);
  const workloadClass = mostLikely(classes, [...WORKLOAD_CLASSES, "unknown"]);
  return {
    pattern: pattern.choice,
    patternConfidence: pattern.confidence * maturity,
    workloadClass: workloadClass.choice,
    classConfidence: workloadClass.confidence * maturity,
    features,
    together,
    patterns,
    classes,
  };
}

/** What a choice must beat to be made at all. */
const UNKNOWN = 0.35;

function patternEvidence(cpu: UsageFeatures | undefined): Record<UsagePattern, number> {
  const none = { steady: 0, daily: 0, "office-hours": 0, "nightly-batch": 0, bursty: 0, growing: 0, idle: 0 };
  if (cpu === undefined) return { ...none, unknown: 1 };
  const idle = Math.min(below(cpu.meanShare, 0.015, 0.03), below(cpu.highShare, 0.15, 0.5));
  const isNight = cpu.peakHour >= 20 || cpu.peakHour <= 5 ? 1 : 0;
  const nightly = Math.min(
    isNight,
    above(cpu.peakShare, 0.35, 0.6),
    above(cpu.peakRegularity, 0.5, 0.8),
    above(cpu.burstiness, 1.5, 2.5),
  );
  const season = Math.max(above(cpu.season24, 0.15, 0.4), above(cpu.season168, 0.3, 0.6));
  const office = Math.min(below(cpu.weekendRatio, 0.45, 0.7), below(cpu.nightRatio, 0.4, 0.75), season);
  const growing = Math.min(above(cpu.growthPerWeek, 0.03, 0.1), above(cpu.growingDays, 0.7, 0.95));
  const busy = 1 - idle;
  return {
    idle,
    "nightly-batch": Math.min(nightly, busy),
    "office-hours": Math.min(office, 1 - nightly, busy),
    daily: Math.min(season, 1 - office, 1 - nightly, busy),
    growing: Math.min(growing, busy),
    bursty: Math.min(above(cpu.burstiness, 2.5, 4.5), 1 - season, 1 - nightly, busy),
    steady: Math.min(below(cpu.burstiness, 1.6, 3), below(cpu.variation, 0.25, 0.7), 1 - growing, 1 - season, busy),
    unknown: UNKNOWN,
  };
}

interface ClassInput {
  readonly features: Readonly<Partial<Record<Resource, UsageFeatures>>>;
  readonly together: TogetherFeatures;
  readonly patterns: Readonly<Record<UsagePattern, number>>;
}

/**
 * Databases and caches hold much memory, whatever there is to do; a database then reads and writes, a cache only talks over the
 * network. Visitors of a web server move CPU and network together, by day and night. A desktop sleeps when its user does. Batch
 * works at full speed for a short time.
 */
function classEvidence({ features, together, patterns }: ClassInput): Record<WorkloadClass | "unknown", number> {
  const { cpu, memory } = features;
  if (cpu === undefined || patterns.unknown === 1)
    return { web: 0, batch: 0, database: 0, cache: 0, desktop: 0, idle: 0, unknown: 1 };
  const holdsMemory = Math.min(
    above(memory?.meanShare ?? Number.NaN, 0.12, 0.25),
    below(memory?.variation ?? Number.NaN, 0.25, 0.5),
    below(together.cpuWithMemory, 0.3, 0.7),
  );
  const talks = Math.min(above(together.networkToStorage, 0.5, 1.5), below(together.cpuWithStorage, 0.2, 0.7));
  const visited = above(together.cpuWithNetwork, 0.3, 0.7);
  const seasonal = Math.max(patterns.daily, patterns["office-hours"]);
  const sleeps = Math.min(
    below(cpu.weekendRatio, 0.2, 0.4),
    below(cpu.nightRatio, 0.15, 0.4),
    patterns["office-hours"],
  );
  const sprints = Math.min(above(cpu.burstiness, 3, 6), above(cpu.highShare, 0.25, 0.5), 1 - visited * seasonal);
  const busy = 1 - patterns.idle;
  return {
    idle: patterns.idle,
    database: Math.min(holdsMemory, 1 - talks, busy),
    cache: Math.min(holdsMemory, talks, busy),
    desktop: Math.min(sleeps, 1 - holdsMemory, busy),
    web: Math.min(seasonal, visited, 1 - sleeps, 1 - holdsMemory, busy),
    batch: Math.min(Math.max(patterns["nightly-batch"], sprints), 1 - sleeps, 1 - holdsMemory, busy),
    unknown: UNKNOWN,
  };
}

/** Small: a lead of 0.3 in evidence is nearly sure. */
const TEMPERATURE = 0.12;

/** Softmax over evidence; the first of equals. */
function mostLikely<Choice extends string>(
  evidence: Readonly<Record<Choice, number>>,
  choices: readonly Choice[],
): { choice: Choice; confidence: number } {
  const weights = choices.map((choice) => ({ choice, weight: Math.exp(evidence[choice] / TEMPERATURE) }));
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const best = weights.reduce((most, each) => (each.weight > most.weight ? each : most));
  return { choice: best.choice, confidence: best.weight / total };
}

/** 0 up to `none`, 1 from `full` on, a ramp between; a half where the number is not known. */
function above(value: number, none: number, full: number): number {
  if (Number.isNaN(value)) return 0.5;
  return Math.min(Math.max((value - none) / (full - none), 0), 1);
}

/** 1 up to `full`, 0 from `none` on. */
function below(value: number, full: number, none: number): number {
  return 1 - above(value, full, none);
}

/** Pearson's, over means of `width` ticks, NaN where either is not known or does not move. */
function correlation(left: Float64Array | undefined, right: Float64Array | undefined, width: number): number {
  if (left === undefined || right === undefined) return Number.NaN;
  let [count, sumLeft, sumRight, squaresLeft, squaresRight, products] = [0, 0, 0, 0, 0, 0];
  for (let from = 0; from + width <= left.length; from += width) {
    const [a, b] = [meanIn(left, from, width), meanIn(right, from, width)];
    if (Number.isNaN(a + b)) continue;
    count++;
    sumLeft += a;
    sumRight += b;
    squaresLeft += a * a;
    squaresRight += b * b;
    products += a * b;
  }
  const scale = Math.sqrt((squaresLeft - sumLeft ** 2 / count) * (squaresRight - sumRight ** 2 / count));
  return scale > 0 ? (products - (sumLeft * sumRight) / count) / scale : Number.NaN;
}

function meanIn(values: Float64Array, from: number, width: number): number {
  let sum = 0;
  for (let index = from; index < from + width; index++) sum += values[index] as number;
  return sum / width;
}
