// What an ensemble learns: at past origins its members say what they would have said, and once the windows asked about are
// over, what came is set against it. In turn, so that nothing is judged by what came later; carried on from fit to fit.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { type KnownSeries, peakAfter, type Window } from "../forecast-model.ts";
import { GROUP_COUNT } from "./lesson-windows.ts";
import { addLosses, copyLosses, forget, type MemberLosses, noLosses } from "./member-losses.ts";
import { trackCoverage } from "./track-coverage.ts";
import { mixRows, sharedStanding, standingOf, weighMembers } from "./weigh-members.ts";

/** Changed in place by `settle` and `addLesson`. */
export interface Learned {
  /** [series][group] */
  readonly groups: readonly (readonly LearnedGroup[])[];
  /** Lessons whose windows are not all over, oldest first. */
  pending: readonly Lesson[];
  /** Ticks up to which what came has been looked at. */
  settledAt: number;
  lessons: number;
}

interface LearnedGroup {
  readonly losses: MemberLosses;
  /** [level], in widths of a row. */
  readonly corrections: Float64Array;
}

interface Lesson {
  /** Ticks known when it was said. */
  readonly origin: number;
  /** How many lessons there were before it. */
  readonly place: number;
  /** [series][member]: [window x level]. */
  readonly said: readonly (readonly Float64Array[])[];
  /** [series]: [window x level] what the ensemble made of it, not corrected; NaN where nothing had been compared yet. */
  readonly mixed: readonly Float64Array[];
}

export interface LessonPlan {
  readonly windows: readonly Window[];
  /** [window] */
  readonly groups: readonly number[];
  /** [member] > 0 */
  readonly priors: readonly number[];
  /** A comparison counts half after so many lessons. */
  readonly halfLifeLessons: number;
}

export function nothingLearned(seriesCount: number, members: number): Learned {
  const group = (): LearnedGroup => ({ losses: noLosses(members), corrections: new Float64Array(LEVEL_COUNT) });
  const groups = Array.from({ length: seriesCount }, () => Array.from({ length: GROUP_COUNT }, group));
  return { groups, pending: [], settledAt: 0, lessons: 0 };
}

export function copyLearned({ groups, ...rest }: Learned): Learned {
  const copied = groups.map((series) =>
    series.map(({ losses, corrections }) => ({ losses: copyLosses(losses), corrections: corrections.slice() })),
  );
  return { ...rest, groups: copied };
}

/** Compares what was said with what came before tick `origin`, in the order in which it came: called rarely or often, all the same. */
export function settle(
  learned: Learned,
  plan: LessonPlan,
  at: { known: readonly KnownSeries[]; origin: number },
): void {
  const over = learned.pending.flatMap((lesson) =>
    plan.windows.flatMap((window, index) => {
      const end = lesson.origin + window.from + window.ticks;
      return end > learned.settledAt && end <= at.origin ? [{ lesson, index, end }] : [];
    }),
  );
  over.sort((left, right) => left.end - right.end);
  for (const { lesson, index } of over)
    for (const [series, one] of at.known.entries()) settleWindow(learned, plan, { lesson, index, series, one });
  const reach = Math.max(...plan.windows.map(({ from, ticks }) => from + ticks));
  learned.pending = learned.pending.filter((lesson) => lesson.origin + reach > at.origin);
  learned.settledAt = at.origin;
}

interface Settled {
  readonly lesson: Lesson;
  /** Of the window. */
  readonly index: number;
  readonly series: number;
  readonly one: KnownSeries;
}

function settleWindow(learned: Learned, plan: LessonPlan, { lesson, index, series, one }: Settled): void {
  const window = plan.windows[index];
  const place = plan.groups[index] as number;
  const group = learned.groups[series]?.[place];
  const actual = window ? peakAfter(one.values, lesson.origin, window) : Number.NaN;
  if (group === undefined || Number.isNaN(actual)) return;
  const said = (lesson.said[series] ?? []).map((rows) => rowAt(rows, index));
  const weight = keptAfter(learned.lessons - 1 - lesson.place, plan);
  addLosses(group.losses, { actual, said, weight });
  const share = 1 / plan.groups.filter((other) => other === place).length;
  const mixed = lesson.mixed[series] && rowAt(lesson.mixed[series], index);
  if (mixed !== undefined && !Number.isNaN(mixed[0])) trackCoverage(group.corrections, { said: mixed, actual, share });
}

/** All that came before its origin is settled. `said`: as in `Lesson`. */
export function addLesson(
  learned: Learned,
  plan: LessonPlan,
  asked: { readonly known: readonly KnownSeries[]; readonly origin: number; readonly said: Lesson["said"] },
): void {
  const weights = weightsOf(learned, plan);
  const mixed = asked.said.map((members, series) => {
    const rows = new Float64Array(plan.windows.length * LEVEL_COUNT).fill(Number.NaN);
    for (const [index, group] of plan.groups.entries()) {
      if (isUntaught(learned, series, group)) continue;
      const opinions = members.map((one) => rowAt(one, index));
      mixRows(weights(series, group), opinions, rowAt(rows, index));
    }
    return rows;
  });
  for (const series of learned.groups) for (const { losses } of series) forget(losses, keptAfter(1, plan));
  const { origin, said } = asked;
  learned.pending = [...learned.pending, { origin, place: learned.lessons, said, mixed }];
  learned.lessons++;
}

/** (series, group) to [member x level], as of now. */
export function weightsOf(learned: Learned, { priors }: LessonPlan): (series: number, group: number) => Float64Array {
  const own = learned.groups.map((groups) => groups.map(({ losses }) => standingOf(losses)));
  const shared = Array.from({ length: GROUP_COUNT }, (_, group) =>
    sharedStanding(own.map((series) => series[group] ?? new Float64Array(0))),
  );
  const nothing = new Float64Array(priors.length * LEVEL_COUNT).fill(Number.NaN);
  return (series, group) =>
    weighMembers({
      own: own[series]?.[group] ?? nothing,
      counts: learned.groups[series]?.[group]?.losses.counts ?? new Float64Array(priors.length),
      shared: shared[group] ?? nothing,
      priors,
    });
}

function isUntaught({ groups }: Learned, series: number, group: number): boolean {
  return groups[series]?.[group]?.losses.counts.every((count) => count === 0) ?? true;
}

function keptAfter(lessons: number, { halfLifeLessons }: LessonPlan): number {
  return 0.5 ** (lessons / halfLifeLessons);
}

export function rowAt(rows: Float64Array, index: number): Float64Array {
  return rows.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT);
}
