// The running cells of a fleet: each started when its first host is known, planned anew when something that it runs on changed,
// and stopped when its last host is gone. What cannot be planned is said, and changes nothing that runs.

import { setTimeout as pause } from "node:timers/promises";
import { createTickSamples, type TickSamples } from "../../adapters/tick-samples/tick-samples.ts";
import { type CellPlan, planCells, type SettingsDefaults } from "../../control/cell-plan.ts";
import type { RunningCell, TickReport } from "../../control/loop.ts";
import type { Clock, Declarations } from "../../control/ports.ts";
import type { SampleColumns, Store } from "../../control/store-ports.ts";
import type { CellId } from "../../model/fleet.ts";
import type { HandOverNotice } from "../../model/hand-over.ts";
import { type Failure, type Result, success } from "../../model/result.ts";
import type { DurationMs } from "../../model/time.ts";
import { readFleet } from "./fleet-facts.ts";
import { pressedIn } from "./pressed-in.ts";
import { type CellDoors, type CellOptions, type CellRunner, type NamedInference, runCell } from "./run-cell.ts";
import { takeTurns } from "./turns.ts";

export interface FleetOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly defaults: SettingsDefaults;
  readonly shadowVm: CellOptions["shadowVm"];
  readonly checkpointMs: DurationMs;
  readonly process: string;
  readonly network?: NamedInference;
  /** Where samples come from and who changes machines; samples that are taken, and nobody, where left out. */
  readonly machines?: Pick<CellDoors, "telemetry" | "actuator">;
  /** What was declared elsewhere than in the store; what stands there where left out. */
  readonly declared?: Declarations;
  readonly events: FleetEvents;
}

interface FleetEvents {
  readonly onTick: (report: TickReport, tookMs: number) => void;
  /** A cell was taken up: where it stands before its next tick. */
  readonly onTaken?: (cell: RunningCell, runner: CellRunner) => void;
  readonly onFailure: (cell: CellId | undefined, failure: Failure) => void;
  readonly onPlanned: (plan: CellPlan) => void;
  /** Notices that a cell's load balancers were not seen to take in. */
  readonly onNotices?: (cell: CellId, waiting: readonly HandOverNotice[]) => void;
  readonly onGone: (cell: CellId) => void;
}

export interface RunningFleet {
  cells(): ReadonlyMap<CellId, RunningCellOfFleet>;
  /** Reads what is kept and follows it, where it is not what was read last. */
  refresh(): Promise<void>;
  take(columns: SampleColumns): void;
  /** Another network joins the forecasts of all cells, or none any more. */
  serveWith(network: NamedInference | undefined): Promise<void>;
  stop(): Promise<void>;
}

interface RunningCellOfFleet {
  readonly runner: CellRunner;
  readonly samples: TickSamples;
}

/** While many things change one after the other, no more than a fifth of the time goes into reading them all. */
const REST_TIMES = 4;
const REST_MS_MAX = 5_000;

/** Fails where the store does not answer, or a cell cannot be taken up: nothing was decided then. */
export async function runFleet(options: FleetOptions): Promise<Result<RunningFleet>> {
  const { events, store, defaults, declared } = options;
  const cells = new Map<CellId, RunningCellOfFleet>();
  const turns = takeTurns();
  let { network } = options;
  let seen = -1;
  const readPlans = async (): Promise<Result<readonly CellPlan[]>> => {
    const facts = await readFleet(store.documents);
    const planned = facts.ok ? planCells(facts.value, defaults) : facts;
    if (!planned.ok || declared === undefined) return planned;
    return success(planned.value.map((plan) => ({ ...plan, declarations: declared })));
  };
  const follow = async (plans: readonly CellPlan[]): Promise<Result<void>> => {
    for (const plan of plans) {
      const known = cells.get(plan.cell.id);
      if (known === undefined) {
        const begun = await beginCell(plan, { ...options, ...(network && { network }) }, () =>
          cells.delete(plan.cell.id),
        );
        if (!begun.ok) return begun;
        cells.set(plan.cell.id, begun.value);
        const { runner } = begun.value;
        events.onTaken?.(runner.running(), runner);
      } else await known.runner.replan(plan);
      events.onPlanned(plan);
    }
    const planned = new Set(plans.map(({ cell }) => cell.id));
    for (const [id, { runner }] of cells) {
      if (planned.has(id)) continue;
      cells.delete(id);
      await runner.stop();
      events.onGone(id);
    }
    return success(undefined);
  };
  const readAndFollow = async (): Promise<void> => {
    const revision = await store.documents.revision();
    if (revision.ok && revision.value === seen) return;
    const next = await readPlans();
    const followed = next.ok ? await follow(next.value) : next;
    if (!followed.ok) events.onFailure(undefined, followed.error);
    else if (revision.ok) seen = revision.value;
  };
  let waiting: Promise<void> | undefined;
  let restUntil = 0;
  const plans = await readPlans();
  if (!plans.ok) return plans;
  const begun = await follow(plans.value);
  if (!begun.ok) return begun;
  return success({
    cells: () => cells,
    refresh() {
      waiting ??= turns.take(async () => {
        const rest = restUntil - performance.now();
        if (rest > 0) await pause(rest);
        waiting = undefined;
        const begin = performance.now();
        await readAndFollow();
        const end = performance.now();
        restUntil = end + Math.min(REST_TIMES * (end - begin), REST_MS_MAX);
      });
      return waiting;
    },
    take(columns) {
      for (const { runner, samples } of cells.values()) {
        samples.take(columns);
        const pressed = pressedIn(columns, runner.running());
        if (pressed.length > 0) void runner.press(pressed);
      }
    },
    serveWith: (next) =>
      turns.take(async () => {
        network = next;
        for (const { runner } of cells.values()) await runner.serveWith(next);
      }),
    stop: () =>
      turns.take(async () => {
        await Promise.all([...cells.values()].map(({ runner }) => runner.stop()));
        cells.clear();
      }),
  });
}

async function beginCell(
  plan: CellPlan,
  { store, clock, shadowVm, checkpointMs, process, network, machines, events }: FleetOptions,
  lost: () => void,
): Promise<Result<RunningCellOfFleet>> {
  const { id } = plan.cell;
  const samples = createTickSamples({ stepMs: plan.settings.stepMs, now: () => clock.now() });
  const runner = await runCell({
    plan,
    doors: { clock, telemetry: samples, store: store.cells, ...machines },
    shadowVm,
    checkpointMs,
    process,
    ...(network && { network }),
    events: {
      onTick: events.onTick,
      onFailure: (failure) => events.onFailure(id, failure),
      onNotices: (waiting) => events.onNotices?.(id, waiting),
      onLost: (failure) => {
        events.onFailure(id, failure);
        lost();
      },
    },
  });
  return runner.ok ? success({ runner: runner.value, samples }) : runner;
}
