// What an event is taken to do to each workload of the running cells, in numbers and words, and whose forecasts it changes.

import type { CellLayout } from "../../control/cell-layout.ts";
import type { CellSignals } from "../../control/signals/cell-signals.ts";
import { effectsOn, workloadsOf } from "../../control/signals/follow-events.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { RESOURCES } from "../../model/resources.ts";
import { DAY_MS, type Instant } from "../../model/time.ts";
import { describeEffect } from "../../signals/describe-effect.ts";
import type { EventEffect } from "../../signals/event-effects.ts";
import { reachOf } from "../../signals/event-phases.ts";
import { meanFactor } from "../../signals/tell-event.ts";
import type { EventEffects } from "../contract/sources.ts";

interface SeenSignals {
  readonly state: { readonly layout: CellLayout; readonly at: Instant };
  readonly signals: CellSignals;
}

const WORKLOADS_MAX = 50;
const VMS_MAX = 10;

export function effectsOfEvent(cell: SeenSignals, event: ExternalEvent): EventEffects {
  const { followed, learned, lessons } = cell.signals;
  const isWaiting = lessons.some((lesson) => lesson.event.id === event.id);
  return {
    event: event.id,
    isFollowed: followed.some((each) => each.event.id === event.id),
    wasLearnedFrom: learned.has(event.id) && !isWaiting,
    workloads: workloadsOfCell(cell, event).slice(0, WORKLOADS_MAX),
  };
}

/** What several cells say of one event, as one. */
export function joinedEffects({ id }: ExternalEvent, parts: readonly EventEffects[]): EventEffects {
  const workloads = parts.flatMap((part) => part.workloads);
  return {
    event: id,
    isFollowed: parts.some(({ isFollowed }) => isFollowed),
    wasLearnedFrom: parts.some(({ wasLearnedFrom }) => wasLearnedFrom),
    workloads: workloads.toSorted((left, right) => (left.workload < right.workload ? -1 : 1)).slice(0, WORKLOADS_MAX),
  };
}

function workloadsOfCell({ state, signals }: SeenSignals, event: ExternalEvent): EventEffects["workloads"] {
  const { layout, at } = state;
  const followed = signals.followed.find((each) => each.event.id === event.id);
  const { from, to } = reachOf(event);
  const changesForecasts = followed !== undefined && from < at + DAY_MS && to > at;
  // Of one that is not in sight: what would be taken of it now.
  const asked = followed ?? { event, workloads: [], effects: new Map() };
  return workloadsOf(event, layout).flatMap((index) => {
    const owner = layout.workloads[index];
    if (owner === undefined) return [];
    const effects = effectsOn(asked, { effects: signals.effects, layout, workload: index });
    const vms = Array.from(layout.vmsOfWorkload[index] ?? [], (vm) => layout.vmIds[vm] ?? "");
    return [
      {
        workload: owner.id,
        customer: owner.customer,
        vms: vms.slice(0, VMS_MAX),
        vmCount: vms.length,
        changesForecasts,
        effects: effects.flatMap((effect, resource) => shownEffect(event, { effect, resource })),
      },
    ];
  });
}

function shownEffect(
  event: ExternalEvent,
  { effect, resource: index }: { readonly effect: EventEffect; readonly resource: number },
) {
  const resource = RESOURCES[index];
  if (resource === undefined) return [];
  const factor = Math.round(meanFactor(effect) * 1000) / 1000;
  return [{ resource, factor, events: effect.eventCount, sentence: describeEffect({ event, resource, effect }) }];
}
