// The process that runs the control plane. It may die between any two writes: then all that it remembered is gone, and the
// next one begins with what was stored last. What it stored is what a process that never died would remember, to the bit.

import type { CellLayout } from "../../control/cell-layout.ts";
import { layAnew } from "../../control/lay-anew.ts";
import {
  type Decided,
  type Doors,
  type RunningCell,
  runBetweenTicks,
  runTick,
  type TickOutcome,
  type TickReport,
} from "../../control/loop.ts";
import type { FleetObservation } from "../../control/ports.ts";
import { type CellSnapshot, restore, snapshotOf } from "../../control/snapshot.ts";
import type { StepInput } from "../../control/tick-input.ts";
import type { Action, ActionOutcome } from "../../model/action.ts";
import { type Result, success } from "../../model/result.ts";
import { spoiled } from "./bad-model.ts";
import { hashOf } from "./cell-memory.ts";
import { faultyActuator } from "./faulty-actuator.ts";
import { faultyTelemetry } from "./faulty-telemetry.ts";
import type { Watch } from "./watch.ts";
import { tickNow, type World } from "./world.ts";

type BetweenTicks = Exclude<StepInput, { kind: "tick" }>;

export interface Process {
  /** What it remembers. */
  cell(): RunningCell;
  /** Undefined: it died, and another one has taken its place, with what was stored. */
  runTick(): Promise<Result<TickOutcome> | undefined>;
  /** Whether it was written down. */
  runBetweenTicks(input: BetweenTicks): Promise<boolean>;
  /** Goes on in a new layout, which is written down as a whole; whoever takes the place of one that died begins with it. */
  layAnew(layout: CellLayout): Promise<void>;
}

interface Memory {
  cell: RunningCell;
  /** As written down with what is stored. */
  layout: CellLayout;
  /** As written down last; kept only where it may be needed. */
  stored: CellSnapshot | undefined;
  /** One that never died, to compare with after its next step. */
  twin: RunningCell | undefined;
}

export interface Running {
  readonly world: World;
  readonly watch: Watch;
  readonly layout: CellLayout;
  /** As a process begins. */
  readonly start: (layout: CellLayout) => RunningCell;
}

type Lived = Running & { readonly memory: Memory };

export function createProcess(running: Running): Process {
  const { layout } = running;
  const memory: Memory = { cell: running.start(layout), layout, stored: undefined, twin: undefined };
  const { world, watch } = running;
  const lived = { ...running, memory };
  const telemetry = faultyTelemetry(world);
  const actuator = faultyActuator(world);
  const apply = (life: Life) => async (action: Action) => {
    life.write();
    watch.sent(action);
    return actuator.apply(action);
  };
  return {
    cell: () => memory.cell,
    async runTick() {
      const life = startLife(lived, "tick");
      const seen = await telemetry.observe();
      const doors: Doors = {
        clock: world.clock,
        telemetry: { observe: async () => seen },
        actuator: { apply: apply(life) },
        mode: "act",
        declared: () => world.drawn.declared,
        believed: spoiled(world),
        async tell(report) {
          life.write();
          store(lived);
          watch.decided({ kind: "tick", ...report, cell: memory.cell });
          await compareTwin(lived, { report, seen });
          return success(undefined);
        },
      };
      return live(lived, { life, run: () => runTick(memory.cell, doors) });
    },
    async runBetweenTicks(input) {
      const life = startLife(lived, input.kind);
      const tell = async (decided: Decided) => {
        life.write();
        store(lived);
        watch.decided({ kind: "between", ...decided });
        await compareTwinBetween(lived, { decided, input });
        return success(undefined);
      };
      const doors = { mode: "act", actuator: { apply: apply(life) }, tell } as const;
      await live(lived, { life, run: () => runBetweenTicks(memory.cell, doors, input) });
      return life.hasStored();
    },
    async layAnew(next) {
      const life = startLife(lived, "lay-anew");
      const lay = () => {
        memory.cell = layAnew(memory.cell, next, running.start);
        life.write();
        memory.layout = next;
        memory.twin = undefined;
        store(lived);
      };
      await live(lived, { life, run: async () => lay() ?? true });
      // Who died before it was written down began in the layout before, and does it all again.
      if (life.hasStored()) return;
      memory.cell = layAnew(memory.cell, next, running.start);
      memory.layout = next;
      memory.twin = undefined;
      store(lived);
    },
  };
}

/** Undefined where it died. */
async function live<Outcome>(
  lived: Lived,
  { life, run }: { readonly life: Life; readonly run: () => Promise<Outcome> },
): Promise<Outcome | undefined> {
  const outcome = await run().catch((thrown: unknown) => {
    if (!life.isOver()) throw thrown;
    return undefined;
  });
  if (outcome !== undefined && !life.mustEnd()) return outcome;
  startAgain(lived, life.hasStored());
  return undefined;
}

interface Life {
  /** Before each write. Throws when the process dies here. */
  write(): void;
  isOver(): boolean;
  /** It dies in this tick, at the latest when all is written. */
  mustEnd(): boolean;
  hasStored(): boolean;
}

const WRITES_MAX = 14;

function startLife({ world, memory }: Lived, name: string): Life {
  const where = { tick: tickNow(world), name };
  const dies = memory.stored !== undefined && world.plan.happens("crash", where);
  const random = world.plan.drawFor("crash", where).fork("when");
  // One in four before anything is stored, which is the rarest place for it and the worst.
  const writesLeft = dies ? (random.next() < 0.25 ? 0 : 1 + random.below(WRITES_MAX)) : Number.POSITIVE_INFINITY;
  let written = 0;
  return {
    write() {
      if (written >= writesLeft) {
        written = Number.POSITIVE_INFINITY;
        throw new Error("The process dies here.");
      }
      written++;
    },
    isOver: () => written === Number.POSITIVE_INFINITY,
    mustEnd: () => dies,
    hasStored: () => writesLeft > 0,
  };
}

const STORED_TICKS = 8;

/** Real stores keep every one; here only those that a crash can ask for, since a snapshot takes longer than a step. */
function store({ world, memory }: Lived): void {
  const tick = tickNow(world);
  const mayDieSoon = Array.from({ length: STORED_TICKS }, (_, ahead) => tick + ahead).some((each) =>
    ["tick", "pressure", "command", "lay-anew"].some((name) => world.plan.happens("crash", { tick: each, name })),
  );
  memory.stored = mayDieSoon ? snapshotOf(memory.cell) : undefined;
}

/** The world goes on where it is; the next process looks at it before it does anything. */
function startAgain({ world, watch, memory, start }: Lived, hasStored: boolean): void {
  const { stored } = memory;
  if (stored === undefined) return;
  memory.twin = hasStored ? memory.cell : undefined;
  memory.cell = restore(start(memory.layout), stored);
  if (memory.twin !== undefined && hashOf(memory.twin) !== hashOf(memory.cell))
    watch.report(RELOAD, "What was stored is not what was remembered.");
  for (const { id } of world.drawn.cell.hosts) world.unsure.add(id);
}

const RELOAD = "a reload changes nothing";

/** Who never died and sees the same says the same, and remembers the same afterwards. */
async function compareTwin(
  lived: Lived,
  { report, seen }: { readonly report: TickReport; readonly seen: Result<FleetObservation> },
): Promise<void> {
  const { world, memory } = lived;
  const { twin } = memory;
  if (twin === undefined) return;
  let said: Said | undefined;
  await runTick(twin, {
    clock: world.clock,
    telemetry: { observe: async () => seen },
    actuator: idleActuator,
    mode: "observe",
    declared: () => world.drawn.declared,
    believed: spoiled(world),
    async tell(told) {
      said = told;
      return success(undefined);
    },
  });
  compare(lived, { twin, said, report });
}

type Said = Pick<Decided, "actions" | "records">;

async function compareTwinBetween(
  lived: Lived,
  { decided, input }: { readonly decided: Decided; readonly input: BetweenTicks },
): Promise<void> {
  const { twin } = lived.memory;
  if (twin === undefined) return;
  let said: Said | undefined;
  const tell = async (told: Decided) => {
    said = told;
    return success(undefined);
  };
  await runBetweenTicks(twin, { mode: "observe", actuator: idleActuator, tell }, input);
  compare(lived, { twin, said, report: decided });
}

function compare(
  { memory, watch }: Lived,
  { twin, said, report }: { readonly twin: RunningCell; readonly said: Said | undefined; readonly report: Said },
): void {
  memory.twin = undefined;
  if (hashOf([said?.actions, said?.records]) !== hashOf([report.actions, report.records]))
    watch.report(RELOAD, "A process that never died decides otherwise than the one that was loaded.");
  else if (hashOf(twin) !== hashOf(memory.cell))
    watch.report(RELOAD, "A process that never died remembers otherwise than the one that was loaded.");
}

const idleActuator = {
  async apply(): Promise<ActionOutcome> {
    throw new Error("Nothing is applied while it is only observed.");
  },
};
