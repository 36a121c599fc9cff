// A trained network from its file.
import { readFile } from "node:fs/promises";
import { bytesToNetwork, type TrainedNetwork } from "../../forecast/network/training-checkpoint.ts";
import { failure, type Result } from "../../model/result.ts";

export async function readNetworkFile(path: string): Promise<Result<TrainedNetwork>> {
  try {
    const network = bytesToNetwork(await readFile(path));
    if (network.ok) return network;
    return failure("bad-input", `${path} is no trained network: ${network.error.message}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure("not-found", `${path} could not be read: ${why}. Give a file that headroom train wrote.`);
  }
}
