// What the members of an ensemble said at past origins, each knowing only what was known then. Kept from origin to origin.
import { announcedBy } from "../../model/event.ts";
import { startOfTick } from "../../model/time.ts";
import type { FittedModel, ForecastModel, KnownSeries, Window } from "../forecast-model.ts";

export interface Lesson {
  /** Ticks known when it was said. */
  readonly origin: number;
  /** [series][member]: [window x level]. */
  readonly said: readonly (readonly Float32Array[])[];
}

export interface LessonPlan {
  readonly windows: readonly Window[];
  /** Origins are multiples of so many ticks, the last `count` of them. */
  readonly strideTicks: number;
  readonly count: number;
}

/** Ascending by origin; lessons known from before are not asked again. */
export function takeLessons(
  models: readonly ForecastModel[],
  known: readonly KnownSeries[],
  { plan, before }: { readonly plan: LessonPlan; readonly before: readonly Lesson[] },
): readonly Lesson[] {
  const { strideTicks, count, windows } = plan;
  const length = known[0]?.grid.length ?? 0;
  const last = Math.floor((length - 1) / strideTicks);
  const wanted = Array.from({ length: Math.max(0, Math.min(count, last)) }, (_, index) => last - index).reverse();
  const origins = wanted.map((multiple) => multiple * strideTicks);
  let fitted: readonly FittedModel[] = [];
  return origins.map((origin) => {
    const kept = before.find((lesson) => lesson.origin === origin);
    if (kept !== undefined) return kept;
    const then = known.map((one) => asKnownAt(one, origin));
    fitted = models.map((model, index) => fitted[index]?.extend?.(then) ?? model.fit(then));
    const said = known.map((_, series) => fitted.map((one) => Float32Array.from(one.predict(series, windows))));
    return { origin, said };
  });
}

function asKnownAt(one: KnownSeries, origin: number): KnownSeries {
  const { inProgress, ...series } = one;
  return {
    ...series,
    grid: { ...one.grid, length: origin },
    values: one.values.subarray(0, origin),
    events: announcedBy(one.events, startOfTick(one.grid, origin)),
  };
}
