// `headroom demo`: a simulated fleet behind the doors of the service, run as `headroom serve` runs one, in accelerated time, with
// everything kept in memory and the live page on a local port.
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readDeclarationsFile } from "../../adapters/declarations-file/declarations-file.ts";
import { createServer } from "../../api/server/server.ts";
import { declarations } from "../../api/views/declarations.ts";
import { createFleetViews } from "../../api/views/fleet-views.ts";
import { pricing } from "../../api/views/pricing-desk.ts";
import type { DemoOptions, RunningDemo } from "../../cli/commands.ts";
import type { Declarations } from "../../control/ports.ts";
import { demoCell } from "../../lab/demo-cell.ts";
import { createMemoryStore } from "../../lab/memory-store.ts";
import { createSimulatedFleet } from "../../lab/simulated-fleet.ts";
import { type VirtualClock, virtualClock } from "../../lab/virtual-clock.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, durationMs, HOUR_MS, type Instant, instant, TICK_MS_DEFAULT, ticksPer } from "../../model/time.ts";
import { parseDeclarations } from "../../signals/parse-declarations.ts";
import { type NearSeats, seatsHere } from "../serve/cell-seats.ts";
import { modelDesk } from "../serve/model-desk.ts";
import { type RunningFleet, runFleet } from "../serve/run-fleet.ts";
import { runHandOvers } from "../serve/run-hand-overs.ts";
import { shownCells } from "../serve/shown-cells.ts";
import { documentsOf } from "./demo-documents.ts";
import { openForecaster } from "./serving-network.ts";

const SERVICE_LEVEL = 0.99;
/** Lived through before the page opens, so that there is a day to look back on and a day to forecast from. */
const DAYS_BEFORE = 2;
const CHECKPOINT_MS = durationMs(6 * HOUR_MS);

/** Runs until the process is told to stop (SIGINT, SIGTERM). Fails when a file is not as it should be or the port cannot be had. */
export async function demo(setting: DemoOptions): Promise<Result<RunningDemo>> {
  const { port, seed, speed, vms } = setting;
  const stepMs = TICK_MS_DEFAULT;
  const { cell, shadowVm, grid, demand, declared: ownDeclared } = demoCell(seed, { vms, stepMs });
  const declared = await declarationsFor(setting, { own: ownDeclared, at: grid.startMs });
  if (!declared.ok) return declared;
  const forecaster = await openForecaster({ model: setting.model, stepMs });
  if (!forecaster.ok) return forecaster;
  const { inference, id, sentence } = forecaster.value;
  const clock = virtualClock(grid.startMs);
  const store = createMemoryStore();
  const filled = await store.documents.write(documentsOf(cell, { serviceLevel: SERVICE_LEVEL, stepMs }), {
    id: "system",
    at: grid.startMs,
  });
  if (!filled.ok) return filled;
  const ticks = tickBell();
  const machines = createSimulatedFleet({ cell, shadowVm, grid, demand, clock, seed });
  const handOvers = runHandOvers({
    ...{ documents: store.documents, clock, networks: "", replicas: machines.replicas },
    changesMachines: true,
    onFailure: () => {},
  });
  if (!handOvers.ok) return handOvers;
  const seats = await seatsHere({
    store: store.cells,
    clock,
    shadowVm,
    checkpointMs: CHECKPOINT_MS,
    process: "demo",
    machines,
    simulated: { is: true, speed, seed },
    network: async () => (inference && id ? { id, stepMs, kernels: inference } : undefined),
  });
  let running: RunningFleet | undefined;
  const views = createFleetViews(() => (running === undefined ? [] : shownCells(running)));
  const fleet = await runFleet({
    documents: store.documents,
    seats,
    defaults: { serviceLevel: SERVICE_LEVEL, stepMs },
    declared: declared.value,
    events: {
      onTick({ figures, tick }) {
        views.tell(figures.cell, tick);
        ticks.ring(success(undefined));
      },
      onFailure: (_, failed) => ticks.ring({ ok: false, error: failed }),
      onTaken: handOvers.value.taken,
      onHandOvers: handOvers.value.moved,
      onGone: () => {},
    },
  });
  if (!fleet.ok) return fleet;
  running = fleet.value;
  const lived = await livePast({ clock, seats, ticks, stepMs });
  if (!lived.ok) return lived;
  const server = await createServer({
    source: views,
    port,
    pageFolder: fileURLToPath(new URL("../../dashboard", import.meta.url)),
    service: {
      ...{ store, views, declarations, pricing, handOvers: handOvers.value.desk, now: () => clock.now() },
      models: modelDesk("out/models", () => {}),
    },
  });
  if (!server.ok) return server;
  const stopped = runUntilStopped({ clock, fleet: fleet.value, ticks, stepMs, wallMs: stepMs / speed }).finally(() =>
    server.value.close(),
  );
  return success({ address: `${server.value.address}/`, stopped, forecaster: sentence });
}

async function declarationsFor(
  { declared: file }: DemoOptions,
  { own, at }: { readonly own: Declarations; readonly at: Instant },
): Promise<Result<Declarations>> {
  if (file === undefined) return success(own);
  return readDeclarationsFile(file, (value, where) => parseDeclarations(value, { where, receivedAt: at }));
}

interface TickBell {
  ring(outcome: Result<void>): void;
  /** The next tick, or failure. */
  next(): Promise<Result<void>>;
  onRing(listener: (outcome: Result<void>) => void): void;
}

function tickBell(): TickBell {
  const listeners = new Set<(outcome: Result<void>) => void>();
  return {
    ring: (outcome) => {
      for (const listener of [...listeners]) listener(outcome);
    },
    onRing: (listener) => void listeners.add(listener),
    next: () =>
      new Promise((resolve) => {
        const hear = (outcome: Result<void>) => {
          listeners.delete(hear);
          resolve(outcome);
        };
        listeners.add(hear);
      }),
  };
}

interface Running {
  readonly clock: VirtualClock;
  readonly ticks: TickBell;
  readonly stepMs: number;
}

async function livePast({
  clock,
  seats,
  ticks,
  stepMs,
}: Running & { readonly seats: NearSeats }): Promise<Result<void>> {
  for (let tick = 0; tick < DAYS_BEFORE * ticksPer(DAY_MS, stepMs); tick++) {
    const ticked = ticks.next();
    clock.advanceTo(instant(clock.now() + stepMs));
    const outcome = await ticked;
    if (!outcome.ok) return outcome;
    for (const desk of seats.desks.values()) await desk.settled();
  }
  return success(undefined);
}

/** A timer moves the fleet's clock; its cells follow it. A tick that takes longer than `wallMs` on the wall is never doubled. */
async function runUntilStopped({
  clock,
  fleet,
  ticks,
  stepMs,
  wallMs,
}: Running & { readonly fleet: RunningFleet; readonly wallMs: number }): Promise<Result<void>> {
  const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]).then(() => success(undefined));
  const broken = new Promise<Result<void>>((resolve) =>
    ticks.onRing((outcome) => {
      if (outcome.ok) return;
      const why = `The simulated fleet does not answer any more: ${outcome.error.message}`;
      resolve(failure("unavailable", why));
    }),
  );
  const timer = setInterval(() => clock.advanceTo(instant(clock.now() + stepMs)), wallMs);
  const ended = await Promise.race([told, broken]);
  clearInterval(timer);
  await fleet.stop();
  return ended;
}
