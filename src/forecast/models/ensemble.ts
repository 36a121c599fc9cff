// Several models as one: at past origins each says what it would have said, and who was right lately counts more; what the
// mixture still gets wrong is corrected level by level. Per series and group of windows, from nothing but the past.

import { announcedBy } from "../../model/event.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { type Instant, startOfTick } from "../../model/time.ts";
import { groupOf, lessonWindows, NEAREST_STEPS } from "../ensemble/lesson-windows.ts";
import {
  addLesson,
  copyLearned,
  type Learned,
  type LessonPlan,
  nothingLearned,
  rowAt,
  settle,
  weightsOf,
} from "../ensemble/lessons.ts";
import { mixtureParts } from "../ensemble/mixture-parts.ts";
import { correctRow } from "../ensemble/track-coverage.ts";
import { mixRows } from "../ensemble/weigh-members.ts";
import { type FittedModel, type ForecastModel, type KnownSeries, silence, type Window } from "../forecast-model.ts";
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
  readonly lessons: {
    /** Origins are multiples of so many ticks. */
    readonly strideTicks: number;
    /** So many past ones are asked about when nothing was learned before. */
    readonly count: number;
    readonly halfLife: number;
  };
}

export function ensemble(setting: EnsembleSetting): ForecastModel {
  return {
    name: setting.name,
    fit: (known) => learnAndFit(setting, known, { learned: nothingLearned(known.length, setting.members.length) }),
  };
}

interface Before {
  readonly learned: Learned;
  /** As fitted at its last origin. */
  readonly members?: readonly FittedModel[];
}

function learnAndFit(setting: EnsembleSetting, known: readonly KnownSeries[], before: Before): FittedModel {
  const plan = planOf(setting, known);
  const learned = copyLearned(before.learned);
  let { members } = before;
  const fitAt = (then: readonly KnownSeries[]): readonly FittedModel[] => {
    members = setting.members.map(({ model }, index) => members?.[index]?.extend?.(then) ?? model.fit(then));
    return members;
  };
  for (const origin of lessonOrigins(setting, known, learned)) {
    settle(learned, plan, { known, origin });
    const fitted = fitAt(known.map((one) => asKnownAt(one, origin)));
    const said = known.map((_, series) => fitted.map((member) => member.predict(series, plan.windows)));
    addLesson(learned, plan, { known, origin, said });
  }
  settle(learned, plan, { known, origin: known[0]?.grid.length ?? 0 });
  const fitted = fitAt(known);
  const weights = weightsOf(learned, plan);
  const ask = (series: number, windows: readonly Window[]): Asked => {
    const said = fitted.map((member) => member.predict(series, windows));
    return { learned, weights, series, windows, said, stepMs: known[series]?.grid.stepMs ?? 1 };
  };
  const explain = (series: number) => describe(setting, weights(series, NEAREST_STEPS), learned);
  return {
    predict: (series, windows) =>
      known[series] === undefined ? silence(windows.length) : combine(ask(series, windows)),
    extend: (later) => learnAndFit(setting, later, { learned, members: fitted }),
    explain,
    parts: (series, windows) => {
      if (known[series] === undefined) return undefined;
      const asked = ask(series, windows);
      const members = setting.members.map(({ model }, index) => ({
        name: model.name,
        parts: fitted[index]?.parts?.(series, windows)?.parts ?? [],
      }));
      const mixed = { members, weights: weightsByWindow(asked), said: asked.said, rows: combine(asked) };
      return { sentence: explain(series), parts: mixtureParts(mixed) };
    },
  };
}

function planOf({ members, horizonTicks, lessons }: EnsembleSetting, known: readonly KnownSeries[]): LessonPlan {
  const stepMs = known[0]?.grid.stepMs ?? 1;
  const windows = lessonWindows(stepMs, horizonTicks);
  const season = seasonTicks(stepMs);
  return {
    windows,
    groups: windows.map((window) => groupOf(window, season)),
    priors: members.map(({ prior }) => prior),
    halfLifeLessons: lessons.halfLife,
  };
}

/** Those that nothing was learned from yet and that flatter nobody, oldest first. */
function lessonOrigins(setting: EnsembleSetting, [first]: readonly KnownSeries[], { settledAt }: Learned): number[] {
  if (first === undefined) return [];
  const { strideTicks, count } = setting.lessons;
  const trainedUntil = Math.max(...setting.members.map((member) => member.trainedUntil ?? Number.NEGATIVE_INFINITY));
  const last = Math.floor((first.grid.length - 1) / strideTicks);
  return Array.from({ length: count }, (_, back) => (last - count + 1 + back) * strideTicks).filter(
    (origin) => origin > 0 && origin >= settledAt && startOfTick(first.grid, origin) >= trainedUntil,
  );
}

function asKnownAt(one: KnownSeries, origin: number): KnownSeries {
  const { inProgress, covariates, ...series } = one;
  return {
    ...series,
    grid: { ...one.grid, length: origin },
    values: one.values.subarray(0, origin),
    events: announcedBy(one.events, startOfTick(one.grid, origin)),
  };
}

interface Asked {
  readonly learned: Learned;
  readonly weights: (series: number, group: number) => Float64Array;
  readonly series: number;
  readonly windows: readonly Window[];
  /** [member]: [window x level] */
  readonly said: readonly Float64Array[];
  readonly stepMs: number;
}

function combine(asked: Asked): Float64Array {
  const { learned, series, windows, said, stepMs } = asked;
  const season = seasonTicks(stepMs);
  const rows = new Float64Array(windows.length * LEVEL_COUNT);
  for (const [index, weights] of weightsByWindow(asked).entries()) {
    const row = rowAt(rows, index);
    const opinions = said.map((member) => rowAt(member, index));
    mixRows(weights, opinions, row);
    const group = windows[index] && groupOf(windows[index], season);
    const corrections = group === undefined ? undefined : learned.groups[series]?.[group]?.corrections;
    if (corrections !== undefined) correctRow(row, corrections);
  }
  return rows;
}

/** [window]: [member x level] */
function weightsByWindow({ weights, series, windows, stepMs }: Asked): readonly Float64Array[] {
  const season = seasonTicks(stepMs);
  const known = new Map<number, Float64Array>();
  return windows.map((window) => {
    const group = groupOf(window, season);
    const made = known.get(group) ?? weights(series, group);
    known.set(group, made);
    return made;
  });
}

function describe({ members }: EnsembleSetting, weights: Float64Array, { lessons }: Learned): string {
  if (lessons === 0) return "Nothing was compared yet: every member counts as it did at the start.";
  const shares = members
    .map(({ model }, index) => ({ name: model.name, share: meanOf(rowAt(weights, index)) }))
    .filter(({ share }) => share >= 0.01)
    .sort((left, right) => right.share - left.share)
    .map(({ name, share }) => `${name} ${Math.round(100 * share)} %`);
  return `${shares.join(", ")}: by what each got right in ${lessons} lessons lately.`;
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
