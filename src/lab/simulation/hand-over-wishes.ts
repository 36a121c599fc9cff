// What customers say of hand-overs: they ask for replicas, give them back some ticks later, and their load balancers answer to
// notices, mostly.
import type { CellState } from "../../control/cell-state.ts";
import type { Command } from "../../control/tick-input.ts";
import type { Workload } from "../../model/fleet.ts";
import type { HandOverId } from "../../model/hand-over.ts";
import { add, scale, subtract } from "../../model/resources.ts";
import { durationMs } from "../../model/time.ts";
import type { HostMachines } from "../simulated-fleet.ts";
import { tickNow, type World } from "./world.ts";

const SERVING_TICKS_MAX = 40;
const ANSWERED = 0.6;
/** Half of all wishes come with one. */
const TEMPLATES = 0.5;
const TEMPLATE = {
  image: "web-7",
  readiness: { kind: "tcp", intervalMs: durationMs(1000), timeoutMs: durationMs(1000), successes: 2 },
} as const;

export function* handOversOf(world: World, { handOvers }: Pick<CellState, "handOvers">): Generator<Command> {
  const tick = tickNow(world);
  for (const workload of world.drawn.cell.workloads)
    for (let ago = 0; ago <= SERVING_TICKS_MAX; ago++) yield* wishOf(world, { workload, tick, ago });
  yield* answersOf(world, { handOvers });
  for (const idempotencyKey of handOvers.outbox.keys()) {
    const draw = world.plan.drawFor("hand-over", { tick, name: idempotencyKey });
    if (world.plan.isCalm(tick) || draw.next() < ANSWERED) yield { kind: "notice-acknowledged", idempotencyKey };
  }
}

function* wishOf(
  { plan, drawn }: World,
  { workload, tick, ago }: { readonly workload: Workload; readonly tick: number; readonly ago: number },
): Generator<Command> {
  const where = { tick: tick - ago, name: workload.id };
  if (ago > tick || !plan.happens("hand-over", where)) return;
  const random = plan.drawFor("hand-over", where).fork("wish");
  const id = `replica-${workload.id}-${where.tick}` as HandOverId;
  const { minimum, ceiling } = drawn.shadowVm;
  const size = add(minimum, scale(subtract(ceiling, minimum), 0.1 + 0.9 * random.next() ** 2));
  const drainMs = durationMs(Math.round(3 * drawn.grid.stepMs * random.next()));
  const replica = { host: `${id}.example`, port: 8080 };
  if (ago < random.below(SERVING_TICKS_MAX)) {
    // Whose wish was lost says it again for a while, and then gives it up.
    if (ago < 3)
      yield {
        ...{ kind: "hand-over", id, workload: workload.id, customer: workload.customer, size, replica, drainMs },
        ...(random.fork("template").next() < TEMPLATES && { template: TEMPLATE }),
      };
  } else yield { kind: "return", id };
}

/** Whose machines are up and serve answer, mostly: a check that failed is made again. */
function* answersOf(world: World, { handOvers }: Pick<CellState, "handOvers">): Generator<Command> {
  const tick = tickNow(world);
  const serving = new Set(
    world.fleet.machines().flatMap(({ shadowVms }) => shadowVms.filter(isUp).map(({ id }) => id)),
  );
  for (const [id, { handOver, isReady }] of handOvers.open) {
    if (isReady || handOver.state !== "scaling-up" || !serving.has(handOver.shadowVm)) continue;
    const draw = world.plan.drawFor("hand-over", { tick, name: `${id}/ready` });
    if (world.plan.isCalm(tick) || draw.next() < ANSWERED) yield { kind: "replica-ready", id };
  }
}

function isUp({ state }: HostMachines["shadowVms"][number]): boolean {
  return state !== "booting" && state !== "retiring" && state !== "failed";
}
