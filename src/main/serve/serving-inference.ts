// The trained network of a cell's thread: natively where this machine can, else by the kernels, and the log says which and why. Where
// the native library fails in the middle of a tick the kernels answer on, and it is not trusted again in this thread.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openNetworkInference } from "../../adapters/network-inference/open-network-inference.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import type { NetworkInference } from "../../forecast/network/network-inference.ts";
import { openForecaster } from "../demo/serving-network.ts";
import { type NamedNetwork, namedNetwork } from "../evaluate/named-network.ts";
import type { NamedInference } from "./cell-form.ts";

export interface ServingModels {
  /** The network that serves now; undefined: statistics alone. */
  newest(): Promise<NamedInference | undefined>;
  /** One that served before; undefined where it is gone. */
  byId(id: string): Promise<NamedInference | undefined>;
}

interface Serving {
  /** Folder of models. */
  readonly models: string;
  readonly stepMs: number;
  /** Sentences for the log. */
  readonly onNotice: (sentence: string) => void;
  /** The native library failed: what serves should be asked for anew. */
  readonly onBroken: () => void;
  /** For tests: another native library. */
  readonly loadRuntime?: Parameters<typeof openNetworkInference>[1];
}

type Served = Pick<NamedNetwork, "id" | "stepMs" | "network">;

export function servingModels({ models, stepMs, onNotice, onBroken, loadRuntime }: Serving): ServingModels {
  let isTrusted = true;
  const serve = async ({ id, stepMs, network }: Served): Promise<NamedInference> => {
    const kernels = openKernelCommittee(network);
    const byKernels = { id, stepMs, kernels };
    if (!isTrusted) return byKernels;
    const { inference, notice } = await openNetworkInference(network, loadRuntime);
    if (notice !== undefined) onNotice(notice);
    if (inference.kind !== "onnxruntime") return byKernels;
    const failed = (error: unknown) => {
      if (!isTrusted) return;
      isTrusted = false;
      onNotice(`onnxruntime failed, the kernels serve from now on: ${error instanceof Error ? error.message : error}`);
      onBroken();
    };
    return { ...byKernels, native: orKernels(inference, { kernels, failed }) };
  };
  return {
    async newest() {
      const forecaster = await openForecaster({ store: models, stepMs });
      if (!forecaster.ok) {
        onNotice(forecaster.error.message);
        return undefined;
      }
      const { id, network, sentence } = forecaster.value;
      const served = id === undefined || network === undefined ? undefined : await serve({ id, stepMs, network });
      onNotice(
        served === undefined ? sentence : `${sentence} It is served by ${served.native?.kind ?? "the kernels"}.`,
      );
      return served;
    },
    async byId(id) {
      const file = join(models, `${id}.network`);
      const named = existsSync(file) ? await namedNetwork(file) : undefined;
      return named?.ok ? serve(named.value) : undefined;
    },
  };
}

function orKernels(
  native: NetworkInference,
  { kernels, failed }: { readonly kernels: NamedInference["kernels"]; readonly failed: (error: unknown) => void },
): NetworkInference {
  return {
    ...native,
    async infer(request) {
      try {
        return await native.infer(request);
      } catch (error) {
        failed(error);
        return kernels.infer(request);
      }
    },
  };
}
