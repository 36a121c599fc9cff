// A trained network served by onnxruntime: native, one thread, whole batches. Loaded only when asked for, since it may not be there.
import type { InferenceSession, Tensor } from "onnxruntime-node";
import {
  assertRequest,
  type InferenceAnswer,
  type InferenceRequest,
  type NetworkInference,
} from "../../forecast/network/network-inference.ts";
import { networkToOnnx, ONNX_NAMES } from "../../forecast/network/onnx-model.ts";
import type { NetworkShape } from "../../forecast/network/shape.ts";
import type { TrainedNetwork } from "../../forecast/network/training-checkpoint.ts";
import { failure, type Result, success } from "../../model/result.ts";

/** What of the package is used here. */
export type OnnxRuntime = Pick<typeof import("onnxruntime-node"), "InferenceSession" | "Tensor">;

/** "unavailable" where the native module cannot be loaded, or refuses the model. */
export async function openOnnxInference(
  network: TrainedNetwork,
  loadRuntime: () => Promise<OnnxRuntime> = () => import("onnxruntime-node"),
): Promise<Result<NetworkInference>> {
  try {
    const runtime = await loadRuntime();
    const session = await runtime.InferenceSession.create(networkToOnnx(network), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: "sequential",
    });
    return success({
      kind: "onnxruntime",
      stateSize: network.shape.hidden,
      infer: (request) => infer({ runtime, session, shape: network.shape }, request),
      close: () => session.release(),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure("unavailable", `onnxruntime-node does not serve here: ${why}. The kernels can serve instead.`);
  }
}

interface Serving {
  readonly runtime: OnnxRuntime;
  readonly session: InferenceSession;
  readonly shape: NetworkShape;
}

async function infer({ runtime, session, shape }: Serving, request: InferenceRequest): Promise<InferenceAnswer> {
  assertRequest(shape, request);
  const { steps, windows, inputs, questions } = request;
  const tensor = (values: Float32Array, sizes: number[]) => new runtime.Tensor("float32", values, sizes);
  const stateSizes = [1, windows, shape.hidden];
  const zeros = request.state ? undefined : new Float32Array(windows * shape.hidden);
  const feeds: Record<string, Tensor> = {
    [ONNX_NAMES.inputs]: tensor(inputs, [steps, windows, shape.inputs]),
    [ONNX_NAMES.hidden]: tensor(request.state?.hidden ?? (zeros as Float32Array), stateSizes),
    [ONNX_NAMES.cell]: tensor(request.state?.cell ?? (zeros as Float32Array), stateSizes),
  };
  for (const [index, { name, features }] of shape.decoders.entries()) {
    const question = questions.find(({ decoder }) => decoder === index);
    // Every input has to be there: a decoder that is not asked gets no rows, and is not computed.
    const sizes = [windows, question?.rowsPerWindow ?? 0, features];
    feeds[ONNX_NAMES.features(name)] = tensor(question?.features ?? new Float32Array(0), sizes);
  }
  const quantileNames = questions.map(({ decoder }) => ONNX_NAMES.quantiles(shape.decoders[decoder]?.name ?? ""));
  const outputs = await session.run(feeds, [ONNX_NAMES.nextHidden, ONNX_NAMES.nextCell, ...quantileNames]);
  const valuesOf = (name: string) => outputs[name]?.data as Float32Array;
  return {
    state: { hidden: valuesOf(ONNX_NAMES.nextHidden), cell: valuesOf(ONNX_NAMES.nextCell) },
    quantiles: quantileNames.map(valuesOf),
  };
}
