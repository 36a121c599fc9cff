// The life of a shadow VM follows its table, as it is seen and as it is asked for; an id is never used twice.
import { LIFE_EVENTS, type LifeEvent, type LifeStage, nextStage } from "../../../shaping/shadow-vm-lifecycle.ts";
import { type Decided, first, type Invariant } from "./invariant.ts";

interface Lives {
  /** As last seen. */
  readonly stages: Map<string, LifeStage>;
  readonly booted: Set<string>;
}

export function lifeCycleKept(): Invariant {
  const lives: Lives = { stages: new Map(), booted: new Set() };
  return {
    name: "shadow VMs live by their table",
    onDecided: (decided) => first(unseenSteps(decided, lives)) ?? first(askedSteps(decided, lives)),
  };
}

function* unseenSteps({ observation }: Decided, { stages }: Lives): Generator<string> {
  for (const { id, state } of observation.shadowVms) {
    const before = stages.get(id) ?? "unknown";
    if (!isReachable(before, state)) yield `${id} was ${before} and is ${state}.`;
    stages.set(id, state);
  }
  const seen = new Set<string>(observation.shadowVms.map(({ id }) => id));
  // Nothing is known of who is not seen: its host may not answer, its boot may not have begun.
  for (const id of stages.keys()) if (!seen.has(id)) stages.delete(id);
}

/** What is asked of those that serve a customer is looked at in hand-overs.ts: their hosts may not know yet that they do. */
function* askedSteps({ actions, cell: { state } }: Decided, { stages, booted }: Lives): Generator<string> {
  for (const action of actions) {
    if (action.kind === "resize-vm") continue;
    const { shadowVm: id, kind } = action;
    if (state.pool.lives.get(id)?.served) continue;
    if (kind === "boot-shadow-vm") {
      if (booted.has(id)) yield `${id} is booted again: its id was used before.`;
      booted.add(id);
      continue;
    }
    const stage = stages.get(id) ?? "unknown";
    const step = nextStage(stage, ASKED[kind]);
    if (step.kind === "refused") yield `${id} is ${stage}, and is asked to ${kind}: ${step.refusal}.`;
  }
}

const ASKED: Readonly<Record<"retire-shadow-vm" | "resize-shadow-vm", LifeEvent>> = {
  "retire-shadow-vm": "retire-asked",
  "resize-shadow-vm": "scale-down-asked",
};

/** So many events may pass unseen between two looks. */
const UNSEEN_EVENTS_MAX = 6;

function isReachable(from: LifeStage, to: LifeStage): boolean {
  let reached = new Set<LifeStage>([from]);
  for (let event = 0; event < UNSEEN_EVENTS_MAX && !reached.has(to); event++)
    reached = new Set([...reached, ...[...reached].flatMap(stagesAfter)]);
  return reached.has(to);
}

function stagesAfter(stage: LifeStage): LifeStage[] {
  return LIFE_EVENTS.flatMap((event) => {
    const step = nextStage(stage, event);
    return step.kind === "next" ? [step.stage] : [];
  });
}
