// What becomes of a training that ended: a contest, a lineage, files, and a promotion where it was earned.
import { join } from "node:path";
import type { Piscina } from "piscina";
import {
  modelIdOf,
  readLineage,
  readServing,
  readServingModel,
  writeModel,
  writeServing,
} from "../../adapters/model-files/model-store.ts";
import { forgetUnfinished } from "../../adapters/model-files/unfinished-runs.ts";
import type { TrainOptions, TrainOutcome, Watcher } from "../../cli/commands.ts";
import { promote } from "../../control/model-registry.ts";
import { FEATURE_SET } from "../../forecast/feature-set.ts";
import { LSTM_SHAPE } from "../../forecast/lstm/lstm-shape.ts";
import type { TrainingSpan } from "../../forecast/lstm/training-data.ts";
import type { TrainingState } from "../../forecast/network/training-run.ts";
import { recordedSeries } from "../../forecast/trace-series.ts";
import { type Contest, LINEAGE_SCHEMA, type MemberTraining, type ModelLineage } from "../../model/model-lineage.ts";
import { type Result, success } from "../../model/result.ts";
import { iso, startOfTick } from "../../model/time.ts";
import type { Trace } from "../../model/trace.ts";
import { holdContest } from "./hold-contest.ts";
import type { Learned } from "./run-training.ts";
import { validationFrom } from "./training-plan.ts";

export interface Keeping {
  readonly options: Pick<TrainOptions, "seed" | "steps">;
  readonly trace: Trace;
  readonly span: TrainingSpan;
  readonly folder: string;
  readonly pool: Piscina;
  readonly watcher: Watcher;
}

/** What was learned becomes one model: the members of a committee. */
export async function keepModel(learned: readonly Learned[], given: Keeping): Promise<Result<TrainOutcome>> {
  const { folder, pool, span, watcher } = given;
  // Only now: an operator may have promoted another one during the training.
  const serving = await readServingModel(folder);
  if (!serving.ok) return serving;
  const champion = serving.value;
  const network = { shape: LSTM_SHAPE, members: learned.map(({ state }) => state.best.parameters) };
  const id = modelIdOf(network);
  const twin = await readLineage(folder, id);
  if (twin.ok) {
    watcher.notice(`Model ${id} was there already, with the same bytes: nothing was changed.`);
    await forget(folder, learned);
    return success(outcomeOf(twin.value, { given, isServing: champion?.lineage.id === id }));
  }
  const learnedUntil = { ticks: span.ticks, validationFrom: validationFrom(span) };
  const contest = await holdContest(pool, { ...given, champion, challenger: network, learned: learnedUntil });
  const lineage = lineageOf(id, { given, states: learned.map(({ state }) => state), contest });
  const written = await writeModel(folder, { lineage, network });
  if (!written.ok) return written;
  await forget(folder, learned);
  const promoted = contest.isPromoted ? await promoteIn(folder, lineage) : success(undefined);
  return promoted.ok ? success(outcomeOf(lineage, { given, isServing: contest.isPromoted })) : promoted;
}

async function promoteIn(folder: string, { id, created, contest }: ModelLineage): Promise<Result<string>> {
  const record = await readServing(folder);
  if (!record.ok) return record;
  const changed = promote(record.value, id, { at: created, by: "contest", reason: contest.reason });
  return changed.ok ? writeServing(folder, changed.value) : changed;
}

function lineageOf(
  id: string,
  { given, states, contest }: { given: Keeping; states: readonly TrainingState[]; contest: Contest },
): ModelLineage {
  const { trace, span, options } = given;
  const at = (tick: number) => iso(startOfTick(trace.grid, tick));
  return {
    schema: LINEAGE_SCHEMA,
    id,
    created: new Date().toISOString(),
    featureSet: FEATURE_SET,
    data: {
      trace: trace.name,
      format: trace.format,
      from: at(0),
      validationFrom: at(validationFrom(span)),
      to: at(span.ticks),
      stepSeconds: trace.grid.stepMs / 1_000,
      vms: trace.vms.length,
      series: recordedSeries(trace).length,
    },
    training: { seed: options.seed, steps: options.steps, members: states.map(memberOf) },
    contest,
  };
}

function memberOf({ plan, step, outcome, best, curve }: TrainingState): MemberTraining {
  return {
    seed: plan.seed,
    stepsDone: step,
    outcome: outcome === "stopped-early" ? outcome : "finished",
    best: { step: best.step, validation: best.loss },
    curve,
  };
}

async function forget(folder: string, learned: readonly Learned[]): Promise<void> {
  for (const { run } of learned) await forgetUnfinished(folder, run);
}

function outcomeOf(lineage: ModelLineage, { given, isServing }: { given: Keeping; isServing: boolean }): TrainOutcome {
  const { folder } = given;
  const files = [
    { what: "model", path: join(folder, `${lineage.id}.network`) },
    { what: "lineage", path: join(folder, `${lineage.id}.json`) },
  ];
  return { lineage, isServing, files };
}
