// An event's effect in one sentence for people: "campaigns like this: +38 % CPU for 3 h, learned from 4 events".
import type { EventKind, ExternalEvent } from "../model/event.ts";
import type { Resource } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time.ts";
import type { EventEffect } from "./event-effects.ts";
import { EVENT_PHASES, effectiveHalfLifeMs } from "./event-phases.ts";

/** Less than this either way is not worth a word. */
const LOG_MIN = Math.log(1.03);
/** Half of a normal distribution lies within so many standard deviations. */
const HALF_Z = 0.674;

const PLURAL: Readonly<Record<EventKind, string>> = {
  campaign: "campaigns",
  release: "releases",
  holiday: "holidays",
  season: "seasons",
  news: "news",
};

const RESOURCE_NAME: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "memory",
  network: "network",
  storage: "storage",
};

export function describeEffect({
  event,
  resource,
  effect,
}: {
  readonly event: ExternalEvent;
  /** Left out where nobody said what the series measures. */
  readonly resource?: Resource | undefined;
  readonly effect: EventEffect;
}): string {
  const { mean, sd } = whileItLasts(effect);
  const measured = resource === undefined ? "demand" : RESOURCE_NAME[resource];
  const range = `half of them between ${percent(mean - HALF_Z * sd)} and ${percent(mean + HALF_Z * sd)}`;
  const parts = [
    ...beforePart(effect),
    `${Math.abs(mean) < LOG_MIN ? "no change of" : percent(mean)} ${measured} ${lasting(event)} (${range})`,
    ...afterPart(event, effect),
  ];
  return `${subjectOf(event, effect)}: ${parts.join(", ")}; ${basisOf(event, effect)}.`;
}

/** Mean over the event's length. The parts are taken to go wrong together. */
function whileItLasts({ logUplift, logSd }: EventEffect): { mean: number; sd: number } {
  let [mean, sd] = [0, 0];
  EVENT_PHASES.forEach(({ part, from, to }, phase) => {
    if (part !== "during") return;
    mean += (to - from) * (logUplift[phase] as number);
    sd += (to - from) * (logSd[phase] as number);
  });
  return { mean, sd };
}

function lasting(event: ExternalEvent): string {
  if (event.kind === "news") return `at first, half of it gone after ${duration(effectiveHalfLifeMs(event))}`;
  return `for ${duration(event.end - event.start)}`;
}

function beforePart({ logUplift }: EventEffect): string[] {
  const index = EVENT_PHASES.findIndex(({ part }) => part === "before");
  const [phase, size] = [EVENT_PHASES[index], logUplift[index] ?? 0];
  return phase === undefined || Math.abs(size) < LOG_MIN ? [] : [`${percent(size)} from ${-phase.from} h before it`];
}

/** Until when something is left, and how much in the first hour. News says so by its half-life. */
function afterPart({ kind }: ExternalEvent, { logUplift }: EventEffect): string[] {
  const first = EVENT_PHASES.findIndex(({ part }) => part === "after");
  const size = logUplift[first] ?? 0;
  if (kind === "news" || Math.abs(size) < LOG_MIN) return [];
  const fades = EVENT_PHASES.slice(first).findIndex((_, index) => (logUplift[first + index] ?? 0) / size < 0.5);
  const until = fades < 0 ? undefined : EVENT_PHASES[first + fades - 1]?.to;
  return [`${percent(size)} after it${until === undefined ? "" : ` for ${until} h`}`];
}

function subjectOf({ kind, name }: ExternalEvent, { learnedOf }: EventEffect): string {
  if (learnedOf === "name") return `"${name}"`;
  return learnedOf === "nothing" || learnedOf === "declared"
    ? `"${name}", never seen before`
    : `${PLURAL[kind]} like this`;
}

function basisOf({ kind, declaredUplift }: ExternalEvent, { learnedOf, eventCount }: EventEffect): string {
  const events = `learned from ${eventCount} ${eventCount === 1 ? "event" : "events"}`;
  const told = declaredUplift === undefined ? "" : ` and the declared ${percent(Math.log(declaredUplift))}`;
  switch (learnedOf) {
    case "name":
      return `${events} of this name${told}`;
    case "workload":
      return `${events} of this workload${told}`;
    case "customer":
      return `${events} of this customer${told}`;
    case "kind":
      return `${events} of other customers${told}`;
    case "declared":
      return `as declared (${percent(Math.log(declaredUplift ?? 1))}), with doubt`;
    case "nothing":
      return `nothing was declared and no ${kind} was seen yet: a guess`;
    default:
      return unreachable(learnedOf);
  }
}

/** The factor e^log as a change: "+38 %", "-60 %", "0 %". */
function percent(log: number): string {
  const change = Math.round(Math.expm1(log) * 100);
  return `${change > 0 ? "+" : ""}${change} %`;
}

function duration(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.round(ms / DAY_MS)} days`;
  if (ms < 1.5 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  const hours = Math.round((ms / HOUR_MS) * 10) / 10;
  return `${hours} h`;
}
