// What serving asks of a trained network, whoever does the sums: a native library or the kernels.
import { assert } from "../../model/result.ts";
import type { NetworkShape } from "./shape.ts";

export interface NetworkInference {
  /** Who does the sums: "onnxruntime" is native and about twice as fast, "wasm" runs anywhere. They agree to 1e-5. */
  readonly kind: "onnxruntime" | "wasm";
  /** Numbers of `hidden`, and of `cell`, that a window's state has. */
  readonly stateSize: number;
  /** One request at a time. Some thousand windows a request are as fast as more, and keep memory small. */
  infer(request: InferenceRequest): Promise<InferenceAnswer>;
  close(): Promise<void>;
}

/** Windows are read from their beginning, or from a state kept from before (then one step is enough). */
export interface InferenceRequest {
  readonly steps: number;
  readonly windows: number;
  /** [step x window x input]. */
  readonly inputs: Float32Array;
  /** Where left out: zeros, the state before anything was seen. */
  readonly state?: EncoderState;
  readonly questions: readonly ServedQuestion[];
}

interface EncoderState {
  /** [window x hidden]; of a committee [window x member x hidden]. */
  readonly hidden: Float32Array;
  readonly cell: Float32Array;
}

/** Rows asked of one decoder about the last state of every window. At most one question a decoder. */
export interface ServedQuestion {
  /** Its place in the shape's `decoders`. */
  readonly decoder: number;
  readonly rowsPerWindow: number;
  /** [window x row x feature]. */
  readonly features: Float32Array;
}

export interface InferenceAnswer {
  readonly state: EncoderState;
  /** For each question [window x row x level], ascending within a row. */
  readonly quantiles: readonly Float32Array[];
}

export function assertRequest(
  shape: NetworkShape,
  { steps, windows, inputs, state, questions }: InferenceRequest,
): void {
  assert(steps > 0 && windows > 0, "a request has steps and windows");
  assert(inputs.length === steps * windows * shape.inputs, "inputs are [step x window x input]");
  for (const part of state ? [state.hidden, state.cell] : [])
    assert(part.length === windows * shape.hidden, "a state is [window x hidden]");
  const asked = questions.map(({ decoder }) => decoder);
  assert(new Set(asked).size === asked.length, "a request asks a decoder once");
  for (const { decoder, rowsPerWindow, features } of questions) {
    const own = shape.decoders[decoder];
    assert(own !== undefined && rowsPerWindow > 0, `a request asks a decoder for rows: ${decoder}, ${rowsPerWindow}`);
    assert(
      features.length === windows * rowsPerWindow * own.features,
      `features of ${own.name} are [window x row x feature]`,
    );
  }
}
