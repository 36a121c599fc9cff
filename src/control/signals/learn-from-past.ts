// Events that are over teach what the next ones will do: each is measured once against the usual demand of the workloads that it
// touched, after the last of it has faded. A few workloads a tick, so that an event that touched everybody costs no tick much.
import type { ExternalEvent } from "../../model/event.ts";
import { RESOURCES } from "../../model/resources.ts";
import { assert } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { reachOf } from "../../signals/event-phases.ts";
import { learnEvents } from "../../signals/learn-events.ts";
import { usualDemand } from "../../signals/usual-demand.ts";
import type { CellLayout } from "../cell-layout.ts";
import type { CellSignals, Lesson } from "./cell-signals.ts";
import { workloadsOf } from "./follow-events.ts";
import { DIARY_MS, readDiary, type WorkloadDiary } from "./workload-diary.ts";

/** One takes some 30 ms. */
const LESSONS_A_TICK = 4;
/** Waiting; what comes beyond that teaches nothing. */
const LESSONS_MAX = 10_000;

export interface Past {
  readonly layout: CellLayout;
  /** End of the tick just past. */
  readonly at: Instant;
}

/** Of a workload without a diary nothing is learned. Cancelled events teach nothing: they are not declared any more. */
export function learnFromPast(signals: CellSignals, past: Past): void {
  const { learned, lessons } = signals;
  for (const [id, end] of learned) if (end < past.at - 2 * DIARY_MS) learned.delete(id);
  for (const event of dueEvents(signals, past)) {
    learned.set(event.id, reachOf(event).to);
    for (const workload of workloadsOf(event, past.layout))
      if (signals.diaries.has(workload) && lessons.length < LESSONS_MAX) lessons.push({ event, workload });
  }
  for (const lesson of lessons.splice(0, LESSONS_A_TICK)) learn(signals, lesson, past.layout);
}

function dueEvents({ declared, learned }: CellSignals, { at }: Past): ExternalEvent[] {
  const due = declared.events.filter((event) => {
    const { from, to } = reachOf(event);
    return event.announced <= at && to <= at && from > at - DIARY_MS && !learned.has(event.id);
  });
  return due.toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

function learn(signals: CellSignals, { event, workload }: Lesson, layout: CellLayout): void {
  const { effects, declared, diaries } = signals;
  const [owner, diary] = [layout.workloads[workload], diaries.get(workload)];
  if (diary === undefined) return;
  assert(owner !== undefined, "only a workload of the cell has a diary");
  const touching = [event, ...declared.events.filter((other) => other.id !== event.id)]
    .filter((other) => workloadsOf(other, layout).includes(workload) && isInDiary(other, diary))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const together = touching.filter((other) => overlap(other, event));
  for (const [index, resource] of RESOURCES.entries()) {
    const series = readDiary(diary, index);
    const usual = usualDemand(series, { events: touching, spans: together });
    const { customer, id } = owner;
    learnEvents(effects, { series, usual, events: together, fresh: [event], resource, customer, workload: id });
  }
}

function isInDiary(event: ExternalEvent, { slot, slotMs }: WorkloadDiary): boolean {
  const { from, to } = reachOf(event);
  const now = (slot + 1) * slotMs;
  return from < now && to > now - DIARY_MS;
}

function overlap(left: ExternalEvent, right: ExternalEvent): boolean {
  return reachOf(left).from < reachOf(right).to && reachOf(right).from < reachOf(left).to;
}
