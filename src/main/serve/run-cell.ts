// One running cell of the service: it ticks, hears pressure and commands, one at a time, and everything it heard is stored before
// anything is done. Where the store does not answer nothing is done, and what was heard is stored with the next.
import { isDeepStrictEqual } from "node:util";
import { type CellLayout, layOut } from "../../control/cell-layout.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import { pooledPromise } from "../../control/cell-state.ts";
import { layAnew } from "../../control/lay-anew.ts";
import {
  type CellInput,
  type Decided,
  type Doors,
  type RunningCell,
  runBetweenTicks,
  runLoop,
  runTick,
  startCell,
  type TickReport,
} from "../../control/loop.ts";
import type { Actuator, Clock, Telemetry } from "../../control/ports.ts";
import type { CellStore } from "../../control/store-ports.ts";
import type { Command, CommandInput, PressedSample, PressureInput } from "../../control/tick-input.ts";
import type { ServingNetwork } from "../../forecast/demand-engine.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import type { VmId } from "../../model/fleet.ts";
import type { HandOverNotice } from "../../model/hand-over.ts";
import { type Failure, type Result, success } from "../../model/result.ts";
import { type DurationMs, type Instant, MINUTE_MS } from "../../model/time.ts";
import { closedUsage } from "./closed-usage.ts";
import { type LearningCell, type Warmed, warmFromHistory } from "./history/warm-from-history.ts";
import { type CellForm, checkpointOf, type RestoredCell, restoreCell } from "./restore-cell.ts";
import { openStepBook, type StepBook } from "./step-book.ts";
import { type Turns, takeTurns } from "./turns.ts";

export interface CellDoors {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Left out: nothing can be done to machines, whatever the mode. */
  readonly actuator?: Actuator;
  readonly store: CellStore;
}

/** A trained network that joins the forecasts. */
export interface NamedInference {
  readonly id: string;
  readonly network: Omit<ServingNetwork, "startMs">;
}

export interface CellOptions {
  readonly plan: CellPlan;
  readonly doors: CellDoors;
  readonly network?: NamedInference;
  readonly shadowVm: CellForm["options"]["shadowVm"];
  readonly checkpointMs: DurationMs;
  /** Of this process, for whoever finds its claim. */
  readonly process: string;
  readonly events: CellEvents;
}

interface CellEvents {
  readonly onTick: (report: TickReport, tookMs: number) => void;
  readonly onFailure: (failure: Failure) => void;
  /** Another process claimed the cell: this one does nothing any more. */
  readonly onLost: (failure: Failure) => void;
  /** All that load balancers were not seen to take in, as far as it is stored: after a tick, a command and a restart. */
  readonly onNotices?: (waiting: readonly HandOverNotice[]) => void;
}

export interface CellRunner {
  running(): RunningCell;
  /** What is going on: for people. */
  doing(): string;
  /** The fast path: done as soon as what is being done is done. */
  press(pressed: readonly PressedSample[]): Promise<void>;
  /** What was decided, once it is stored: a refusal is a record, `command-refused`. */
  command(command: Command): Promise<Result<readonly DecisionRecord[]>>;
  /** Machines, terms, declarations and guardrails from now on. */
  replan(plan: CellPlan): Promise<void>;
  /** Another network joins the forecasts from the next tick on, or none any more. */
  serveWith(network: NamedInference | undefined): Promise<void>;
  /** Learns what the store knows of these VMs from before: beside the ticks, and taken over between two. */
  warm(vms: ReadonlySet<VmId>, samples: LearningCell["samples"]): Promise<Result<Warmed | undefined>>;
  /** When all that was asked for so far is done. */
  settled(): Promise<void>;
  /** Ends what is being done, writes a checkpoint. */
  stop(): Promise<void>;
}

/** Claims the cell, takes up where it was left, and ticks from now on. */
export async function runCell(options: CellOptions): Promise<Result<CellRunner>> {
  const { plan, doors, process } = options;
  const { store, clock } = doors;
  const claim = await store.claim(plan.cell.id, { process, at: clock.now() });
  if (!claim.ok) return claim;
  const taken = await takeUp(options);
  if (!taken.ok) return taken;
  const { form, running, heardBytes, number } = taken.value;
  const book = openStepBook({ store, claim: claim.value, heardBytes, number });
  const { network } = options;
  const live: LiveCell = {
    options,
    network,
    book,
    form,
    wanted: form,
    running,
    plan,
    checkpointAt: clock.now(),
    formAfter: 0,
    doing: "starting",
    isStopped: false,
  };
  wantForm(live);
  const turns = takeTurns();
  if (taken.value.isNew) await turns.take(() => writeDown(live));
  await turns.take(async () => {
    if (!(await takeForm(live))) await agree(live);
    tellNotices(live);
  });
  const stopped = promiseToKeep();
  const ticking = runLoop({
    clock,
    stepMs: plan.settings.stepMs,
    stopped: stopped.promise,
    tick: () => turns.take(() => tickOnce(live)),
  });
  return success({
    running: () => live.running,
    doing: () => live.doing,
    press: (pressed) =>
      turns.take(async () => {
        await hear(live, { kind: "pressure", now: clock.now(), pressed });
      }),
    command: (command) =>
      turns.take(async () => {
        const decided = await hear(live, { kind: "command", now: clock.now(), command });
        if (decided.ok) tellNotices(live);
        return decided;
      }),
    replan: (next) => turns.take(() => follow(live, next)),
    serveWith: (network) =>
      turns.take(async () => {
        live.network = network;
        wantForm(live);
      }),
    warm: (vms, samples) => warmFromHistory(learningCell(live, turns, samples), vms),
    settled: () => turns.take(async () => {}),
    async stop() {
      stopped.keep();
      live.isStopped = true;
      await ticking;
      await turns.take(() => writeDown(live));
      live.doing = "stopped";
    },
  });
}

interface LiveCell {
  readonly options: CellOptions;
  readonly book: StepBook;
  network: NamedInference | undefined;
  form: CellForm;
  /** What plan and network ask for: `form` itself where it is that. */
  wanted: CellForm;
  running: RunningCell;
  plan: CellPlan;
  checkpointAt: number;
  /** Not before then is a new layout taken up. */
  formAfter: number;
  doing: string;
  isStopped: boolean;
}

function learningCell(live: LiveCell, turns: Turns, samples: LearningCell["samples"]): LearningCell {
  const { form } = live;
  const { network } = live;
  return {
    samples,
    running: () => live.running,
    begin({ at, vms, asleepFor }) {
      const known = new Set(vms);
      const cell = { ...form.cell, vms: form.cell.vms.filter(({ id }) => known.has(id)) };
      return beginCell(form, layOut(cell, form.options), { network, at, asleepFor });
    },
    beginAs: (layout) => beginCell(form, layout, { network, at: live.running.state.at }),
    declared: () => live.plan.declarations,
    between: (change) =>
      turns.take(async () => {
        const changed = await change();
        if (changed === undefined) return;
        live.running = changed;
        await writeDown(live);
      }),
    isStopped: () => live.isStopped,
  };
}

async function tickOnce(live: LiveCell): Promise<void> {
  const { doors, events, checkpointMs } = live.options;
  await takeForm(live);
  live.doing = "deciding what the next tick needs";
  const begin = performance.now();
  const ticked = await runTick(live.running, {
    ...doorsOf(live),
    clock: doors.clock,
    telemetry: doors.telemetry,
    declared: () => live.plan.declarations,
    async tell(report) {
      const kept = await store(live, report);
      if (kept.ok) events.onTick(report, performance.now() - begin);
      return kept;
    },
  });
  if (ticked.ok) tellNotices(live);
  else events.onFailure(ticked.error);
  if (live.book.isHeavy() || doors.clock.now() - live.checkpointAt >= checkpointMs) await writeDown(live);
  live.doing = "waiting for the next tick";
}

async function hear(live: LiveCell, input: PressureInput | CommandInput): Promise<Result<readonly DecisionRecord[]>> {
  let records: readonly DecisionRecord[] = [];
  const tell = (decided: Decided) => {
    records = decided.records;
    return store(live, decided);
  };
  const heard = await runBetweenTicks(live.running, { ...doorsOf(live), tell }, input);
  if (heard.ok) return success(records);
  live.options.events.onFailure(heard.error);
  return heard;
}

function tellNotices({ options, running }: LiveCell): void {
  options.events.onNotices?.([...running.state.handOvers.outbox.values()]);
}

function doorsOf({ options, plan }: LiveCell): Pick<Doors, "actuator" | "mode"> {
  const { actuator } = options.doors;
  if (actuator === undefined) return { actuator: NO_ACTUATOR, mode: "observe" };
  return { actuator, mode: plan.settings.mode };
}

async function store(
  live: LiveCell,
  heard: Pick<Decided, "cell" | "records"> & { readonly input: CellInput },
): Promise<Result<void>> {
  const { events } = live.options;
  const usage = closedUsage(heard.cell, doorsOf(live).mode);
  const kept = await live.book.keep({ input: heard.input, records: heard.records, usage });
  if (!kept.ok && kept.error.kind === "conflict") events.onLost(kept.error);
  return kept;
}

async function writeDown(live: LiveCell): Promise<void> {
  const { doors, events } = live.options;
  live.doing = "writing down what it knows";
  const at = doors.clock.now();
  const { form, running } = live;
  const written = await live.book.checkpoint(at, (number) => checkpointOf(running, { form, number }));
  if (written.ok) live.checkpointAt = at;
  else events.onFailure(written.error);
}

/** Terms and guardrails at once; other machines, or another network, before the next tick. */
async function follow(live: LiveCell, next: CellPlan): Promise<void> {
  const before = live.plan;
  live.plan = next;
  wantForm(live);
  if (!isDeepStrictEqual(termsOf(next), termsOf(before))) await agree(live);
}

/** Forms are compared when something changed, not at every tick: they hold every VM. */
function wantForm(live: LiveCell): void {
  const { options, network, plan, form } = live;
  const asked = formOf(plan, { ...options, network });
  live.wanted = isDeepStrictEqual(asked, form) ? form : asked;
}

/** After a new layout the next one waits for so many times as long as it took: a fleet that grows VM by VM is laid out now and then. */
const FORM_REST_TIMES = 20;
const FORM_REST_MS_MAX = 10 * MINUTE_MS;

/** A new layout is a new checkpoint: what was heard before cannot be heard in it. Returns whether there was one. */
async function takeForm(live: LiveCell): Promise<boolean> {
  const { network, wanted: form } = live;
  const { clock } = live.options.doors;
  if (form === live.form || clock.now() < live.formAfter) return false;
  const begun = performance.now();
  const { at } = live.running.state;
  const begin = (layout: CellLayout) => beginCell(form, layout, { network, at });
  live.running = layAnew(live.running, layOut(form.cell, form.options), begin);
  live.form = form;
  await writeDown(live);
  await agree(live);
  const tookMs = performance.now() - begun;
  live.formAfter = clock.now() + Math.min(FORM_REST_TIMES * tookMs, FORM_REST_MS_MAX);
  return true;
}

async function agree(live: LiveCell): Promise<void> {
  const { contracts, guardrails } = live.plan;
  const command = (given: Command) =>
    hear(live, { kind: "command", now: live.options.doors.clock.now(), command: given });
  for (const contract of contracts) await command({ kind: "set-terms", contract });
  await command({ kind: "set-guardrails", guardrails });
}

const NO_ACTUATOR: Actuator = {
  apply: async ({ id }) => ({
    kind: "failed",
    action: id,
    at: 0 as never,
    message: "unavailable: nothing here can change machines.",
  }),
};

interface TakenUp extends RestoredCell {
  readonly isNew: boolean;
}

async function takeUp(options: CellOptions): Promise<Result<TakenUp>> {
  const { plan, doors } = options;
  const stored = await doors.store.load(plan.cell.id);
  if (!stored.ok) return stored;
  const given = { ...options, at: doors.clock.now() };
  if (stored.value !== undefined) {
    const restored = await restoreCell(stored.value, (form, layout) => beginCell(form, layout, given));
    return restored.ok ? success({ ...restored.value, isNew: false }) : restored;
  }
  const form = formOf(plan, options);
  const running = beginCell(form, layOut(form.cell, form.options), given);
  return success({ form, running, heardBytes: 0, number: 0, isNew: true });
}

type Joining = { readonly network?: NamedInference | undefined };

function formOf(
  { cell, settings }: CellPlan,
  { shadowVm, network }: Pick<CellOptions, "shadowVm"> & Joining,
): CellForm {
  const { stepMs, serviceLevel } = settings;
  return { cell, options: { stepMs, shadowVm }, serviceLevel, networkId: network?.id };
}

/** `at`: from when on it is metered. */
function beginCell(
  form: CellForm,
  layout: CellLayout,
  { network, at, asleepFor = 0 }: Joining & { readonly at: Instant; readonly asleepFor?: number },
): RunningCell {
  const joins = network !== undefined && form.networkId === network.id;
  return startCell({
    layout,
    promise: pooledPromise(form.serviceLevel),
    at,
    horizons: true,
    ...(joins && { network: { ...network.network, ...wakes(at, layout, asleepFor) } }),
  });
}

function wakes(at: Instant, { stepMs }: CellLayout, firstTick: number) {
  return { startMs: Math.floor(at / stepMs) * stepMs, firstTick };
}

function termsOf({ contracts, guardrails }: CellPlan): unknown {
  return { contracts, guardrails };
}

function promiseToKeep(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep = (): void => {};
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
