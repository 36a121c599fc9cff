// The encoder over whole windows with everything kept that the way back needs, and that way back.
import type { TrainingBatch } from "./batch.ts";
import type { Address } from "./kernels.ts";
import type { TrainingMemory } from "./training-memory.ts";

export interface EncoderPass {
  readonly inputs: Address;
  /** [step + 1 x window x hidden]; the first is 0. */
  readonly states: Address;
  readonly cells: Address;
  readonly gates: Address;
  readonly tanhCells: Address;
}

export function encode(memory: TrainingMemory, batch: TrainingBatch): EncoderPass {
  const { kernels, parameters } = memory;
  const { inputs, hidden } = memory.shape;
  const { steps, windows } = batch;
  const everyState = steps * windows * hidden;
  const pass = {
    inputs: kernels.reserve(batch.inputs.length),
    states: kernels.reserve(everyState + windows * hidden),
    cells: kernels.reserve(everyState + windows * hidden),
    gates: kernels.reserve(4 * everyState),
    tanhCells: kernels.reserve(everyState),
  };
  kernels.floats(pass.inputs, batch.inputs.length).set(batch.inputs);
  kernels.floats(pass.states, windows * hidden).fill(0);
  kernels.floats(pass.cells, windows * hidden).fill(0);
  kernels.run.encoderForward(
    pass.inputs,
    4 * windows * inputs,
    parameters.inputWeights,
    parameters.hiddenWeights,
    parameters.gateBias,
    pass.states,
    pass.cells,
    pass.gates,
    pass.tanhCells,
    steps,
    windows,
    inputs,
    hidden,
    true,
  );
  return pass;
}

/** `stateGradients` [step + 1 x window x hidden]: what the decoders ask of each state. Adds to the gradient of the parameters. */
export function encodeBack(
  memory: TrainingMemory,
  batch: TrainingBatch,
  { pass, stateGradients }: { readonly pass: EncoderPass; readonly stateGradients: Address },
): void {
  const { kernels, parameters, gradient } = memory;
  const { inputs, hidden } = memory.shape;
  const { steps, windows } = batch;
  const hiddenWeightsTransposed = kernels.reserve(4 * hidden * hidden);
  const cellGradients = kernels.reserve(windows * hidden);
  kernels.run.transpose(parameters.hiddenWeights, hiddenWeightsTransposed, hidden, 4 * hidden);
  kernels.floats(cellGradients, windows * hidden).fill(0);
  kernels.run.encoderBackward(
    pass.inputs,
    4 * windows * inputs,
    hiddenWeightsTransposed,
    pass.states,
    pass.cells,
    pass.gates,
    pass.tanhCells,
    stateGradients,
    cellGradients,
    gradient.inputWeights,
    gradient.hiddenWeights,
    gradient.gateBias,
    steps,
    windows,
    inputs,
    hidden,
  );
}
