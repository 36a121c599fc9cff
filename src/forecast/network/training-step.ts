// One step of training on the kernels: the loss of a batch, its gradient, its norm held at most 1, Adam.
import { assertBatch, type TrainingBatch } from "./batch.ts";
import { scoreQuestion } from "./decoder-loss.ts";
import { encode, encodeBack } from "./encoder-pass.ts";
import type { LearningRate } from "./learning-rate.ts";
import type { TrainingMemory } from "./training-memory.ts";

/** Sum over questions of weight x mean over known rows and levels of pinball / sqrt(q (1 - q)) + volume weight x pinball of the volume. */
export function batchLoss(memory: TrainingMemory, batch: TrainingBatch): number {
  assertBatch(memory.shape, batch);
  memory.kernels.release(memory.mark);
  const pass = encode(memory, batch);
  const states = pass.states + firstStateBytes(memory, batch);
  let loss = 0;
  for (const question of batch.questions) loss += scoreQuestion(memory, question, { states });
  return loss;
}

/** The loss; its gradient is left in the memory. */
export function batchGradient(memory: TrainingMemory, batch: TrainingBatch): number {
  const { kernels } = memory;
  assertBatch(memory.shape, batch);
  kernels.release(memory.mark);
  const pass = encode(memory, batch);
  const offset = firstStateBytes(memory, batch);
  const stateCount = (batch.steps + 1) * batch.windows * memory.shape.hidden;
  const stateGradients = kernels.reserve(stateCount);
  kernels.floats(stateGradients, stateCount).fill(0);
  kernels.floats(memory.gradientAt, memory.length).fill(0);
  const asked = { states: pass.states + offset, gradients: stateGradients + offset };
  let loss = 0;
  for (const question of batch.questions) loss += scoreQuestion(memory, question, asked);
  encodeBack(memory, batch, { pass, stateGradients });
  return loss;
}

const GRADIENT_NORM_MAX = 1;
const SECOND_MOMENT_KEPT = 0.999;
const EPSILON = 1e-8;

/**
 * Adam (Kingma & Ba, ICLR 2015) on a gradient whose norm is cut to 1. `step` counts from 1. Returns the norm
 * before the cut; where that is no finite number, nothing moves.
 */
export function descend(memory: TrainingMemory, { rate, momentum }: LearningRate, step: number): number {
  const { run } = memory.kernels;
  const norm = Math.sqrt(run.sumOfSquares(memory.gradientAt, memory.length));
  if (!Number.isFinite(norm)) return norm;
  const scale = norm > GRADIENT_NORM_MAX ? GRADIENT_NORM_MAX / norm : 1;
  const corrected = (rate * Math.sqrt(1 - SECOND_MOMENT_KEPT ** step)) / (1 - momentum ** step);
  run.adam(
    memory.parametersAt,
    memory.gradientAt,
    memory.firstMomentsAt,
    memory.secondMomentsAt,
    memory.length,
    scale,
    momentum,
    SECOND_MOMENT_KEPT,
    corrected,
    EPSILON,
  );
  return norm;
}

/** State 0 lies before the first step; questions count from the one after it. */
function firstStateBytes({ shape }: TrainingMemory, { windows }: TrainingBatch): number {
  return 4 * windows * shape.hidden;
}
