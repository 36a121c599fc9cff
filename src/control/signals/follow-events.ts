// Which events are in sight, whom they touch, and what they are taken to do. From its first tick to its last an event is taken to
// do the same: what others teach meanwhile, or a declaration that is changed, counts for the next one of its kind.
import type { ExternalEvent } from "../../model/event.ts";
import { RESOURCES } from "../../model/resources.ts";
import { type Instant, instant, WEEK_MS } from "../../model/time.ts";
import type { ExpectedEvent } from "../../signals/apply-effect.ts";
import { type EventEffect, expectedEffect } from "../../signals/event-effects.ts";
import { reachOf } from "../../signals/event-phases.ts";
import type { CellLayout } from "../cell-layout.ts";
import type { CellSignals, FollowedEvent } from "./cell-signals.ts";

/** So long before its reach an event is in sight: forecasts need a day of it, people want to know earlier. */
const SIGHT_MS = WEEK_MS;

export interface Followed {
  readonly layout: CellLayout;
  /** End of the tick just past. */
  readonly at: Instant;
}

/** Brings `signals.followed` up to date with what is declared. The order of declarations does not matter. */
export function followEvents(signals: CellSignals, { layout, at }: Followed): void {
  const { stepMs } = layout;
  const acted = signals.followed.filter(({ event }) => reachOf(event).from < signals.followedAt + stepMs);
  const byId = new Map(acted.map((each) => [each.event.id, each]));
  const inSight = signals.declared.events.filter((event) => {
    const { from, to } = reachOf(wholeTicks(event, { at, stepMs }));
    return event.announced <= at && to > at - stepMs && from < at + SIGHT_MS;
  });
  signals.followed = inSight
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .map((said) => follow(wholeTicks(said, { at, stepMs }), { acted: byId.get(said.id), layout }));
  signals.followedAt = at;
}

/** `acted`: what the event was when it had a part in a forecast. */
function follow(
  said: ExternalEvent,
  { acted, layout }: { readonly acted: FollowedEvent | undefined; readonly layout: CellLayout },
): FollowedEvent {
  const workloads = workloadsOf(said, layout);
  if (acted === undefined) return { event: said, workloads, effects: new Map() };
  const { start, end } = said;
  return { event: { ...acted.event, start, end }, workloads, effects: acted.effects };
}

/** Indices of the workloads whose customers an event touches, ascending. */
export function workloadsOf({ customers }: ExternalEvent, { workloads }: CellLayout): number[] {
  const touched = customers && new Set(customers);
  return [...workloads.keys()].filter((index) => {
    const customer = workloads[index]?.customer;
    return customer !== undefined && (touched === undefined || touched.has(customer));
  });
}

function wholeTicks(event: ExternalEvent, { at, stepMs }: { at: Instant; stepMs: number }): ExternalEvent {
  const start = instant(at + Math.floor((event.start - at) / stepMs) * stepMs);
  const end = instant(at + Math.ceil((event.end - at) / stepMs) * stepMs);
  return { ...event, start, end };
}

/** Events on one workload. */
export interface TouchedWorkload {
  readonly workload: number;
  /** [resource] */
  readonly events: readonly (readonly ExpectedEvent[])[];
}

/** The workloads that events have a part in between two instants. */
export function touchedWorkloads(
  { followed, effects }: CellSignals,
  { layout, from, to }: { readonly layout: CellLayout; readonly from: number; readonly to: number },
): TouchedWorkload[] {
  const byWorkload = new Map<number, FollowedEvent[]>();
  for (const each of followed) {
    const reach = reachOf(each.event);
    if (reach.from >= to || reach.to <= from) continue;
    for (const workload of each.workloads) {
      const those = byWorkload.get(workload);
      if (those === undefined) byWorkload.set(workload, [each]);
      else those.push(each);
    }
  }
  return [...byWorkload].map(([workload, those]) => {
    const expected = those.map((each) => ({ each, by: effectsOn(each, { effects, layout, workload }) }));
    const events = RESOURCES.map((_, resource) =>
      expected.flatMap(({ each, by }) => {
        const effect = by[resource];
        return effect === undefined ? [] : [{ event: each.event, effect }];
      }),
    );
    return { workload, events };
  });
}

/** [resource] what an event is taken to do to a workload. */
export function effectsOn(
  followed: FollowedEvent,
  given: { readonly effects: CellSignals["effects"]; readonly layout: CellLayout; readonly workload: number },
): readonly EventEffect[] {
  const known = followed.effects.get(given.workload);
  if (known !== undefined) return known;
  const owner = given.layout.workloads[given.workload];
  if (owner === undefined) return [];
  const found = RESOURCES.map((resource) =>
    expectedEffect(given.effects, {
      event: followed.event,
      resource,
      customer: owner.customer,
      workload: owner.id,
    }),
  );
  followed.effects.set(given.workload, found);
  return found;
}
