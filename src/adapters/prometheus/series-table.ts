// The series that are followed: what each is for, and its last sample. Found by the bytes of their labels; forgotten when they have
// been idle, and never more than so many.
import { MINUTE_MS } from "../../model/time.ts";
import { meaningOf, type RulePlan } from "./rule-plan.ts";
import { leave, newTarget, slotOf, type Target } from "./scrapes.ts";
import { readLabels } from "./write-request.ts";

export interface Series {
  readonly metric: string;
  readonly feeds: readonly Feed[];
  /** Why it counts for nothing. */
  readonly ignored: string | undefined;
  readonly hasRate: boolean;
  /** Its last sample; undefined before the first, and after it ended. */
  value: number | undefined;
  at: number;
  seenAt: number;
  samples: number;
}

interface Feed {
  readonly target: Target;
  readonly slot: number;
  readonly isRate: boolean;
}

export interface SeriesTable {
  known(labels: string): Series | undefined;
  /** Undefined: it is new, and there are too many already. */
  find(asked: { readonly name: string; readonly labels: string; readonly now: number }): Series | undefined;
  /** Those that were not seen since; looked for once in a while. */
  forgetIdle(before: number): void;
  all(): Iterable<Series>;
}

const LOOK_MS = 5 * MINUTE_MS;

export function createSeriesTable(plan: RulePlan, seriesMax: number): SeriesTable {
  const table = new Map<string, Series>();
  const targets = new Map<string, Target>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  function newSeries(name: string, text: string): Series {
    const labels = readLabels(text);
    const meaning = meaningOf(plan, name, labels) ?? { kind: "ignored", why: "no rule names this metric" };
    const place = `${labels?.get("job") ?? ""}\0${labels?.get("instance") ?? ""}`;
    const fed = meaning.kind === "feeds" ? meaning.feeds : [];
    const feeds = fed.map(({ vm, role: { planned, part } }) => {
      const key = `${vm}\0${place}`;
      const target = targets.get(key) ?? newTarget(vm, key);
      targets.set(key, target);
      target.series++;
      const isRate = part === "value" && planned.rule.kind === "counter";
      return { target, slot: slotOf(target, { rule: planned.number, part }), isRate };
    });
    return {
      ...{ metric: name, feeds, hasRate: feeds.some(({ isRate }) => isRate) },
      ignored: meaning.kind === "ignored" ? meaning.why : undefined,
      ...{ value: undefined, at: Number.NEGATIVE_INFINITY, seenAt: 0, samples: 0 },
    };
  }

  return {
    known: (labels) => table.get(labels),
    find({ name, labels }) {
      const found = table.get(labels);
      if (found !== undefined) return found;
      if (table.size >= seriesMax) return undefined;
      const made = newSeries(name, labels);
      table.set(labels, made);
      return made;
    },
    forgetIdle(before) {
      if (before - lookedAt < LOOK_MS) return;
      lookedAt = before;
      for (const [labels, series] of table) {
        if (series.seenAt >= before) continue;
        table.delete(labels);
        endSeries(series);
        for (const { target } of series.feeds) if (--target.series === 0) targets.delete(target.key);
      }
    },
    all: () => table.values(),
  };
}

/** It sends nothing any more: nobody waits for it, and what comes later is a new beginning. */
export function endSeries(series: Series): void {
  if (series.value === undefined) return;
  series.value = undefined;
  for (const { target, slot } of series.feeds) leave(target, slot);
}
