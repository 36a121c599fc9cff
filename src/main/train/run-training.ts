// A training run in worker threads: some draw examples, one learns from them, and here it is shown and kept.
import { MessageChannel } from "node:worker_threads";
import type { Piscina } from "piscina";
import { forgetUnfinished, readUnfinished, writeUnfinished } from "../../adapters/model-files/unfinished-runs.ts";
import type { TrainOptions, Watcher } from "../../cli/commands.ts";
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import type { TrainingSpan } from "../../forecast/lstm/training-data.ts";
import { startTraining, type TrainingPlan, type TrainingState } from "../../forecast/network/training-run.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { DrawJob, LearnJob } from "./train-worker.ts";
import { planOf, runNameOf } from "./training-plan.ts";

export interface Learning {
  readonly options: TrainOptions;
  readonly watcher: Watcher;
  /** At least one thread more than drawers. */
  readonly pool: Piscina;
  /** Threads that draw, beside the one that learns. */
  readonly drawers: number;
  /** Of models: unfinished runs lie among them. */
  readonly folder: string;
  readonly source: PanelSource;
  readonly span: TrainingSpan;
}

export interface Learned {
  /** "finished" or "stopped-early". */
  readonly state: TrainingState;
  /** To be forgotten once the model is kept. */
  readonly run: string;
}

/** The members one after the other. Equal options end with equal members, with any number of threads, interrupted or not. */
export async function learn(given: Learning): Promise<Result<readonly Learned[]>> {
  const learned: Learned[] = [];
  for (let member = 0; member < given.options.members; member++) {
    const one = await learnMember(given, member);
    if (!one.ok) return one;
    learned.push(one.value);
  }
  return success(learned);
}

/** From where it stopped or from the beginning. */
async function learnMember(given: Learning, member: number): Promise<Result<Learned>> {
  const { options, folder } = given;
  const plan = planOf(options, member);
  const run = runNameOf({ ...given, plan });
  const start = await startOf(run, { given, plan, member });
  if (!start.ok) return start;
  const keep = (state: TrainingState) => writeUnfinished(folder, run, state);
  const first = start.value.step === 0 ? await keep(start.value) : success("");
  if (!first.ok) return first;
  const isLearning = start.value.outcome === "running";
  const state = isLearning ? await inThreads(start.value, { ...given, member, keep }) : start.value;
  if (state.outcome === "finished" || state.outcome === "stopped-early") {
    // The next member may be interrupted.
    const kept = await keep(state);
    return kept.ok ? success({ state, run }) : kept;
  }
  await forgetUnfinished(folder, run);
  return failure(
    "rejected",
    `The training broke down at step ${state.step}: the loss was no number. Try another --seed.`,
  );
}

async function startOf(
  run: string,
  { given, plan, member }: { given: Learning; plan: TrainingPlan; member: number },
): Promise<Result<TrainingState>> {
  const { options, folder, watcher } = given;
  if (!options.isResumed) return success(startTraining(plan));
  const unfinished = await readUnfinished(folder, run);
  if (!unfinished.ok) return unfinished;
  if (unfinished.value !== undefined) return success(unfinished.value);
  // Members after the first may not have begun when it was interrupted.
  if (member > 0) return success(startTraining(plan));
  watcher.notice(`In ${folder} there was no unfinished training with these options on this demand: it began anew.`);
  return success(startTraining(plan));
}

interface InThreads extends Learning {
  readonly member: number;
  /** Puts the state where it can be resumed from. */
  readonly keep: (state: TrainingState) => Promise<Result<string>>;
}

async function inThreads(start: TrainingState, run: InThreads): Promise<TrainingState> {
  const { pool } = run;
  const channels = Array.from({ length: run.drawers }, () => new MessageChannel());
  const { port1: shown, port2: watch } = new MessageChannel();
  const keeper = keepingNowAndThen(start, run);
  shown.on("message", (state: TrainingState) => {
    show(state, run);
    keeper.offer(state);
  });
  const drawing = channels.map(({ port1: port }) => {
    const job: DrawJob = { source: run.source, span: run.span, seed: start.plan.seed, port };
    return pool.run(job, { name: "drawInThread", transferList: [port] });
  });
  const supply = channels.map(({ port2 }) => port2);
  const job: LearnJob = { state: start, supply, watch };
  const learning: Promise<TrainingState> = pool.run(job, { name: "learnInThread", transferList: [...supply, watch] });
  try {
    // Whoever fails ends the wait of the others.
    const [learned] = await Promise.all([learning, ...drawing]);
    return learned;
  } finally {
    shown.close();
    await keeper.kept();
  }
}

function show({ plan, step, curve, lossSinceLook }: TrainingState, { watcher, member, options }: InThreads): void {
  const last = curve.at(-1);
  const since = step - (last?.step ?? 0);
  const training = since > 0 ? lossSinceLook / since : (last?.training ?? 0);
  const validation = last?.validation.toFixed(4) ?? "......";
  const { members } = options;
  const which = members > 1 ? `network ${member + 1} of ${members}, ` : "";
  const detail = `${which}step ${step}, loss ${training.toFixed(4)}, validation ${validation}`;
  watcher.progress({ doing: "Training", done: member * plan.steps + step, total: members * plan.steps, detail });
}

/** Steps lost at most when the process is killed, and a handful. */
const KEEP_STEPS = 250;

/** One write at a time; a run that cannot be kept goes on, and says so once. */
function keepingNowAndThen(start: TrainingState, { watcher, keep }: InThreads) {
  let keptStep = start.step;
  let writing: Promise<void> | undefined;
  let isBroken = false;
  return {
    offer(now: TrainingState): void {
      if (isBroken || writing !== undefined || now.step < keptStep + KEEP_STEPS) return;
      keptStep = now.step;
      writing = keep(now).then((kept) => {
        writing = undefined;
        isBroken = !kept.ok;
        if (!kept.ok) watcher.notice(`The training goes on, but could not be resumed: ${kept.error.message}`);
      });
    },
    kept: async () => writing,
  };
}
