// An actuator as it is on a bad day: it fails, half-succeeds, is slow, lies, or does hours later what nobody wants any more.
import type { Actuator } from "../../control/ports.ts";
import type { Action, ActionOutcome } from "../../model/action.ts";
import { RESOURCES, type ResourceVector, resourceVector } from "../../model/resources.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { instant, SECOND_MS } from "../../model/time.ts";
import { FAULT_KINDS, type FaultKind } from "./fault-kinds.ts";
import { applyNow, passTime, sendLater, tickNow, type World } from "./world.ts";

const SLOW_SECONDS_MAX = 30;

export function faultyActuator(world: World): Actuator {
  return {
    async apply(action) {
      const where = { tick: tickNow(world), name: action.id };
      const random = (kind: FaultKind) => world.plan.drawFor(kind, where).fork("what");
      if (world.plan.happens("slow-action", where))
        await passTime(world, instant(world.clock.now() + random("slow-action").below(SLOW_SECONDS_MAX) * SECOND_MS));
      const fault = FAULT_KINDS.find((kind) => OF_ACTUATOR.has(kind) && world.plan.happens(kind, where));
      if (fault === undefined) return applyNow(world, action, true);
      (UNTOLD.has(fault) ? world.unsure : world.failed).add(action.host);
      return doWrong(world, { action, fault, random: random(fault) });
    },
  };
}

const OF_ACTUATOR: ReadonlySet<FaultKind> = new Set([
  "actuator-error",
  "time-out",
  "partial",
  "liar",
  "late-action",
] as const);

/** Of the others an honest answer tells. */
const UNTOLD: ReadonlySet<FaultKind> = new Set(["liar", "late-action"] as const);

async function doWrong(
  world: World,
  { action, fault, random }: { action: Action; fault: FaultKind; random: SeededRandom },
): Promise<ActionOutcome> {
  const head = { action: action.id, at: world.clock.now() };
  const failed = { ...head, kind: "failed", message: `unavailable: ${fault}.` } as const;
  switch (fault) {
    case "liar":
      return { ...head, kind: "done" };
    case "time-out":
      await applyNow(world, action, true);
      return failed;
    case "partial":
      await applyNow(world, partOf(world, action, random), false);
      return failed;
    case "late-action": {
      const delayMs = random.below(Math.round(1.5 * world.drawn.grid.stepMs));
      sendLater(world, { action, due: instant(world.clock.now() + delayMs) });
      return failed;
    }
    default:
      return failed;
  }
}

/** Some resources move, others stay. */
function partOf({ fleet }: World, action: Action, random: SeededRandom): Action {
  if (action.kind !== "resize-vm" && action.kind !== "resize-shadow-vm") return action;
  const host = fleet.machines().find(({ host }) => host === action.host);
  const now =
    action.kind === "resize-vm"
      ? host?.vms.find(({ vm }) => vm.id === action.vm)
      : host?.shadowVms.find(({ id }) => id === action.shadowVm);
  return now === undefined ? action : { ...action, setPoint: mixed(now.setPoint, action.setPoint, random) };
}

function mixed(before: ResourceVector, wanted: ResourceVector, random: SeededRandom): ResourceVector {
  const [cpu, memory, network, storage] = RESOURCES.map((resource) => {
    return random.next() < 0.5 ? before[resource] : wanted[resource];
  });
  return resourceVector({ cpu: cpu ?? 0, memory: memory ?? 0, network: network ?? 0, storage: storage ?? 0 });
}
