// One thread of the tick bench: its cells, and an inference of its own.
import { parentPort, workerData } from "node:worker_threads";
import { openNetworkInference } from "../src/adapters/network-inference/open-network-inference.ts";
import { LSTM_SHAPE } from "../src/forecast/lstm/lstm-shape.ts";
import { initialParameters } from "../src/forecast/network/initial-parameters.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { createBenchCell, drawDemand, PARTS, type TickCost, tickOnce } from "./tick-cell.ts";

export interface WorkerTask {
  /** VMs of each cell. */
  readonly cells: readonly number[];
  readonly seed: number;
  readonly withNetwork: boolean;
}

export type WorkerAnswer =
  | { readonly kind: "ready"; readonly served: string }
  | { readonly kind: "drawn" }
  | { readonly kind: "done"; readonly cost: TickCost };

/** Series a request: native sums are fastest in larger batches than the kernels. */
const BATCH_SERIES = 2_048;

const { cells: sizes, seed, withNetwork } = workerData as WorkerTask;
const answer = (message: WorkerAnswer) => parentPort?.postMessage(message);
const inference = withNetwork ? await openInference() : undefined;
const network = { startMs: 0, batchSeries: BATCH_SERIES };
const cells = sizes.map((vms, index) => createBenchCell({ vms, seed: seed + index, ...(withNetwork && { network }) }));

/** Not trained: a trained one costs the same. */
async function openInference() {
  const members = [initialParameters(LSTM_SHAPE, seededRandom(1))];
  return (await openNetworkInference({ shape: LSTM_SHAPE, members })).inference;
}

parentPort?.on("message", async (order: "draw" | "tick" | "end") => {
  if (order === "draw") {
    for (const cell of cells) drawDemand(cell);
    answer({ kind: "drawn" });
  } else if (order === "tick") {
    const total = { learn: 0, network: 0, forecast: 0, step: 0 };
    for (const cell of cells) {
      const cost = await tickOnce(cell, inference);
      for (const part of PARTS) total[part] += cost[part];
    }
    answer({ kind: "done", cost: total });
  } else {
    await inference?.close();
    parentPort?.close();
  }
});
answer({ kind: "ready", served: inference?.kind ?? "statistics alone" });
