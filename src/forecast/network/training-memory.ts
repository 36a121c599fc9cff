// Everything of a training run that lies in the kernels' memory from step to step: parameters, gradient, moments, constants.
// What a single batch needs is reserved above `mark` and forgotten by the next one, so a step depends on nothing but its inputs.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../../model/forecast.ts";
import { type Address, type Kernels, openKernels } from "./kernels.ts";
import { type PlacedParameters, placeParameters } from "./placed-parameters.ts";
import { HEAD_WIDTH, layOutParameters, type NetworkShape } from "./shape.ts";

export interface TrainingMemory {
  readonly shape: NetworkShape;
  readonly kernels: Kernels;
  /** Numbers in each of the four arrays that follow. */
  readonly length: number;
  readonly parametersAt: Address;
  readonly gradientAt: Address;
  readonly firstMomentsAt: Address;
  readonly secondMomentsAt: Address;
  readonly parameters: PlacedParameters;
  readonly gradient: PlacedParameters;
  readonly head: HeadConstants;
  /** A row of zeros, wide enough for any layer. */
  readonly zeros: Address;
  readonly mark: Address;
}

/** Rows as wide as a raw output. */
interface HeadConstants {
  readonly levels: Address;
  readonly weights: Address;
  readonly scratch: Address;
}

export function openTrainingMemory(shape: NetworkShape): TrainingMemory {
  const layout = layOutParameters(shape);
  const { length } = layout;
  const kernels = openKernels();
  const parametersAt = kernels.reserve(length);
  const gradientAt = kernels.reserve(length);
  const firstMomentsAt = kernels.reserve(length);
  const secondMomentsAt = kernels.reserve(length);
  const head = reserveHeadConstants(kernels);
  const zeros = kernels.reserve(Math.max(shape.hidden, shape.width));
  kernels.floats(zeros, Math.max(shape.hidden, shape.width)).fill(0);
  return {
    shape,
    kernels,
    length,
    parametersAt,
    gradientAt,
    firstMomentsAt,
    secondMomentsAt,
    parameters: placeParameters(layout, parametersAt),
    gradient: placeParameters(layout, gradientAt),
    head,
    zeros,
    mark: kernels.mark(),
  };
}

/** How much each level counts: pinball / sqrt(q (1 - q)), so that rare levels are heard. */
export const PINBALL_WEIGHTS: readonly number[] = QUANTILE_LEVELS.map((level) => 1 / Math.sqrt(level * (1 - level)));

function reserveHeadConstants(kernels: Kernels): HeadConstants {
  const [levels, weights, scratch] = [
    kernels.reserve(HEAD_WIDTH),
    kernels.reserve(HEAD_WIDTH),
    kernels.reserve(HEAD_WIDTH),
  ];
  const padded = (values: readonly number[]) => [...values, ...Array(HEAD_WIDTH - LEVEL_COUNT).fill(0)];
  kernels.floats(levels, HEAD_WIDTH).set(padded(QUANTILE_LEVELS));
  kernels.floats(weights, HEAD_WIDTH).set(padded(PINBALL_WEIGHTS));
  return { levels, weights, scratch };
}
