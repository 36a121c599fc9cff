// `headroom demo`: a simulated fleet behind the doors of the control plane, run by the loop that production runs, in
// accelerated time, with the live page on a local port.
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readDeclarationsFile } from "../../adapters/declarations-file/declarations-file.ts";
import { createServer } from "../../api/server/server.ts";
import { createLiveRecorder, type LiveRecorder } from "../../api/views/live-recorder.ts";
import type { DemoOptions, RunningDemo } from "../../cli/commands.ts";
import { layOut } from "../../control/cell-layout.ts";
import { pooledPromise } from "../../control/cell-state.ts";
import { type Doors, type RunningCell, runLoop, runTick, startCell } from "../../control/loop.ts";
import type { Declarations, Telemetry } from "../../control/ports.ts";
import { demoCell } from "../../lab/demo-cell.ts";
import { createSimulatedFleet } from "../../lab/simulated-fleet.ts";
import { type VirtualClock, virtualClock } from "../../lab/virtual-clock.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, type Instant, instant, TICK_MS_DEFAULT, ticksPer } from "../../model/time.ts";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";
import { parseDeclarations } from "../../signals/parse-declarations.ts";
import { openForecaster } from "./serving-network.ts";

const SERVICE_LEVEL = 0.99;
/** Lived through before the page opens, so that there is a day to look back on and a day to forecast from. */
const DAYS_BEFORE = 2;

/** Runs until the process is told to stop (SIGINT, SIGTERM). Fails when a file is not as it should be or the port cannot be had. */
export async function demo(setting: DemoOptions): Promise<Result<RunningDemo>> {
  const { port, seed, speed, vms } = setting;
  const stepMs = TICK_MS_DEFAULT;
  const { cell, shadowVm, grid, demand, declared: ownDeclared } = demoCell(seed, { vms, stepMs });
  const declared = await declarationsFor(setting, { own: ownDeclared, at: grid.startMs });
  if (!declared.ok) return declared;
  const forecaster = await openForecaster({ model: setting.model, stepMs });
  if (!forecaster.ok) return forecaster;
  const { inference, sentence } = forecaster.value;
  const clock = virtualClock(grid.startMs);
  const { telemetry, actuator } = createSimulatedFleet({ cell, shadowVm, grid, demand, clock, seed });
  const running = startCell({
    layout: layOut(cell, { stepMs, shadowVm }),
    promise: pooledPromise(SERVICE_LEVEL),
    at: grid.startMs,
    ...(inference && { network: { inference, startMs: grid.startMs } }),
  });
  const about = { mode: "act", simulated: { is: true, speed, seed }, serviceLevel: SERVICE_LEVEL } as const;
  const recorder = createLiveRecorder({ cell, stepMs, prices: ASSUMED_PRICES, about });
  const doors: Doors = { clock, actuator, mode: "act", declared: () => declared.value, ...timed(telemetry, recorder) };
  const lived = await livePast({ clock, running, doors, ticks: DAYS_BEFORE * ticksPer(DAY_MS, stepMs) });
  if (!lived.ok) return lived;
  const pageFolder = fileURLToPath(new URL("../../dashboard", import.meta.url));
  const server = await createServer({ source: recorder, port, pageFolder });
  if (!server.ok) return server;
  const stopped = runUntilStopped({ clock, running, doors, wallMs: stepMs / speed }).finally(() =>
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

/** A tick takes from asking for samples to telling what was decided. */
function timed(telemetry: Telemetry, recorder: LiveRecorder): Pick<Doors, "telemetry" | "tell"> {
  let begin = performance.now();
  const observe: Telemetry["observe"] = () => {
    begin = performance.now();
    return telemetry.observe();
  };
  const tell: Doors["tell"] = async (report) => success(recorder.record(report, performance.now() - begin));
  return { telemetry: { observe }, tell };
}

interface Past {
  readonly clock: VirtualClock;
  readonly running: RunningCell;
  readonly doors: Doors;
  readonly ticks: number;
}

async function livePast({ clock, running, doors, ticks }: Past): Promise<Result<void>> {
  for (let tick = 0; tick < ticks; tick++) {
    clock.advanceTo(instant(clock.now() + running.state.layout.stepMs));
    const ticked = await runTick(running, doors);
    if (!ticked.ok) return ticked;
  }
  return success(undefined);
}

interface Present {
  readonly clock: VirtualClock;
  readonly running: RunningCell;
  readonly doors: Doors;
  /** How long a tick lasts on the wall. */
  readonly wallMs: number;
}

/** A timer moves the fleet's clock; the loop follows it. A tick that takes longer than its time on the wall is never doubled. */
async function runUntilStopped({ clock, running, doors, wallMs }: Present): Promise<Result<void>> {
  const told = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  let problem: Result<void> = success(undefined);
  let giveUp = (): void => {};
  const broken = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const stopped = Promise.race([told.then(() => {}), broken]);
  const { stepMs } = running.state.layout;
  const timer = setInterval(() => clock.advanceTo(instant(clock.now() + stepMs)), wallMs);
  const tick = async () => {
    const ticked = await runTick(running, doors);
    if (ticked.ok) return;
    problem = failure("unavailable", `The simulated fleet does not answer any more: ${ticked.error.message}`);
    giveUp();
  };
  await runLoop({ clock, stepMs, stopped, tick });
  clearInterval(timer);
  return problem;
}
