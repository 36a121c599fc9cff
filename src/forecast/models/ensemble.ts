// Several models as one: at past origins each says what it would have said, and who was right lately counts more; what the
// mixture still gets wrong is corrected level by level. Per series and group of windows, from nothing but the past.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { Instant } from "../../model/time.ts";
import { groupOf, lessonWindows } from "../ensemble/lesson-windows.ts";
import { type Lesson, type LessonPlan, takeLessons } from "../ensemble/member-lessons.ts";
import { correctRow, trackCoverage } from "../ensemble/track-coverage.ts";
import { type Comparison, mixRows, weighMembers } from "../ensemble/weigh-members.ts";
import {
  type FittedModel,
  type ForecastModel,
  type KnownSeries,
  peakAfter,
  silence,
  type Window,
} from "../forecast-model.ts";
import { seasonTicks } from "../season-ticks.ts";

export interface EnsembleMember {
  readonly model: ForecastModel;
  /** > 0: how much it counts before any lesson, beside the others. */
  readonly prior: number;
  /** A model trained beforehand: lessons before this instant would flatter it and are left out for all. */
  readonly trainedUntil?: Instant;
}

export interface EnsembleSetting {
  readonly name: string;
  readonly members: readonly EnsembleMember[];
  readonly horizonTicks: number;
  readonly lessons: { readonly strideTicks: number; readonly count: number };
}

export function ensemble(setting: EnsembleSetting): ForecastModel {
  return { name: setting.name, fit: (known) => fitTo(setting, { known, before: [], members: [] }) };
}

interface Start {
  readonly known: readonly KnownSeries[];
  readonly before: readonly Lesson[];
  /** As fitted before, to be extended. */
  readonly members: readonly FittedModel[];
}

function fitTo(setting: EnsembleSetting, { known, before, members }: Start): FittedModel {
  const models = setting.members.map(({ model }) => model);
  const stepMs = known[0]?.grid.stepMs ?? 1;
  const plan: LessonPlan = { ...setting.lessons, windows: lessonWindows(stepMs, setting.horizonTicks) };
  const lessons = takeLessons(models, known, { plan, before });
  const fitted = models.map((model, index) => members[index]?.extend?.(known) ?? model.fit(known));
  const learned = new Map<number, LearnedSeries>();
  const learnedOf = (series: number, one: KnownSeries): LearnedSeries => {
    const kept = learned.get(series) ?? learnSeries(setting, { one, series, lessons, windows: plan.windows });
    learned.set(series, kept);
    return kept;
  };
  return {
    predict: (series, windows) => {
      const one = known[series];
      if (one === undefined) return silence(windows.length);
      const said = fitted.map((model) => model.predict(series, windows));
      return combine(learnedOf(series, one), { windows, said, stepMs });
    },
    extend: (later) => fitTo(setting, { known: later, before: lessons, members: fitted }),
    explain: (series) => {
      const one = known[series];
      return one === undefined ? "There is no such series." : describe(setting, learnedOf(series, one));
    },
  };
}

interface LearnedSeries {
  readonly scale: number;
  readonly priors: readonly number[];
  readonly byGroup: ReadonlyMap<string, LearnedGroup>;
}

interface LearnedGroup {
  readonly weights: readonly number[];
  /** [level] */
  readonly corrections: Float64Array;
  readonly lessons: number;
}

interface Past {
  readonly one: KnownSeries;
  readonly series: number;
  readonly lessons: readonly Lesson[];
  readonly windows: readonly Window[];
}

function learnSeries({ members }: EnsembleSetting, { one, series, lessons, windows }: Past): LearnedSeries {
  const season = seasonTicks(one.grid.stepMs);
  const scale = scaleOf(one.values);
  const priors = members.map(({ prior }) => prior);
  const trainedUntil = Math.max(...members.map((member) => member.trainedUntil ?? Number.NEGATIVE_INFINITY));
  const fair = lessons.filter(({ origin }) => one.grid.startMs + origin * one.grid.stepMs >= trainedUntil);
  const grouped = new Map<string, Comparison[]>();
  for (const [place, lesson] of fair.entries())
    for (const [index, window] of windows.entries()) {
      const actual = peakAfter(one.values, lesson.origin, window);
      if (Number.isNaN(actual)) continue;
      const said = (lesson.said[series] ?? []).map((rows) => rowOf(rows, index));
      const group = groupOf(window, season);
      const alike = grouped.get(group) ?? [];
      alike.push({ actual, said, age: fair.length - 1 - place });
      grouped.set(group, alike);
    }
  const byGroup = new Map([...grouped].map(([group, alike]) => [group, learnGroup(priors, alike, scale)]));
  return { scale, priors, byGroup };
}

function learnGroup(priors: readonly number[], alike: readonly Comparison[], scale: number): LearnedGroup {
  const weights = weighMembers(priors, alike);
  const outcomes = alike.map(({ actual, said }) => {
    const row = new Float64Array(LEVEL_COUNT);
    mixRows(weights, said, row);
    return { actual, said: row };
  });
  return { weights, corrections: trackCoverage(outcomes, scale), lessons: alike.length };
}

interface Asked {
  readonly windows: readonly Window[];
  /** [member]: [window x level] */
  readonly said: readonly Float64Array[];
  readonly stepMs: number;
}

function combine({ byGroup, scale, priors }: LearnedSeries, { windows, said, stepMs }: Asked): Float64Array {
  const season = seasonTicks(stepMs);
  const rows = new Float64Array(windows.length * LEVEL_COUNT);
  for (const [index, window] of windows.entries()) {
    const group = byGroup.get(groupOf(window, season));
    const row = rows.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT);
    const opinions = said.map((member) => rowOf(member, index));
    mixRows(group?.weights ?? priors, opinions, row);
    if (group !== undefined && !Number.isNaN(row[0] as number)) correctRow(row, group.corrections, scale);
  }
  return rows;
}

function rowOf<Row extends Float32Array | Float64Array>(rows: Row, index: number) {
  return rows.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT);
}

function scaleOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) if (value > largest) largest = value;
  return Math.max(largest, Number.MIN_VALUE);
}

function describe({ members }: EnsembleSetting, { byGroup }: LearnedSeries): string {
  const nearest = byGroup.get("step 0");
  if (nearest === undefined) return "Nothing was compared yet: every member counts as it did at the start.";
  const shares = members
    .map(({ model }, index) => ({ name: model.name, share: nearest.weights[index] ?? 0 }))
    .filter(({ share }) => share >= 0.01)
    .sort((left, right) => right.share - left.share)
    .map(({ name, share }) => `${name} ${Math.round(100 * share)} %`);
  return `${shares.join(", ")}: by what each got right in ${nearest.lessons} comparisons lately.`;
}
