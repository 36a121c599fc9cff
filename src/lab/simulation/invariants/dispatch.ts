// How actions go out: within a host what shrinks before what grows, none without a deadline that ends with its tick, none
// twice, none done when its time is over.
import { ACTION_PHASES, type Action } from "../../../model/action.ts";
import type { Applied, Invariant } from "./invariant.ts";

export function shrinksFirst(): Invariant {
  let furthest = new Map<string, number>();
  const beginAnew = (): undefined => {
    furthest = new Map();
  };
  return {
    name: "shrinks before it grows",
    onDecided: beginAnew,
    onBetween: beginAnew,
    onSent({ id, host, phase }: Action) {
      const place = ACTION_PHASES.indexOf(phase);
      const before = furthest.get(host) ?? 0;
      furthest.set(host, Math.max(place, before));
      return place < before ? `${id} was sent after actions of the phase ${ACTION_PHASES[before]}.` : undefined;
    },
  };
}

export function deadlinesKept(): Invariant {
  return {
    name: "deadlines kept",
    onDecided: ({ cell, actions }) => oddDeadline(actions, { at: cell.state.at, stepMs: cell.state.layout.stepMs }),
    onBetween: ({ cell, actions, input }) => oddDeadline(actions, { at: input.now, stepMs: cell.state.layout.stepMs }),
    onApplied({ action, outcome, at }: Applied) {
      const isLate = outcome.kind === "done" && at > action.deadline;
      return isLate ? `${action.id} was done at ${at}, and its deadline was ${action.deadline}.` : undefined;
    },
  };
}

function oddDeadline(actions: readonly Action[], decided: { at: number; stepMs: number }): string | undefined {
  const { at, stepMs } = decided;
  const odd = actions.find(({ deadline }) => deadline <= at || deadline > at + stepMs);
  return odd && `${odd.id}, decided at ${at}, may be done until ${odd.deadline}: a tick has ${stepMs} ms.`;
}

export function actionsAreOwn(): Invariant {
  const known = new Set<string>();
  return {
    name: "every action has an id of its own",
    onSent({ id }: Action) {
      if (known.has(id)) return `Two actions are called ${id}.`;
      known.add(id);
      return undefined;
    },
  };
}
