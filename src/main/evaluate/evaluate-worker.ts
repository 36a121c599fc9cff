// What runs in a worker thread: one model on one panel, all origins. Plain data in, plain data out.
import type { MessagePort } from "node:worker_threads";
import type { FittedModel, ForecastModel } from "../../forecast/forecast-model.ts";
import { MODELS } from "../../forecast/models/registry.ts";
import type { Committee } from "../../forecast/network/committee.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { evaluatePanel, type Panel, type SeriesSkill } from "../../lab/evaluate/evaluate-panel.ts";
import type { QuantileLevel } from "../../model/forecast.ts";
import { assert } from "../../model/result.ts";
import type { SeasonChoice } from "../../model/season.ts";
import type { Instant } from "../../model/time.ts";

export interface EvaluationJob {
  readonly panel: Panel;
  /** A name of the registry. */
  readonly model: string;
  readonly season: SeasonChoice;
  readonly withEvents: boolean;
  readonly levels: readonly QuantileLevel[];
  readonly network?: NetworkJob;
  /** Extended from origin to origin, as where it serves, in place of being fitted anew at each. */
  readonly isCarriedOn?: boolean;
}

export interface NetworkJob {
  readonly network: Committee;
  readonly stepMs: number;
  readonly trainedUntil: Instant;
}

export function evaluateInThread({ job, progress }: { job: EvaluationJob; progress: MessagePort }): SeriesSkill[] {
  const { panel, levels, withEvents } = job;
  const named = MODELS[job.model];
  assert(named !== undefined, `there is a model called ${job.model}`);
  const model = named.make(
    job.season,
    job.network && { ...job.network, inference: openKernelCommittee(job.network.network) },
  );
  const skills = evaluatePanel(panel, job.isCarriedOn === true ? carriedOn(model) : model, {
    levels,
    withEvents,
    onOrigin: () => progress.postMessage(1),
  });
  progress.close();
  return skills;
}

/** Origins come in order, and each knows what those before it knew. */
function carriedOn(model: ForecastModel): ForecastModel {
  let fitted: FittedModel | undefined;
  return {
    name: model.name,
    fit: (known) => {
      fitted = fitted?.extend?.(known) ?? model.fit(known);
      return fitted;
    },
  };
}
