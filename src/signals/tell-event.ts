// An event in sight in a few words for a page: 'campaign "Spring sale" in 3 h: CPU x1.8, network x1.9, learned from 2 alike'.
import type { ExternalEvent } from "../model/event.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time.ts";
import type { EventEffect } from "./event-effects.ts";
import { EVENT_PHASES } from "./event-phases.ts";

const RESOURCE_NAME: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "memory",
  network: "network",
  storage: "storage",
};

/** Less than this either way is not worth a word. */
const FACTOR_MIN = 1.05;

export interface EventInSight {
  readonly event: ExternalEvent;
  readonly at: number;
  readonly effects: Readonly<Partial<Record<Resource, EventEffect>>>;
}

export function tellEvent({ event, at, effects }: EventInSight): string {
  const { kind, name, confidence = 1 } = event;
  const sure = confidence < 1 ? `, ${Math.round(confidence * 100)} % sure` : "";
  return `${kind} "${name}" ${whenOf(event, at)}${sure}: ${sizeOf(effects)}, ${basisOf(Object.values(effects))}`;
}

function sizeOf(effects: EventInSight["effects"]): string {
  const known = Object.entries(effects) as [Resource, EventEffect][];
  const moved = known.flatMap(([resource, effect]) => {
    const factor = meanFactor(effect);
    const isChange = Math.max(factor, 1 / factor) >= FACTOR_MIN;
    return isChange ? [{ name: RESOURCE_NAME[resource], size: `x${factor.toFixed(1)}` }] : [];
  });
  const [first] = moved;
  if (first === undefined) return "no change expected";
  if (moved.length === RESOURCES.length && moved.every(({ size }) => size === first.size)) return `all ${first.size}`;
  return moved.map(({ name, size }) => `${name} ${size}`).join(", ");
}

/** What demand is multiplied with while the event lasts. */
export function meanFactor({ logUplift }: EventEffect): number {
  let [sum, shares] = [0, 0];
  EVENT_PHASES.forEach(({ part, from, to }, phase) => {
    if (part !== "during") return;
    sum += (to - from) * (logUplift[phase] as number);
    shares += to - from;
  });
  return Math.exp(sum / shares);
}

function whenOf({ start, end }: ExternalEvent, at: number): string {
  if (at < start) return `in ${duration(start - at)}`;
  return at < end ? `now, for ${duration(end - at)} more` : `over since ${duration(at - end)}`;
}

/** Of the resource of which most is known. */
function basisOf(effects: readonly EventEffect[]): string {
  const [best] = effects.toSorted((left, right) => right.eventCount - left.eventCount);
  if (best === undefined) return "nothing known";
  const { learnedOf, eventCount } = best;
  switch (learnedOf) {
    case "name":
      return `learned from ${eventCount} alike`;
    case "workload":
      return `learned from ${eventCount} of this workload`;
    case "customer":
      return `learned from ${eventCount} of this customer`;
    case "kind":
      return `learned from ${eventCount} of others`;
    case "declared":
      return "as declared, with doubt";
    case "nothing":
      return "nothing was declared and none was seen yet";
    default:
      return unreachable(learnedOf);
  }
}

function duration(ms: number): string {
  if (ms >= 2 * DAY_MS) return `${Math.round(ms / DAY_MS)} days`;
  return ms < 1.5 * HOUR_MS ? `${Math.round(ms / MINUTE_MS)} min` : `${Math.round(ms / HOUR_MS)} h`;
}
