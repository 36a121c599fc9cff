// Usage of invented VMs for tests: a few weeks of four resources, by pattern of CPU and by class. Seeded.
import type { WorkloadClass } from "../model/fleet.ts";
import type { Resource } from "../model/resources.ts";
import { type SeededRandom, seededRandom } from "../model/seeded-random.ts";
import { MINUTE_MS, timeGrid } from "../model/time.ts";
import type { UsageOfVm, UsagePattern } from "./classify-workload.ts";
import { MONDAY } from "./signals.arbitrary.ts";

/** Share of the ceiling at an hour of the week from Monday 00:00, local time, in a week. */
type Shape = (hourOfWeek: number, week: number) => number;

const isWorkingDay = (hour: number) => hour < 5 * 24;
const between = (hour: number, from: number, to: number) => hour % 24 >= from && hour % 24 < to;
const wave = (hour: number) => 0.5 + 0.5 * Math.cos((2 * Math.PI * (hour - 15)) / 24);

/** What CPU does, for each pattern that can be told. */
export const PATTERN_SHAPES: Readonly<Record<Exclude<UsagePattern, "unknown" | "bursty">, Shape>> = {
  steady: () => 0.3,
  daily: (hour) => 0.1 + 0.4 * wave(hour),
  "office-hours": (hour) => (isWorkingDay(hour) && between(hour, 8, 18) ? 0.5 : 0.03),
  "nightly-batch": (hour) => (between(hour, 2, 4) ? 0.8 : 0.05),
  growing: (hour, week) => 0.1 * 1.25 ** (week + hour / 168),
  idle: () => 0.005,
};

/** Rare bursts at random times, otherwise little. */
export function burstyShape(random: SeededRandom): Shape {
  const heights = new Map<number, number>();
  return (hour, week) => {
    const slot = week * 168 + Math.floor(hour);
    if (!heights.has(slot)) heights.set(slot, random.next() < 0.04 ? 0.9 : 0.05);
    return heights.get(slot) ?? 0;
  };
}

export interface UsageFacts {
  readonly shapes: Readonly<Partial<Record<Resource, Shape>>>;
  readonly seed: number;
  readonly days?: number;
  readonly noise?: number;
  readonly utcOffsetMinutes?: number;
}

const STEP_MS = 15 * MINUTE_MS;
const CEILING = { cpu: 4, memory: 16e9, network: 1e8, storage: 1e8 } as const;

/** From a local Monday 00:00 on. */
export function usageOf({ shapes, seed, days = 28, noise = 0.1, utcOffsetMinutes = 0 }: UsageFacts): UsageOfVm {
  const random = seededRandom(seed);
  const startMs = MONDAY - utcOffsetMinutes * MINUTE_MS;
  const grid = timeGrid({ startMs, stepMs: STEP_MS, length: days * 96 });
  const usage: Partial<Record<Resource, Float64Array>> = {};
  for (const [resource, shape] of Object.entries(shapes) as [Resource, Shape][]) {
    const own = random.fork(resource);
    usage[resource] = Float64Array.from({ length: grid.length }, (_, tick) => {
      const hours = tick / 4;
      return shape(hours % 168, Math.floor(hours / 168)) * CEILING[resource] * Math.exp(noise * own.normal());
    });
  }
  return { grid, usage, ceiling: CEILING, utcOffsetMinutes };
}

const scaled =
  (shape: Shape, factor: number): Shape =>
  (hour, week) =>
    factor * shape(hour, week);

/** All four resources of a typical member of each class. */
export const CLASS_SHAPES: Readonly<Record<WorkloadClass, Readonly<Record<Resource, Shape>>>> = {
  web: {
    cpu: PATTERN_SHAPES.daily,
    memory: (hour) => 0.08 + 0.04 * wave(hour),
    network: PATTERN_SHAPES.daily,
    storage: scaled(PATTERN_SHAPES.daily, 0.3),
  },
  batch: {
    cpu: PATTERN_SHAPES["nightly-batch"],
    memory: (hour) => (between(hour, 2, 4) ? 0.5 : 0.1),
    network: () => 0.05,
    storage: PATTERN_SHAPES["nightly-batch"],
  },
  database: {
    cpu: PATTERN_SHAPES.daily,
    memory: () => 0.7,
    network: scaled(PATTERN_SHAPES.daily, 0.3),
    storage: PATTERN_SHAPES.daily,
  },
  cache: {
    cpu: scaled(PATTERN_SHAPES.daily, 0.4),
    memory: () => 0.8,
    network: PATTERN_SHAPES.daily,
    storage: () => 0.01,
  },
  desktop: {
    cpu: scaled(PATTERN_SHAPES["office-hours"], 0.6),
    memory: (hour) => (isWorkingDay(hour) && between(hour, 8, 18) ? 0.3 : 0.1),
    network: PATTERN_SHAPES["office-hours"],
    storage: PATTERN_SHAPES["office-hours"],
  },
  idle: { cpu: () => 0.004, memory: () => 0.03, network: () => 1e-4, storage: () => 1e-4 },
};
