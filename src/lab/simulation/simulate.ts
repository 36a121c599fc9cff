// One simulation, from a setting to a verdict: a fleet under the loop that production runs, everything that can go wrong, and
// every invariant checked after every step and every action. Nothing sleeps; equal settings give equal bits.
import { type CellLayout, layOut } from "../../control/cell-layout.ts";
import { pooledPromise } from "../../control/cell-state.ts";
import { startCell } from "../../control/loop.ts";
import type { Cell } from "../../model/fleet.ts";
import { instant } from "../../model/time.ts";
import { hashOf } from "./cell-memory.ts";
import { comeAndGo, isAlike } from "./comings.ts";
import { createIntents, type Intents } from "./intents.ts";
import { createProcess, type Process } from "./living-cell.ts";
import { resizeByHand } from "./other-hands.ts";
import { pressureNow } from "./pressure-now.ts";
import type { Setting } from "./setting.ts";
import { type Broken, createWatch, type Watch } from "./watch.ts";
import { createWorld, passTime, tickNow, type World } from "./world.ts";

export type Verdict =
  | { readonly kind: "held"; readonly setting: Setting; readonly steps: number; readonly hash: number }
  | { readonly kind: "broken"; readonly setting: Setting; readonly steps: number; readonly broken: Broken };

export async function simulate(setting: Setting): Promise<Verdict> {
  const run = startRun(setting);
  const { watch, world, plane } = run;
  while (watch.broken() === undefined && tickNow(world) < setting.ticks)
    try {
      await passToNextTick(run);
      await liveOneTick(run);
    } catch (bug) {
      watch.report("no bug shows", bug instanceof Error ? (bug.stack ?? bug.message) : String(bug));
    }
  const broken = watch.broken();
  const { steps } = watch;
  if (broken !== undefined) return { kind: "broken", setting, steps: steps(), broken };
  return {
    kind: "held",
    setting,
    steps: steps(),
    hash: hashOf([plane.cell(), world.fleet.machines(), watch.said()]),
  };
}

interface Run {
  readonly world: World;
  readonly watch: Watch;
  readonly plane: Process;
  readonly intents: Intents;
  readonly lay: (cell: Cell) => CellLayout;
  /** The cell as it is planned. */
  now: Cell;
}

function startRun(setting: Setting): Run {
  const world = createWorld(setting);
  const { cell, shadowVm, grid } = world.drawn;
  const lay = (now: Cell) => layOut(now, { stepMs: grid.stepMs, shadowVm });
  const layout = lay(cell);
  const at = world.clock.now();
  const start = (given: CellLayout) =>
    startCell({ layout: given, promise: pooledPromise(0.99), at: known.plane?.cell().state.at ?? at });
  const known: { plane?: Process } = {};
  const watch = createWatch(world, start(layout).state);
  world.onMoved = watch.moved;
  const plane = createProcess({ world, watch, layout, start });
  known.plane = plane;
  return { world, watch, plane, intents: createIntents(), lay, now: cell };
}

const STOPS_A_TICK = 3;
const JUMP_TICKS_MAX = 5;

/** As the loop sleeps: to the begin of the next tick. On the way machines are looked at, and others lay hands on them. */
async function passToNextTick(run: Run): Promise<void> {
  const { world, plane, intents } = run;
  const { clock, drawn, plan } = world;
  const { stepMs, startMs } = drawn.grid;
  const tick = tickNow(world);
  const where = { tick, name: "clock" };
  const random = plan.drawFor("clock-jump", where).fork("far");
  const jumpMs = plan.happens("clock-jump", where) ? random.next() * JUMP_TICKS_MAX * stepMs : 0;
  const [from, to] = [clock.now(), startMs + (tick + 1) * stepMs];
  for (let stop = 1; stop <= STOPS_A_TICK; stop++) {
    await passTo(world, from + ((to - from) * stop) / (STOPS_A_TICK + 1));
    if (stop === 1) await resizeByHand(world);
    else if (stop === 2) await sayWishes({ world, plane, intents });
    else await relievePressed({ world, plane });
  }
  await passTo(world, to + jumpMs);
}

/** A new layout is taken up before a tick, and what was agreed is said again in it. */
async function followMachines(run: Run): Promise<void> {
  const { world, watch, plane, intents } = run;
  if (!world.setting.faults.includes("comings")) return;
  // What was agreed has to be said in the new layout before its first tick, as a process does when it begins.
  if (world.plan.happens("crash", { tick: tickNow(world), name: "command" })) return;
  const next = comeAndGo(world);
  if (isAlike(next, run.now)) return;
  // What is new there has is known once it was seen.
  const known = new Set(run.now.vms.map(({ id }) => id));
  for (const { id, host } of next.vms) if (!known.has(id)) world.unsure.add(host);
  run.now = next;
  const before = plane.cell().state.layout;
  await plane.layAnew(run.lay(next));
  watch.laidAnew(before, plane.cell().state);
  intents.forget();
  await sayWishes(run);
}

/** What took long may have passed it already; then no time passes. */
async function passTo(world: World, at: number): Promise<void> {
  await passTime(world, instant(Math.floor(at)));
}

async function sayWishes({ world, plane, intents }: Pick<Run, "world" | "plane" | "intents">): Promise<void> {
  for (const command of intents.due(world, plane.cell().state))
    if (await plane.runBetweenTicks({ kind: "command", now: world.clock.now(), command })) intents.said(command);
}

async function relievePressed({ world, plane }: Pick<Run, "world" | "plane">): Promise<void> {
  const pressed = pressureNow(world);
  if (pressed.length > 0) await plane.runBetweenTicks({ kind: "pressure", now: world.clock.now(), pressed });
}

async function liveOneTick(run: Run): Promise<void> {
  const { watch, plane } = run;
  await followMachines(run);
  const ended = await plane.runTick();
  if (ended?.ok) watch.tickDone(plane.cell(), ended.value.outcomes);
}
