// The only asynchronous code of the core: observe, decide, tell, act. One tick at a time; what was decided is told (stored,
// shown) before it is done.
import {
  advance,
  askNetwork,
  createDemandEngine,
  type DemandEngine,
  forecastingTick,
  observingTick,
  passTick,
  type TickDemand,
} from "../forecast/demand-engine.ts";
import { hoursOfHistory } from "../forecast/demand-record/knowledge.ts";
import type { NetworkInference } from "../forecast/network/network-inference.ts";
import type { Action, ActionOutcome } from "../model/action.ts";
import type { DecisionRecord } from "../model/decision.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { DEMAND_FLOORS, RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { assert, type Failure, type Result, success } from "../model/result.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { type Instant, instant } from "../model/time.ts";
import { type CellState, createCellState, type NewCell } from "./cell-state.ts";
import { leaveOut, type ObservedColumns, toColumns } from "./observe.ts";
import {
  type Actuator,
  type Clock,
  type Declarations,
  type FleetObservation,
  NOTHING_DECLARED,
  type Telemetry,
} from "./ports.ts";
import { profilePriors } from "./profile-priors.ts";
import { releaseGrows } from "./release-grows.ts";
import { type CellSignals, createCellSignals } from "./signals/cell-signals.ts";
import { classifyVms } from "./signals/classify-vms.ts";
import { eventFactors, putEventsOn, withoutEvents } from "./signals/event-factors.ts";
import { followEvents, touchedWorkloads } from "./signals/follow-events.ts";
import { keepDiaries } from "./signals/keep-diaries.ts";
import { learnFromPast } from "./signals/learn-from-past.ts";
import { profileCovariates } from "./signals/profile-covariates.ts";
import { step } from "./step.ts";
import type { CommandInput, PressureInput } from "./tick-input.ts";

export interface RunningCell {
  readonly state: CellState;
  readonly engine: DemandEngine;
  /** [series x level] for the tick to come. */
  readonly quantiles: Float64Array;
  /** What is known apart from samples. */
  readonly signals: CellSignals;
}

export interface Doors {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly actuator: Actuator;
  /** `observe`: decides and explains, but applies nothing. */
  readonly mode: "observe" | "act";
  /** Asked anew every tick; nobody said anything where left out. */
  readonly declared?: () => Declarations;
  /** Answers for the VMs' network, in whole batches; the kernels that the cell began with where left out. */
  readonly network?: AnsweringNetwork | undefined;
  /** Lets others have their turn, now and then in a long tick; nobody has one where left out. */
  readonly rest?: () => Promise<void>;
  /** What the step believes in place of [series x level] quantiles: for whoever asks what comes of wrong ones. */
  readonly believed?: (quantiles: Float64Array) => Float64Array;
  /** Called once a tick, before anything is applied. Where it fails nothing is. */
  readonly tell: (report: TickReport) => Promise<Result<void>>;
}

export type AnsweringNetwork = Pick<NetworkInference, "infer">;

export interface TickReport {
  readonly cell: RunningCell;
  readonly input: SeenTick;
  readonly observation: FleetObservation;
  /** Its demand is what was taken: NaN where a sample was missing or absurd, 0 of a machine that is off. */
  readonly observed: ObservedColumns;
  readonly actions: readonly Action[];
  readonly records: readonly DecisionRecord[];
}

/** `network`: joins the forecasts of VMs and of what hosts need beyond their leases; without it statistics forecast alone. */
export function startCell({ layout, promise, at, network, horizons = false }: NewCell): RunningCell {
  const seriesCount = layout.base.length;
  return {
    state: createCellState({ layout, promise, at, ...(network && { network }) }),
    engine: createDemandEngine({
      stepMs: layout.stepMs,
      floors: demandFloors(seriesCount),
      horizons,
      ...(network && { network }),
    }),
    quantiles: new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN),
    signals: createCellSignals(layout),
  };
}

const FLOORS = RESOURCES.map((resource) => DEMAND_FLOORS[resource]);

/** Floors for the demand engine of a cell's series. */
export function demandFloors(seriesCount: number): Float64Array {
  return Float64Array.from({ length: seriesCount }, (_, series) => FLOORS[series % RESOURCE_COUNT] as number);
}

export interface TickOutcome {
  readonly report: TickReport;
  readonly outcomes: readonly ActionOutcome[];
}

/** One tick. Without an observation nothing is decided and everything keeps its last safe allocation. */
export async function runTick(cell: RunningCell, doors: Doors): Promise<Result<TickOutcome, Failure>> {
  const seen = await doors.telemetry.observe();
  if (!seen.ok) return seen;
  const observation = seen.value;
  const declared = doors.declared?.() ?? NOTHING_DECLARED;
  const input: SeenTick = {
    kind: "seen",
    at: observation.at,
    columns: toColumns(cell.state.layout, observation),
    shadowVms: observation.shadowVms,
    ...(declared !== cell.signals.declared && { declared }),
  };
  const { observed, ...decided } = await decideTick(cell, input, doors);
  const report = { cell, input, observation, observed, actions: [...decided.actions], records: [...decided.records] };
  const told = await doors.tell(report);
  if (!told.ok) return told;
  const outcomes = doors.mode === "act" ? await apply(cell.state, report.actions, doors.actuator) : [];
  return success({ report, outcomes });
}

/**
 * All that a cell hears from outside. Cells that began alike and hear the same in the same order are alike, to the bit: what is
 * stored of a cell is where it began and what it heard since.
 */
export type CellInput = SeenTick | PressureInput | CommandInput;

/** What was seen of the tick that ended at `at`. */
export interface SeenTick {
  readonly kind: "seen";
  readonly at: Instant;
  readonly columns: ObservedColumns;
  readonly shadowVms: readonly ShadowVm[];
  /** Left out: as at the tick before. */
  readonly declared?: Declarations;
}

/** Hears something again, after a restart: decides what was decided then, and does nothing. To the bit where who answered then answers now. */
export async function hearAgain(cell: RunningCell, input: CellInput, network?: AnsweringNetwork): Promise<void> {
  if (input.kind === "seen") await decideTick(cell, input, { network });
  else step(cell.state, input);
}

/** Learns from a tick that was over before the cell began: nothing is decided of it. Ticks come in order of time. */
export async function learnOnly(cell: RunningCell, input: SeenTick, patience: Patience = {}): Promise<void> {
  await learnAndForecast(cell, input, patience);
  cell.state.at = input.at;
}

/** Who answers for the network, and what goes on meanwhile. */
export type Patience = Pick<Doors, "network" | "rest">;
type Deciding = Patience & Pick<Doors, "believed">;

async function decideTick(cell: RunningCell, input: SeenTick, { believed, network, rest }: Deciding) {
  const observed = await learnAndForecast(cell, input, { network, ...(rest && { rest }) });
  const { at: now, shadowVms } = input;
  const forecasts = { origin: now, quantiles: believed?.(cell.quantiles) ?? cell.quantiles };
  return { observed, ...step(cell.state, { kind: "tick", now, ...observed, shadowVms, forecasts }) };
}

/** Samples, profiles and events become quantiles for the tick to come. */
async function learnAndForecast(
  { state, engine, quantiles, signals }: RunningCell,
  { at, columns, declared = signals.declared }: SeenTick,
  patience: Patience,
): Promise<ObservedColumns> {
  const { layout } = state;
  if (declared !== signals.declared) readScaling(state, declared);
  signals.declared = declared;
  passUnseen(engine, { state, at });
  followEvents(signals, { layout, at });
  const touched = touchedWorkloads(signals, { layout, from: at - layout.stepMs, to: at + layout.stepMs });
  const events = eventFactors({ layout, at, touched });
  const seen = leaveOut(columns, { layout, at, ranges: declared.doNotLearn });
  const hoursOf = (series: number) => hoursOfHistory(engine, series);
  const prior = profilePriors({ layout, profiles: declared.profiles, origin: at, hoursOf });
  const covariates = profileCovariates(signals, { layout, at });
  const given = { ...withoutEvents(seen, events), covariates, ...(prior && { prior }) };
  const isAtOnce = patience.network === undefined && patience.rest === undefined;
  if (isAtOnce) advance(engine, given, quantiles);
  else await advanceInPieces({ engine, given, quantiles }, patience);
  putEventsOn(quantiles, { engine, events, window: NEXT_TICK });
  keepDiaries(signals, events, engine);
  learnFromPast(signals, { layout, at });
  classifyVms(signals, { engine, layout, at });
  return { ...seen, demand: takenDemand(seen, engine) };
}

/** As `advance`, to the bit where the same one answers. */
async function advanceInPieces(
  { engine, given, quantiles }: Pick<RunningCell, "engine" | "quantiles"> & { readonly given: TickDemand },
  { network, rest = async () => {} }: Patience,
): Promise<void> {
  const { inference: kernels } = engine.network ?? {};
  for (const _ of observingTick(engine, given)) await rest();
  for (const { request, take } of askNetwork(engine, given)) {
    const answer = network === undefined ? kernels?.infer(request) : await network.infer(request);
    assert(answer !== undefined, "a network is asked here only where somebody answers");
    take(answer);
    await rest();
  }
  for (const _ of forecastingTick(engine, given, quantiles)) await rest();
}

/** While nobody looked ticks went by: at most a week of them, which is all that is remembered. */
function passUnseen(engine: DemandEngine, { state, at }: { readonly state: CellState; readonly at: Instant }): void {
  const missed = Math.min(Math.round((at - state.at) / state.layout.stepMs) - 1, engine.season.week);
  for (let tick = 0; tick < missed; tick++) for (const each of [engine, state.excessEngine]) passTick(each);
}

function readScaling({ layout, scalesOut }: CellState, { profiles }: Declarations): void {
  for (const [vm, id] of layout.vmIds.entries()) scalesOut[vm] = profiles.get(id)?.scaling === "horizontal" ? 1 : 0;
}

const NEXT_TICK = { from: 0, ticks: 1 };

/** What came, where the engine took it for a demand: nothing absurd, and nothing of a machine that is off. */
function takenDemand({ demand }: ObservedColumns, { records }: DemandEngine): Float64Array {
  return records.demand.map((taken, series) => (taken > 0 ? (demand[series] as number) : taken));
}

/** Shrinks, then of the grows and boots those that fit by then. */
async function apply(state: CellState, actions: readonly Action[], actuator: Actuator): Promise<ActionOutcome[]> {
  const doAll = (together: readonly Action[]) => Promise.all(together.map((action) => actuator.apply(action)));
  const outcomes = await doAll(actions.filter(({ phase }) => phase === "shrink"));
  const { released, withheld } = releaseGrows(state, { actions, outcomes });
  const grown = await doAll(released.filter(({ phase }) => phase === "grow"));
  const pool = await doAll(released.filter(({ phase }) => phase === "pool"));
  return [...outcomes, ...grown, ...withheld, ...pool];
}

export interface Decided {
  readonly cell: RunningCell;
  readonly input: PressureInput | CommandInput;
  readonly actions: readonly Action[];
  readonly records: readonly DecisionRecord[];
}

/** Between two ticks: the fast path, or a command. As with a tick, what was decided is told before it is done. */
export async function runBetweenTicks(
  cell: RunningCell,
  doors: Pick<Doors, "mode" | "actuator"> & { readonly tell: (decided: Decided) => Promise<Result<void>> },
  input: PressureInput | CommandInput,
): Promise<Result<readonly ActionOutcome[]>> {
  const decided = step(cell.state, input);
  const actions = [...decided.actions];
  const told = await doors.tell({ cell, input, actions, records: [...decided.records] });
  if (!told.ok) return told;
  return success(doors.mode === "act" ? await apply(cell.state, actions, doors.actuator) : []);
}

export interface Ticking {
  readonly clock: Clock;
  readonly stepMs: number;
  readonly stopped: Promise<void>;
  readonly tick: () => Promise<void>;
}

/** Calls `tick` at every multiple of the step until `stopped` resolves. One that took too long makes the next ones late, never several at once. */
export async function runLoop({ clock, stepMs, stopped: told, tick }: Ticking): Promise<void> {
  let running = true;
  const stopped = told.then(() => {
    running = false;
  });
  while (running) {
    await clock.sleepUntil(instant((Math.floor(clock.now() / stepMs) + 1) * stepMs), stopped);
    if (running) await tick();
  }
}
