// What a training run is going to do: from options and a trace to a span, a plan, and a name under which it can be resumed.
import { createHash } from "node:crypto";
import type { TrainOptions } from "../../cli/commands.ts";
import { FEATURE_SET } from "../../forecast/feature-set.ts";
import type { PanelSource } from "../../forecast/lstm/demand-panel.ts";
import { LSTM_SHAPE } from "../../forecast/lstm/lstm-shape.ts";
import type { TrainingSpan } from "../../forecast/lstm/training-data.ts";
import type { TrainingPlan } from "../../forecast/network/training-run.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { iso, type TimeGrid, tickAt } from "../../model/time.ts";

const PEAK_RATE = 4e-3;
const VALIDATION_SHARE = 0.15;
/** Looks at the validation examples in a whole run; each costs as much as a dozen steps. */
const LOOKS = 20;
const LOOK_STEPS_MIN = 50;
const LOOK_STEPS_MAX = 500;
/** One cycle of the learning rate is at its best in the end: a few looks without progress on the way there mean little. */
const PATIENCE_SHARE = 0.4;

/** Far from the seeds that people give. */
const MEMBER_SEED_STRIDE = 0x9e3779b1;

/** Of one member, counted from 0. */
export function planOf({ steps, seed: first }: Pick<TrainOptions, "steps" | "seed">, member = 0): TrainingPlan {
  const seed = (first + member * MEMBER_SEED_STRIDE) % 2 ** 32;
  const validateEvery = Math.max(LOOK_STEPS_MIN, Math.min(LOOK_STEPS_MAX, Math.floor(steps / LOOKS)));
  const patience = Math.ceil((PATIENCE_SHARE * steps) / validateEvery);
  return { shape: LSTM_SHAPE, seed, steps, peakRate: PEAK_RATE, validateEvery, patience };
}

/** Ticks [0, ticks) are learned from; "bad-input" where that is nothing. */
export function spanUntil(grid: TimeGrid, until: TrainOptions["until"]): Result<TrainingSpan> {
  const ticks = "share" in until ? Math.floor(until.share * grid.length) : tickAt(grid, until.at);
  if (ticks > 0) return success({ ticks: Math.min(ticks, grid.length), validationShare: VALIDATION_SHARE });
  return failure("bad-input", `The trace begins at ${iso(grid.startMs)}: give a later instant as --until.`);
}

export function validationFrom({ ticks, validationShare }: TrainingSpan): number {
  return Math.floor(ticks * (1 - validationShare));
}

/** Equal for runs that would learn the same from the same: 12 hexadecimal digits. */
export function runNameOf(given: {
  readonly source: PanelSource;
  readonly span: TrainingSpan;
  readonly plan: TrainingPlan;
}): string {
  const { values, ...described } = given.source;
  const hash = createHash("sha256");
  hash.update(JSON.stringify([FEATURE_SET, given.plan, given.span, described]));
  for (const each of values) hash.update(Float64Array.from(each));
  return hash.digest("hex").slice(0, 12);
}
