// What is known of one VM apart from its samples: what sort of work it does, and which events are in sight, in numbers and words.
import type { ExternalEvent } from "../../model/event.ts";
import type { VmId, WorkloadClass } from "../../model/fleet.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { Instant } from "../../model/time.ts";
import type { EventEffect } from "../../signals/event-effects.ts";
import { tellEvent } from "../../signals/tell-event.ts";
import type { CellLayout } from "../cell-layout.ts";
import type { CellSignals } from "./cell-signals.ts";
import type { ClassGuess } from "./classify-vms.ts";
import { effectsOn } from "./follow-events.ts";

export interface VmSignals {
  /** What the customer declared, else what it seems to be; undefined while nothing can be said. */
  readonly workloadClass:
    | { readonly class: WorkloadClass; readonly from: "declared" }
    | { readonly class: WorkloadClass; readonly from: "usage"; readonly confidence: number }
    | undefined;
  /** From usage alone, whatever was declared. */
  readonly guess: ClassGuess | undefined;
  readonly hasProfile: boolean;
  /** By start; what is in sight within a day, and what has not faded yet. */
  readonly events: readonly VmEvent[];
  /** 'campaign "Spring sale" in 3 h: CPU x1.8, learned from 2 alike; web by profile' */
  readonly sentence: string;
}

interface VmEvent {
  readonly event: ExternalEvent;
  readonly effects: Readonly<Partial<Record<Resource, EventEffect>>>;
  readonly sentence: string;
}

/** Undefined for a VM that is not of this cell. `at`: for how it is said; the events are those of the last tick. */
export function signalsOf(
  { state, signals }: { readonly state: { readonly layout: CellLayout }; readonly signals: CellSignals },
  vm: VmId,
  at: Instant,
): VmSignals | undefined {
  const { layout } = state;
  const index = layout.vmIds.indexOf(vm);
  if (index < 0) return undefined;
  const profile = signals.declared.profiles.get(vm);
  const guess = signals.guesses[index];
  const workloadClass = classOf(profile?.workloadClass, guess);
  const events = eventsOn(signals, { layout, index, at });
  const parts = [...events.map(({ sentence }) => sentence), ...tellClass(workloadClass)];
  return {
    workloadClass,
    guess,
    hasProfile: profile !== undefined,
    events,
    sentence: parts.length === 0 ? "nothing is known beside the samples" : parts.join("; "),
  };
}

function classOf(declared: WorkloadClass | undefined, guess: ClassGuess | undefined): VmSignals["workloadClass"] {
  if (declared !== undefined) return { class: declared, from: "declared" };
  if (guess === undefined || guess.workloadClass === "unknown") return undefined;
  return { class: guess.workloadClass, from: "usage", confidence: guess.classConfidence };
}

function tellClass(known: VmSignals["workloadClass"]): string[] {
  if (known === undefined) return [];
  if (known.from === "declared") return [`${known.class} by profile`];
  return [`looks like ${known.class}, ${Math.round(known.confidence * 100)} % sure`];
}

function eventsOn(
  signals: CellSignals,
  { layout, index, at }: { readonly layout: CellLayout; readonly index: number; readonly at: Instant },
): VmEvent[] {
  const workload = layout.vmsOfWorkload.findIndex((vms) => vms.includes(index));
  const { effects } = signals;
  return signals.followed
    .filter(({ workloads }) => workloads.includes(workload))
    .map((followed) => {
      const expected = effectsOn(followed, { effects, layout, workload });
      const byResource = Object.fromEntries(RESOURCES.map((resource, place) => [resource, expected[place]]));
      const those: VmEvent["effects"] = byResource;
      return {
        event: followed.event,
        effects: those,
        sentence: tellEvent({ event: followed.event, at, effects: those }),
      };
    })
    .toSorted((left, right) => left.event.start - right.event.start);
}
