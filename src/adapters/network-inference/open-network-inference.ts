// Serves a trained network by the fastest means that this machine has: onnxruntime, else the kernels. `kind` says which.
import { openKernelInference } from "../../forecast/network/kernel-inference.ts";
import type { NetworkInference } from "../../forecast/network/network-inference.ts";
import type { TrainedNetwork } from "../../forecast/network/training-checkpoint.ts";
import { type OnnxRuntime, openOnnxInference } from "./onnx-inference.ts";

export interface OpenedInference {
  readonly inference: NetworkInference;
  /** Why it is not the native library, for people; left out where it is. */
  readonly notice?: string;
}

export async function openNetworkInference(
  network: TrainedNetwork,
  loadRuntime?: () => Promise<OnnxRuntime>,
): Promise<OpenedInference> {
  const native = await openOnnxInference(network, loadRuntime);
  return native.ok
    ? { inference: native.value }
    : { inference: kernelsAsInference(network), notice: native.error.message };
}

export function kernelsAsInference(network: TrainedNetwork): NetworkInference {
  const kernels = openKernelInference(network);
  return {
    kind: "wasm",
    infer: (request) => Promise.resolve(kernels.infer(request)),
    close: () => Promise.resolve(),
  };
}
