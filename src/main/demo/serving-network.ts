// The network that forecasts beside the statistics in the demo: the one that was named, or the one that serves in the model store
// where it knows ticks of this length; else the statistics alone. `sentence` says which, and why.
import { existsSync } from "node:fs";
import { type Committee, openKernelCommittee } from "../../forecast/network/committee.ts";
import type { KernelInference } from "../../forecast/network/kernel-inference.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";
import { type NamedNetwork, namedNetwork } from "../evaluate/named-network.ts";

/** Where `headroom train` leaves models unless told otherwise. */
const STORE = "out/models";

const ALONE = "Forecasts come from statistics alone";
const UNTAUGHT = "headroom train teaches a network.";

interface Forecaster {
  readonly inference?: KernelInference;
  /** For whoever serves it by other means. */
  readonly network?: Committee;
  /** Of the model behind it. */
  readonly id?: string;
  readonly sentence: string;
}

interface Asked {
  /** The file of a model or a folder of models. */
  readonly model?: string | undefined;
  readonly store?: string;
  readonly stepMs: number;
}

/** Fails only where a model was named and cannot serve. */
export async function openForecaster({ model, store = STORE, stepMs }: Asked): Promise<Result<Forecaster>> {
  if (model === undefined && !existsSync(store)) return success({ sentence: `${ALONE}: ${UNTAUGHT}` });
  const named = await namedNetwork(model ?? store);
  const fitting = named.ok ? checkTicks(named.value, stepMs) : named;
  if (fitting.ok) {
    const { id, network } = fitting.value;
    return success({
      inference: openKernelCommittee(network),
      network,
      id,
      sentence: `Forecasts come from statistics and the trained network ${id} (${model ?? store}).`,
    });
  }
  if (model !== undefined) return fitting;
  const why = fitting.error.kind === "not-found" ? UNTAUGHT : fitting.error.message;
  return success({ sentence: `${ALONE}: ${why}` });
}

function checkTicks(network: NamedNetwork, stepMs: number): Result<NamedNetwork> {
  if (network.stepMs === stepMs) return success(network);
  const [known, asked] = [network.stepMs, stepMs].map((each) => `${each / SECOND_MS} s`);
  return failure("rejected", `The model ${network.id} knows ticks of ${known}, these are of ${asked}.`);
}
