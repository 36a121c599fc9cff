// Training steps of the same network in PyTorch, where a python3 that can import it is to be found.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TrainingBatch } from "../src/forecast/network/batch.ts";
import { layOutParameters } from "../src/forecast/network/shape.ts";
import type { TrainedNetwork } from "../src/forecast/network/training-checkpoint.ts";
import { QUANTILE_LEVELS } from "../src/model/forecast.ts";

const SCRIPT = fileURLToPath(new URL("torch_network.py", import.meta.url));

export interface TimedSteps {
  readonly milliseconds: readonly number[];
  /** CPU time a step, which others on the machine disturb less. */
  readonly cpuMilliseconds: number;
}

export interface TorchSteps extends TimedSteps {
  readonly version: string;
  /** Of the batch, before the first step. */
  readonly loss: number;
}

/** One thread, and the fastest BLAS that it finds for itself. */
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;
const ONE_THREAD = { ...environment, OPENBLAS_NUM_THREADS: "1", OMP_NUM_THREADS: "1" };

/** The program that can import torch; undefined where there is none. */
export function findTorch(): string | undefined {
  return ["python3", "/usr/bin/python3"].find(
    (program) => spawnSync(program, ["-c", "import torch, numpy"], { env: ONE_THREAD, stdio: "ignore" }).status === 0,
  );
}

export interface TorchWork {
  readonly program: string;
  readonly network: TrainedNetwork;
  readonly batch: TrainingBatch;
  readonly runs: number;
}

export function torchSteps({ program, network, batch, runs }: TorchWork): TorchSteps {
  const { shape, parameters } = network;
  const questions = batch.questions.map(({ decoder, states, rowsPerState, weight }) => ({
    decoder,
    states: [...states],
    rowsPerState,
    weight,
  }));
  const { steps, windows } = batch;
  const layout = layOutParameters(shape);
  const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
  try {
    const bench = { shape, layout, steps, windows, questions, levels: QUANTILE_LEVELS, runs };
    writeFileSync(join(folder, "bench.json"), JSON.stringify(bench));
    writeFileSync(join(folder, "parameters.f32"), parameters);
    const numbers = [batch.inputs, ...batch.questions.flatMap(({ features, targets }) => [features, targets])];
    writeFileSync(join(folder, "batch.f32"), Buffer.concat(numbers.map(({ buffer }) => new Uint8Array(buffer))));
    const done = spawnSync(program, [SCRIPT, folder], { env: ONE_THREAD, encoding: "utf8" });
    if (done.status !== 0) throw new Error(`${SCRIPT} failed: ${done.stderr}`);
    return JSON.parse(done.stdout) as TorchSteps;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
