// What the customer of a recorded VM might have declared of it: the class that its usage shows, and its typical and peak demand by
// hour, in the coarse way people know them, and somewhat wrong. The day that is asked about teaches nothing of it.
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import type { ExampleStretch } from "../../forecast/lstm/training-examples.ts";
import type { WorkloadClass } from "../../model/fleet.ts";
import { HOURS_A_WEEK, type WorkloadProfile } from "../../model/profile.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { quantileOfSorted } from "../../model/series.ts";
import { DAY_MS, HOUR_MS, instant, ticksPer, timeGrid } from "../../model/time.ts";
import { classifyWorkload } from "../../signals/classify-workload.ts";
import { hourOfWeek } from "../../signals/profile-demand.ts";

type TellProfile = (stretch: ExampleStretch, random: SeededRandom) => WorkloadProfile | undefined;

/** Logs: both numbers are off together, and each for itself. */
const MISJUDGED_SD = 0.2;
const MISJUDGED_EACH_SD = 0.05;
/** Some tell no more than the class, some only the numbers. */
const CLASS_SHARE = 0.7;
const DEMAND_SHARE = 0.85;

/** Of series of the source. Undefined where the rest of the span says too little. */
export function profileTeller(source: PanelSource): TellProfile {
  const classOf = classTeller(source);
  const levelsOf = levelsTeller(source);
  return (stretch, random) => {
    const resource = RESOURCES[source.resources[stretch.series] ?? -1];
    const together = MISJUDGED_SD * random.normal();
    const typicalFactor = Math.exp(together + MISJUDGED_EACH_SD * random.normal());
    const peakFactor = Math.exp(together + MISJUDGED_EACH_SD * random.normal());
    const [isClassTold, isDemandTold] = [random.next() < CLASS_SHARE, random.next() < DEMAND_SHARE];
    const levels = levelsOf(stretch);
    if (levels === undefined || resource === undefined) return undefined;
    const [typical, peak] = [new Float64Array(HOURS_A_WEEK), new Float64Array(HOURS_A_WEEK)];
    for (let hour = 0; hour < HOURS_A_WEEK; hour++) {
      const group = groupOf(hour);
      typical[hour] = (levels.typical[group] as number) * typicalFactor;
      peak[hour] = Math.max((levels.peak[group] as number) * peakFactor, typical[hour] as number);
    }
    const workloadClass = isClassTold ? classOf(stretch) : undefined;
    return {
      scaling: "vertical",
      utcOffsetMinutes: 0,
      demand: isDemandTold ? { [resource]: { typical, peak } } : {},
      growthPerMonth: 0,
      declaredAt: instant(source.startMs),
      plannedChanges: [],
      ...(workloadClass && { workloadClass }),
    };
  };
}

/** People know working days and weekends, and an hour by itself and its neighbours. */
const DAY_HOURS = 24;
const GROUPS = 2 * DAY_HOURS;
const SAMPLES_MIN = 12;
/** So many samples of an hour are enough. */
const SAMPLES_AN_HOUR = 4;
/** Kept for later draws; then they are worked out anew. */
const KEPT_MAX = 20_000;

/** [GROUPS], base units. */
interface GroupLevels {
  readonly typical: Float64Array;
  readonly peak: Float64Array;
}

/** Whole days are left out, so that what was worked out once serves again. */
function levelsTeller(source: PanelSource): (stretch: ExampleStretch) => GroupLevels | undefined {
  const day = ticksPer(DAY_MS, source.stepMs);
  const kept = new Map<string, GroupLevels | undefined>();
  return ({ series, from, to, lastTick }) => {
    const [first, end] = [Math.floor(from / day), Math.ceil((to + day) / day)];
    const key = `${series} ${first} ${end}`;
    if (kept.size >= KEPT_MAX) kept.clear();
    if (!kept.has(key)) kept.set(key, levelsWithout(source, { series, from: first * day, to: end * day, lastTick }));
    return kept.get(key);
  };
}

interface LeftOut {
  readonly series: number;
  /** Ticks [from, to) are not looked at. */
  readonly from: number;
  readonly to: number;
  readonly lastTick: number;
}

function levelsWithout(source: PanelSource, leftOut: LeftOut): GroupLevels | undefined {
  const groups = gather(source, leftOut);
  const [typical, peak] = [new Float64Array(GROUPS), new Float64Array(GROUPS)];
  for (let group = 0; group < GROUPS; group++) {
    const own = withNeighbours(groups, group);
    // Where the weekend is not known, the working days stand for it, and the other way round.
    const near = own.length >= SAMPLES_MIN ? own : withNeighbours(groups, (group + DAY_HOURS) % GROUPS);
    if (near.length < SAMPLES_MIN) return undefined;
    typical[group] = quantileOfSorted(near, 0.5);
    peak[group] = quantileOfSorted(near, 0.95);
  }
  return { typical, peak };
}

/** By hour of a working day, then of a day of the weekend. */
function gather({ startMs, stepMs, values }: PanelSource, { series, from, to, lastTick }: LeftOut): number[][] {
  const groups = Array.from({ length: GROUPS }, (): number[] => []);
  const own = values[series] ?? [];
  const stride = Math.max(1, Math.floor(ticksPer(HOUR_MS, stepMs) / SAMPLES_AN_HOUR));
  for (let tick = 0; tick < lastTick; tick += stride) {
    const value = own[tick] as number;
    if ((tick >= from && tick < to) || Number.isNaN(value)) continue;
    groups[groupOf(hourOfWeek(instant(startMs + tick * stepMs), 0))]?.push(value);
  }
  return groups;
}

function withNeighbours(groups: readonly (readonly number[])[], group: number): Float64Array {
  const [first, hour] = [group - (group % DAY_HOURS), group % DAY_HOURS];
  const near = [DAY_HOURS - 1, 0, 1].flatMap((offset) => groups[first + ((hour + offset) % DAY_HOURS)] ?? []);
  return Float64Array.from(near).sort();
}

function groupOf(hourOfTheWeek: number): number {
  const isWeekend = hourOfTheWeek >= 5 * DAY_HOURS;
  return (isWeekend ? DAY_HOURS : 0) + (hourOfTheWeek % DAY_HOURS);
}

const CLASS_CONFIDENCE_MIN = 0.5;

/** Of the VM that a series is of; undefined where its usage says nothing clearly. */
function classTeller(source: PanelSource): (stretch: ExampleStretch) => WorkloadClass | undefined {
  const kept = new Map<number, WorkloadClass | undefined>();
  return ({ series, lastTick }) => {
    // One guess for all series of the VM.
    const first = Math.min(series, ...(source.siblings?.[series] ?? []));
    if (!kept.has(first)) kept.set(first, usageClass(source, { series: first, lastTick }));
    return kept.get(first);
  };
}

function usageClass(source: PanelSource, of: { series: number; lastTick: number }): WorkloadClass | undefined {
  const usage: Partial<Record<Resource, Float64Array>> = {};
  const ceiling: Partial<Record<Resource, number>> = {};
  for (const series of [of.series, ...(source.siblings?.[of.series] ?? [])]) {
    const resource = RESOURCES[source.resources[series] ?? -1];
    if (resource === undefined) continue;
    usage[resource] = Float64Array.from(source.values[series] ?? []).subarray(0, of.lastTick);
    const size = source.ceilings?.[series];
    if (size !== undefined) ceiling[resource] = size;
  }
  const grid = timeGrid({ startMs: source.startMs, stepMs: source.stepMs, length: of.lastTick });
  const { workloadClass, classConfidence } = classifyWorkload({ grid, usage, ceiling, utcOffsetMinutes: 0 });
  return workloadClass === "unknown" || classConfidence < CLASS_CONFIDENCE_MIN ? undefined : workloadClass;
}
