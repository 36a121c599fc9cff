// What the network is trained on: windows of input, and what is asked of the states they lead to.
import { assert } from "../../model/result.ts";
import type { NetworkShape } from "./shape.ts";

export interface TrainingBatch {
  readonly steps: number;
  readonly windows: number;
  /** [step x window x input]. */
  readonly inputs: Float32Array;
  /** At most one for each decoder. */
  readonly questions: readonly Question[];
}

/**
 * Rows asked of one decoder: `rowsPerState` rows for each of `states`, in this order. One row per state fits a next tick or a peak,
 * 24 fit the hours of the day that follows; any later step of a window may be asked about, each as often as one likes.
 */
export interface Question {
  /** Its place in the shape's `decoders`. */
  readonly decoder: number;
  /** Step x windows + window: the state after the input of that step of that window. */
  readonly states: Int32Array;
  readonly rowsPerState: number;
  /** [row x feature]. */
  readonly features: Float32Array;
  /** [row]; NaN where nobody knows: that row teaches nothing. */
  readonly targets: Float32Array;
  /** [row] >= 0: how much a miss counts as a volume, beside what it counts on the log scale. */
  readonly volumeWeights: Float32Array;
  /** The loss is the sum over questions of weight x mean over known rows and levels. */
  readonly weight: number;
}

export function assertBatch(shape: NetworkShape, batch: TrainingBatch): void {
  const { steps, windows, inputs, questions } = batch;
  assert(inputs.length === steps * windows * shape.inputs, "inputs are [step x window x input]");
  for (const { decoder, states, rowsPerState, features, targets, volumeWeights } of questions) {
    const own = shape.decoders[decoder];
    assert(own !== undefined, `there is no decoder ${decoder}`);
    assert(targets.length === states.length * rowsPerState, `targets of ${own.name} are [state x row]`);
    assert(volumeWeights.length === targets.length, `volume weights of ${own.name} are [row]`);
    assert(features.length === targets.length * own.features, `features of ${own.name} are [row x ${own.features}]`);
    const stray = states.find((state) => state < 0 || state >= steps * windows);
    assert(stray === undefined, `${own.name} asks for no state: ${stray}`);
  }
}

/** Rows that teach something. */
export function knownRows(targets: Float32Array): number {
  let known = 0;
  for (const target of targets) if (!Number.isNaN(target)) known++;
  return known;
}
