// A whole training run as data: a state goes in, the state some steps later comes out, so it can be shown, stored and resumed anywhere.
// The same plan and data give the same bytes, in one go or in pieces.
import { assert } from "../../model/result.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import type { TrainingBatch } from "./batch.ts";
import { initialParameters } from "./initial-parameters.ts";
import { oneCycle } from "./learning-rate.ts";
import type { NetworkShape } from "./shape.ts";
import type { TrainingMemory } from "./training-memory.ts";
import { batchGradient, batchLoss, descend } from "./training-step.ts";

export interface TrainingPlan {
  readonly shape: NetworkShape;
  readonly seed: number;
  /** Length of the whole cycle of the learning rate. */
  readonly steps: number;
  readonly peakRate: number;
  /** Steps from one look at the validation set to the next; the last step always looks. */
  readonly validateEvery: number;
  /** The run stops early after so many looks in a row without a better one. */
  readonly patience: number;
}

export interface TrainingState {
  readonly plan: TrainingPlan;
  /** Steps done. */
  readonly step: number;
  /** Laid out as in shape.ts, the moments of Adam too. */
  readonly parameters: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
  /** Mean of the parameters after each step of the last part of the run; all zeros before that. */
  readonly average: Float32Array;
  readonly best: BestParameters;
  readonly curve: readonly CurvePoint[];
  /** Sum of the losses of the steps since the last point of the curve. */
  readonly lossSinceLook: number;
  /** "diverged": a loss or a gradient was no number; parameters and best are those from before. */
  readonly outcome: "running" | "finished" | "stopped-early" | "diverged";
}

/** The parameters, or averages of them, with the least validation loss so far; Infinity before the first look. */
interface BestParameters {
  readonly step: number;
  readonly loss: number;
  readonly parameters: Float32Array;
}

export interface CurvePoint {
  readonly step: number;
  /** Mean loss of the batches since the point before. */
  readonly training: number;
  /** Of the parameters or of their average, whichever is better. */
  readonly validation: number;
}

export interface TrainingData {
  /** A batch that depends on nothing but the random numbers: each step has a stream of its own. */
  draw(random: SeededRandom): TrainingBatch;
  /** At least one; each counts the same. */
  readonly validation: readonly TrainingBatch[];
}

export function startTraining(plan: TrainingPlan): TrainingState {
  const { steps, validateEvery, patience } = plan;
  assert(
    [steps, validateEvery, patience].every((count) => Number.isInteger(count) && count >= 1),
    "a plan counts from 1",
  );
  const parameters = initialParameters(plan.shape, seededRandom(plan.seed).fork("initial parameters"));
  return {
    plan,
    step: 0,
    parameters,
    firstMoments: new Float32Array(parameters.length),
    secondMoments: new Float32Array(parameters.length),
    average: new Float32Array(parameters.length),
    best: { step: 0, loss: Number.POSITIVE_INFINITY, parameters },
    curve: [],
    lossSinceLook: 0,
    outcome: "running",
  };
}

export interface TrainingWork {
  /** Opened with the plan's shape; nothing in it outlives the call. */
  readonly memory: TrainingMemory;
  readonly data: TrainingData;
  /** At most so many steps more. */
  readonly steps: number;
}

export function trainSome(state: TrainingState, { memory, data, steps }: TrainingWork): TrainingState {
  assert(memory.length === state.parameters.length, "the memory was opened with the shape of the plan");
  assert(data.validation.length > 0, "a run has something to validate on");
  load(memory, state);
  const until = Math.min(state.plan.steps, state.step + steps);
  let now: TrainingState = { ...state, average: state.average.slice() };
  while (now.outcome === "running" && now.step < until) {
    now = takeStep(memory, data, now);
    if (now.outcome === "running") followAverage(memory, now);
    if (isTimeToLook(now)) now = look(memory, data, now);
  }
  return { ...now, ...unload(memory) };
}

function takeStep(memory: TrainingMemory, data: TrainingData, state: TrainingState): TrainingState {
  const { seed, steps, peakRate } = state.plan;
  const batch = data.draw(randomOfStep(seed, state.step));
  const loss = batchGradient(memory, batch);
  if (!Number.isFinite(loss)) return { ...state, outcome: "diverged" };
  const norm = descend(memory, oneCycle({ step: state.step, steps, peak: peakRate }), state.step + 1);
  if (!Number.isFinite(norm)) return { ...state, outcome: "diverged" };
  return { ...state, step: state.step + 1, lossSinceLook: state.lossSinceLook + loss };
}

/** Each step has a stream of its own, so that batches can be drawn ahead, or anew after a stop. */
export function randomOfStep(seed: number, step: number): SeededRandom {
  return seededRandom(seed).fork(`step ${step}`);
}

function isTimeToLook({ outcome, step, plan }: TrainingState): boolean {
  return outcome === "running" && (step % plan.validateEvery === 0 || step === plan.steps);
}

/**
 * Stochastic weight averaging (Izmailov, Podoprikhin, Garipov, Vetrov & Wilson, UAI 2018): the mean of where a run comes by
 * lies in a flatter place than where it ends. In place.
 */
function followAverage(memory: TrainingMemory, { average, step, plan }: TrainingState): void {
  const averaged = averagedSteps(step, plan);
  if (averaged === 0) return;
  const parameters = memory.kernels.floats(memory.parametersAt, memory.length);
  for (let at = 0; at < parameters.length; at++) {
    const mean = average[at] as number;
    average[at] = mean + ((parameters[at] as number) - mean) / averaged;
  }
}

const AVERAGED_SHARE = 0.4;

function averagedSteps(step: number, { steps }: TrainingPlan): number {
  return Math.max(0, step - Math.floor((1 - AVERAGED_SHARE) * steps));
}

function look(memory: TrainingMemory, data: TrainingData, state: TrainingState): TrainingState {
  const { step, plan, best } = state;
  const candidate = candidateOf(memory, data, state);
  if (!Number.isFinite(candidate.loss)) return { ...state, outcome: "diverged" };
  const training = state.lossSinceLook / (step - (state.curve.at(-1)?.step ?? 0));
  const looked: TrainingState = {
    ...state,
    curve: [...state.curve, { step, training, validation: candidate.loss }],
    lossSinceLook: 0,
    outcome: step === plan.steps ? "finished" : "running",
  };
  if (candidate.loss < best.loss) return { ...looked, best: candidate };
  const inVain = looked.curve.filter((point) => point.step > best.step).length;
  return inVain >= plan.patience && looked.outcome === "running" ? { ...looked, outcome: "stopped-early" } : looked;
}

/** The parameters, or their average where that is better. */
function candidateOf(memory: TrainingMemory, data: TrainingData, state: TrainingState): BestParameters {
  const { step, plan, average } = state;
  const parameters = parametersIn(memory);
  const own = { step, loss: validationLoss(memory, data), parameters };
  if (averagedSteps(step, plan) === 0) return own;
  const inMemory = memory.kernels.floats(memory.parametersAt, memory.length);
  inMemory.set(average);
  const ofAverage = validationLoss(memory, data);
  inMemory.set(parameters);
  return ofAverage < own.loss ? { step, loss: ofAverage, parameters: average.slice() } : own;
}

function validationLoss(memory: TrainingMemory, { validation }: TrainingData): number {
  return validation.reduce((sum, batch) => sum + batchLoss(memory, batch) / validation.length, 0);
}

function load(memory: TrainingMemory, { parameters, firstMoments, secondMoments }: TrainingState): void {
  const { kernels, length } = memory;
  kernels.floats(memory.parametersAt, length).set(parameters);
  kernels.floats(memory.firstMomentsAt, length).set(firstMoments);
  kernels.floats(memory.secondMomentsAt, length).set(secondMoments);
}

function unload(memory: TrainingMemory): Pick<TrainingState, "parameters" | "firstMoments" | "secondMoments"> {
  const { kernels, length } = memory;
  return {
    parameters: parametersIn(memory),
    firstMoments: kernels.floats(memory.firstMomentsAt, length).slice(),
    secondMoments: kernels.floats(memory.secondMomentsAt, length).slice(),
  };
}

function parametersIn({ kernels, parametersAt, length }: TrainingMemory): Float32Array {
  return kernels.floats(parametersAt, length).slice();
}
