// One cell and everything that reads it, side by side: samples and the fast path go in, questions are answered, and what others should
// hear is pushed as plain data. Whoever talks to a desk does not know in which thread it stands.
import { createTickSamples } from "../../adapters/tick-samples/tick-samples.ts";
import type { FleetView, Tick } from "../../api/contract/live.ts";
import type { CellStatus } from "../../api/contract/operator.ts";
import { answerOf, type CellAnswers, type CellQuestion, type CellWitness } from "../../api/views/cell-questions.ts";
import { createLiveRecorder, type LiveRecorder } from "../../api/views/live-recorder.ts";
import { createRunningViews, type RunningViews } from "../../api/views/running-views.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { HandOverMemory } from "../../control/hand-over-memory.ts";
import type { TickReport } from "../../control/loop.ts";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { Command } from "../../control/tick-input.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import { assert, type Failure, type Result, success } from "../../model/result.ts";
import { ASSUMED_PRICES } from "../../pricing/price-list.ts";
import type { CellForm, Joining, NamedInference } from "./cell-form.ts";
import { pressedIn } from "./pressed-in.ts";
import { type CellDoors, type CellOptions, type CellRunner, runCell } from "./run-cell.ts";
import { type TickFigures, tickFigures } from "./tick-figures.ts";

/** What a cell tells without being asked. */
export type CellNews =
  | { readonly kind: "standing"; readonly status: CellStatus }
  | { readonly kind: "doing"; readonly doing: string }
  | { readonly kind: "ticked"; readonly figures: TickFigures; readonly tick: Tick }
  | { readonly kind: "failed"; readonly failure: Failure }
  /** What somebody who looks should know. */
  | { readonly kind: "notice"; readonly sentence: string }
  /** After a tick, a command and a restart, as far as it is stored. */
  | { readonly kind: "hand-overs"; readonly now: SeenHandOvers }
  /** Another process claimed it: it does nothing any more. */
  | { readonly kind: "lost"; readonly failure: Failure };

/** What those who ask for replicas, send notices and check readiness look at. */
export type SeenHandOvers = Pick<HandOverMemory, "open" | "ended" | "outbox">;

export interface CellDesk {
  ask<Question extends CellQuestion>(question: Question): Promise<Result<CellAnswers[Question["kind"]]>>;
  /** What was decided, once it is stored: a refusal is a record, `command-refused`. */
  command(command: Command): Promise<Result<readonly DecisionRecord[]>>;
  /** Machines, terms, declarations and guardrails from now on. */
  replan(plan: CellPlan): Promise<void>;
  /** When all that was asked for so far is done. */
  settled(): Promise<void>;
  /** Ends what is being done, writes a checkpoint. */
  stop(): Promise<void>;
}

/** One in this thread. */
export interface NearDesk extends CellDesk {
  readonly runner: CellRunner;
  take(columns: SampleColumns): void;
  serveWith(network: NamedInference | undefined): Promise<void>;
  /** The cell knows more than its last tick told. */
  seeAnew(): void;
}

export interface DeskOptions {
  readonly plan: CellPlan;
  readonly doors: Pick<CellDoors, "clock" | "store">;
  /** Where samples come from and who changes machines; samples that are taken, and nobody, where left out. */
  readonly machines?: Partial<Pick<CellDoors, "telemetry" | "actuator">>;
  readonly network?: NamedInference;
  readonly rest?: CellOptions["rest"];
  readonly networkById?: Joining["networkById"];
  readonly shadowVm: CellOptions["shadowVm"];
  readonly checkpointMs: CellOptions["checkpointMs"];
  readonly process: string;
  /** What the page says of where this comes from; live where left out. */
  readonly simulated?: FleetView["simulated"];
  readonly onNews: (news: CellNews) => void;
}

/** Fails where the cell cannot be taken up. */
export async function openDesk(options: DeskOptions): Promise<Result<NearDesk>> {
  const { plan, doors, machines, onNews, simulated = LIVE } = options;
  const samples = createTickSamples({ stepMs: plan.settings.stepMs, now: () => doors.clock.now() });
  const desk: Desk = { runner: undefined, views: createRunningViews(), picture: undefined, network: options.network };
  const begun = await runCell({
    ...options,
    doors: { ...doors, telemetry: samples, ...machines },
    events: {
      onTick(report, tookMs) {
        desk.views.record(report);
        desk.picture = pictureOf(desk, { report, simulated });
        const tick = desk.picture.recorder.record(report, tookMs);
        tellStanding(desk, onNews);
        onNews({ kind: "ticked", figures: tickFigures(report, tookMs), tick });
      },
      onFailure: (failure) => onNews({ kind: "failed", failure }),
      onHandOvers: ({ open, ended, outbox }) => onNews({ kind: "hand-overs", now: { open, ended, outbox } }),
      onLost: (failure) => onNews({ kind: "lost", failure }),
      onNotice: (sentence) => onNews({ kind: "notice", sentence }),
      onDoing: (doing) => onNews({ kind: "doing", doing }),
      onPace: (stepMs) => samples.pace(stepMs),
    },
  });
  if (!begun.ok) return begun;
  const runner = begun.value;
  desk.runner = runner;
  const seeAnew = () => {
    const cell = runner.running();
    desk.views.record({ cell, observed: { demand: cell.engine.records.demand } });
    tellStanding(desk, onNews);
  };
  seeAnew();
  return success({
    runner,
    seeAnew,
    take(columns) {
      if (machines?.telemetry === undefined) samples.take(columns);
      const pressed = pressedIn(columns, runner.running());
      if (pressed.length > 0) void runner.press(pressed);
    },
    async ask(question) {
      // Worked out in the middle of a tick it would be half of one tick and half of the next.
      if (question.kind === "vm-forecast" && desk.views.knownForecast(question.vm) === undefined)
        await runner.decided();
      return success(answerOf(question, witnessOf(desk)) as never);
    },
    command: (command) => runner.command(command),
    async replan(next) {
      await runner.replan(next);
      tellStanding(desk, onNews);
    },
    async serveWith(network) {
      desk.network = network;
      await runner.serveWith(network);
    },
    settled: () => runner.settled(),
    stop: () => runner.stop(),
  });
}

const LIVE: FleetView["simulated"] = { is: false, speed: 1, seed: 0 };

interface Desk {
  /** Undefined until the cell is taken up. */
  runner: CellRunner | undefined;
  readonly views: RunningViews;
  /** Undefined before the first tick. */
  picture: Picture | undefined;
  network: NamedInference | undefined;
}

interface Picture {
  readonly form: CellForm;
  readonly mode: FleetView["mode"];
  readonly recorder: LiveRecorder;
}

/** A cell whose machines or rules change begins a new picture. */
function pictureOf(
  { runner, picture }: Desk,
  { report, simulated }: { readonly report: TickReport; readonly simulated: FleetView["simulated"] },
): Picture {
  assert(runner !== undefined, "a cell that ticks was taken up");
  const form = runner.form();
  const mode = report.cell.state.guardrails.modes.cell;
  if (picture?.form === form && picture.mode === mode) return picture;
  const { cell, options, serviceLevel } = form;
  const about = { mode, serviceLevel, simulated };
  return {
    form,
    mode,
    recorder: createLiveRecorder({ cell, stepMs: options.stepMs, prices: ASSUMED_PRICES, about }),
  };
}

function witnessOf({ views, picture }: Desk): CellWitness {
  return { views, recorder: picture?.recorder ?? NOT_TICKED };
}

const NOT_TICKED = { fleet: () => undefined, customerChart: () => undefined };

function tellStanding({ views, runner, network }: Desk, onNews: DeskOptions["onNews"]): void {
  const status = views.status();
  if (status === undefined || runner === undefined) return;
  const { networkId, servedBy = "wasm" } = runner.form();
  const isServed = networkId !== undefined && networkId === network?.id;
  onNews({
    kind: "standing",
    status: isServed ? { ...status, network: { id: networkId, servedBy } } : status,
  });
}
