// Serves a trained network by the fastest means that this machine has: onnxruntime, else the kernels. `kind` says which.
import { askEach, type Committee, openKernelCommittee, together } from "../../forecast/network/committee.ts";
import type { NetworkInference } from "../../forecast/network/network-inference.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { type OnnxRuntime, openOnnxInference } from "./onnx-inference.ts";

export interface OpenedInference {
  readonly inference: NetworkInference;
  /** Why it is not the native library, for people; left out where it is. */
  readonly notice?: string;
}

export async function openNetworkInference(
  committee: Committee,
  loadRuntime?: () => Promise<OnnxRuntime>,
): Promise<OpenedInference> {
  const native = await openNative(committee, loadRuntime);
  return native.ok
    ? { inference: native.value }
    : { inference: kernelsAsInference(committee), notice: native.error.message };
}

/** The members answer one after the other, each in a session of its own. */
async function openNative(
  { shape, members }: Committee,
  loadRuntime?: () => Promise<OnnxRuntime>,
): Promise<Result<NetworkInference>> {
  const sessions: NetworkInference[] = [];
  for (const parameters of members) {
    const opened = await openOnnxInference({ shape, parameters }, loadRuntime);
    if (!opened.ok) {
      for (const session of sessions) await session.close();
      return failure(opened.error.kind, opened.error.message);
    }
    sessions.push(opened.value);
  }
  return success({
    kind: "onnxruntime",
    stateSize: members.length * shape.hidden,
    infer: async (request) => {
      const asked = askEach(request, sessions.length);
      const answers = [];
      for (const [member, session] of sessions.entries()) answers.push(await session.infer(asked[member] ?? request));
      return together(request.windows, answers);
    },
    close: async () => {
      for (const session of sessions) await session.close();
    },
  });
}

export function kernelsAsInference(committee: Committee): NetworkInference {
  const kernels = openKernelCommittee(committee);
  return {
    kind: "wasm",
    stateSize: kernels.stateSize,
    infer: (request) => Promise.resolve(kernels.infer(request)),
    close: () => Promise.resolve(),
  };
}
