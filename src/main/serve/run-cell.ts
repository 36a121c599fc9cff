// One running cell of the service: it ticks, hears pressure and commands, one at a time, and everything it heard is stored before
// anything is done. Where the store does not answer nothing is done, and what was heard is stored with the next.
import { isDeepStrictEqual } from "node:util";
import { type CellLayout, layOut } from "../../control/cell-layout.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { HandOverMemory } from "../../control/hand-over-memory.ts";
import { layAnew } from "../../control/lay-anew.ts";
import {
  type CellInput,
  type Decided,
  type Doors,
  type RunningCell,
  runBetweenTicks,
  runTick,
  type TickReport,
} from "../../control/loop.ts";
import type { Actuator, Clock, Telemetry } from "../../control/ports.ts";
import type { CellStore } from "../../control/store-ports.ts";
import type { Command, CommandInput, PressedSample, PressureInput } from "../../control/tick-input.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import type { VmId } from "../../model/fleet.ts";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import { type DurationMs, MINUTE_MS } from "../../model/time.ts";
import {
  answering,
  beginCell,
  type CellForm,
  formOf,
  type Joining,
  type NamedInference,
  paceSentence,
} from "./cell-form.ts";
import { closedUsage } from "./closed-usage.ts";
import { type LearningCell, type Warmed, warmFromHistory } from "./history/warm-from-history.ts";
import { keepPace } from "./keep-pace.ts";
import { inForceFor, NO_ACTUATOR } from "./no-actuator.ts";
import { promiseToKeep } from "./promise-to-keep.ts";
import { checkpointOf, takeUpCell } from "./restore-cell.ts";
import { openStepBook, type StepBook } from "./step-book.ts";
import { type Turns, takeTurns } from "./turns.ts";

export interface CellDoors {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Left out: nothing can be done to machines, whatever the mode. */
  readonly actuator?: Actuator;
  readonly store: CellStore;
}

export interface CellOptions {
  readonly plan: CellPlan;
  readonly doors: CellDoors;
  readonly network?: NamedInference;
  readonly networkById?: Joining["networkById"];
  readonly shadowVm: CellForm["options"]["shadowVm"];
  readonly checkpointMs: DurationMs;
  /** As in Doors. */
  readonly rest?: Doors["rest"];
  /** Of this process, for whoever finds its claim. */
  readonly process: string;
  readonly events: CellEvents;
}

interface CellEvents {
  readonly onTick: (report: TickReport, tookMs: number) => void;
  readonly onFailure: (failure: Failure) => void;
  /** Another process claimed the cell: this one does nothing any more. */
  readonly onLost: (failure: Failure) => void;
  /** After a tick, a command and a restart, as far as it is stored: hand-overs, and the notices that wait. */
  readonly onHandOvers?: (now: HandOverMemory) => void;
  /** What is going on, for people; whenever it is something else. */
  readonly onDoing?: (doing: string) => void;
  /** What somebody who looks should know, and nobody has to do anything about. */
  readonly onNotice?: (sentence: string) => void;
  /** Ticks are of another length from now on. */
  readonly onPace?: (stepMs: number) => void;
}

export interface CellRunner {
  running(): RunningCell;
  /** What it is laid out from. */
  form(): CellForm;
  /** When no tick is half decided: what it forecasts is of one moment. */
  decided(): Promise<void>;
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
  const taken = await takeUpCell(options);
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
    deciding: Promise.resolve(),
    isLost: false,
    isStopped: false,
  };
  wantForm(live);
  const turns = takeTurns();
  if (taken.value.isNew) await turns.take(() => writeDown(live));
  await turns.take(async () => {
    if (!(await takeForm(live))) await agree(live);
    tellHandOvers(live);
  });
  const pace = keepPace({
    clock,
    stepMs: plan.settings.stepMs,
    onPace: (stepMs) => options.events.onPace?.(stepMs),
    // One that waited for its turn while the pace changed is none any more.
    tick: (stepMs) => turns.take(async () => void (live.plan.settings.stepMs === stepMs && (await tickOnce(live)))),
  });
  return success({
    running: () => live.running,
    form: () => live.form,
    decided: () => live.deciding,
    press: (pressed) =>
      turns.take(async () => {
        await hear(live, { kind: "pressure", now: clock.now(), pressed });
      }),
    command: (command) =>
      turns.take(async () => {
        const decided = await hear(live, { kind: "command", now: clock.now(), command });
        if (decided.ok) tellHandOvers(live);
        return decided;
      }),
    replan: (next) =>
      turns.take(async () => {
        await follow(live, next);
        pace.follow(next.settings.stepMs);
      }),
    serveWith: (network) =>
      turns.take(async () => {
        live.network = network;
        wantForm(live);
      }),
    async warm(vms, samples) {
      await turns.take(async () => void (await takeForm(live)));
      return warmFromHistory(learningCell(live, turns, samples), vms);
    },
    settled: () => turns.take(async () => {}),
    async stop() {
      live.isStopped = true;
      await pace.stop();
      await turns.take(() => writeDown(live));
      say(live, "stopped");
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
  /** The tick under way, until what it needs is decided. */
  deciding: Promise<void>;
  /** Another process has the cell: nothing is decided here any more. */
  isLost: boolean;
  isStopped: boolean;
}

function learningCell(live: LiveCell, turns: Turns, samples: LearningCell["samples"]): LearningCell {
  const { form, network } = live;
  const { rest } = live.options;
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
    patience: { network: answering(form, { network }), ...(rest && { rest }) },
    between: (change) =>
      turns.take(async () => {
        const changed = await change();
        if (changed === undefined) return;
        live.running = changed;
        await writeDown(live);
      }),
    isStopped: () => live.isStopped || live.isLost,
  };
}

function say({ options }: LiveCell, doing: string): void {
  options.events.onDoing?.(doing);
}

async function tickOnce(live: LiveCell): Promise<void> {
  if (live.isLost) return;
  const { doors, events, checkpointMs, rest } = live.options;
  await takeForm(live);
  say(live, "deciding what the next tick needs");
  const begin = performance.now();
  const decided = promiseToKeep();
  live.deciding = decided.promise;
  const ticked = await runTick(live.running, {
    ...doorsOf(live),
    clock: doors.clock,
    telemetry: doors.telemetry,
    declared: () => live.plan.declarations,
    network: answering(live.form, live),
    ...(rest && { rest }),
    async tell(report) {
      decided.keep();
      const kept = await store(live, report);
      if (kept.ok) events.onTick(report, performance.now() - begin);
      return kept;
    },
  });
  decided.keep();
  if (ticked.ok) tellHandOvers(live);
  else events.onFailure(ticked.error);
  if (live.book.isHeavy() || doors.clock.now() - live.checkpointAt >= checkpointMs) await writeDown(live);
  say(live, "waiting for the next tick");
}

async function hear(live: LiveCell, input: PressureInput | CommandInput): Promise<Result<readonly DecisionRecord[]>> {
  if (live.isLost) return LOST;
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

function tellHandOvers({ options, running }: LiveCell): void {
  options.events.onHandOvers?.(running.state.handOvers);
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
  const usage = closedUsage(heard.cell, doorsOf(live).mode);
  const kept = await live.book.keep({ input: heard.input, records: heard.records, usage });
  if (!kept.ok && kept.error.kind === "conflict" && !live.isLost) {
    live.isLost = true;
    live.options.events.onLost(kept.error);
  }
  return kept;
}

async function writeDown(live: LiveCell): Promise<void> {
  if (live.isLost) return;
  const { doors, events } = live.options;
  say(live, "writing down what it knows");
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
  const isAgreed =
    isDeepStrictEqual(next.contracts, before.contracts) && isDeepStrictEqual(next.guardrails, before.guardrails);
  if (!isAgreed) await agree(live);
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
  const isOtherPace = form.options.stepMs !== live.form.options.stepMs;
  if (form === live.form || (clock.now() < live.formAfter && !isOtherPace)) return false;
  const begun = performance.now();
  if (isOtherPace) live.options.events.onNotice?.(paceSentence(live.form, form));
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
  await command({ kind: "set-guardrails", guardrails: inForceFor(live.options.doors.actuator, guardrails) });
}

const LOST = failure("conflict", "Another process has this cell by now: nothing is decided here any more.");
