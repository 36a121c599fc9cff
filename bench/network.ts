// The network: one training step beside PyTorch's of the same network, and what serving 100,000 windows costs. One thread each.
import { kernelsAsInference, openNetworkInference } from "../src/adapters/network-inference/open-network-inference.ts";
import type { Question, TrainingBatch } from "../src/forecast/network/batch.ts";
import { initialParameters } from "../src/forecast/network/initial-parameters.ts";
import type { InferenceRequest, NetworkInference } from "../src/forecast/network/network-inference.ts";
import { type NetworkShape, WIDTH_DEFAULT } from "../src/forecast/network/shape.ts";
import type { TrainedNetwork } from "../src/forecast/network/training-checkpoint.ts";
import { openTrainingMemory } from "../src/forecast/network/training-memory.ts";
import { batchGradient, batchLoss, descend } from "../src/forecast/network/training-step.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { median } from "./medians.ts";
import { findTorch, type TimedSteps, type TorchSteps, torchSteps } from "./torch-steps.ts";

const ROUNDS = 5;
const RUNS = 30;
const WARM_UP = 5;
const SEED = 1;
const HIDDEN = 48;
const TRAINED_WINDOWS = 64;

interface NetworkCase {
  readonly name: string;
  readonly shape: NetworkShape;
  readonly steps: number;
  /** For each decoder: from which step on its states are asked, and how many rows for each. */
  readonly asked: readonly { readonly fromStep: number; readonly rowsPerState: number }[];
}

const CASES: readonly NetworkCase[] = [
  {
    name: "12 inputs, 48 steps, 2 decoders of 12 features, asked after the last step",
    shape: shapeOf({ inputs: 12, features: 12, decoders: ["next-tick", "peak"] }),
    steps: 48,
    asked: [47, 47].map((fromStep) => ({ fromStep, rowsPerState: 1 })),
  },
  {
    name: "15 inputs, 72 steps, 2 decoders of 34 features, asked after each of the last 48 steps",
    shape: shapeOf({ inputs: 15, features: 34, decoders: ["next-tick", "peak"] }),
    steps: 72,
    asked: [24, 24].map((fromStep) => ({ fromStep, rowsPerState: 1 })),
  },
  {
    name: "the same with a third decoder, asked about 24 hours after each of the last 2 steps",
    shape: shapeOf({ inputs: 15, features: 34, decoders: ["next-tick", "peak", "day-ahead"] }),
    steps: 72,
    asked: [24, 24, 70].map((fromStep, decoder) => ({ fromStep, rowsPerState: decoder === 2 ? 24 : 1 })),
  },
];

function shapeOf(size: { inputs: number; features: number; decoders: readonly string[] }): NetworkShape {
  const decoders = size.decoders.map((name) => ({ name, features: size.features }));
  return { inputs: size.inputs, hidden: HIDDEN, width: WIDTH_DEFAULT, decoders };
}

export async function benchNetwork(): Promise<void> {
  console.log(
    `# one training step of ${TRAINED_WINDOWS} windows, hidden ${HIDDEN}, dense ${WIDTH_DEFAULT}, one thread,`,
  );
  console.log(
    `# medians of ${ROUNDS} x ${RUNS} steps, each after ${WARM_UP}, ours and PyTorch's in turns, seed ${SEED}`,
  );
  const torch = findTorch();
  if (torch === undefined)
    console.log("# no PyTorch here to compare with (Debian: python3-torch libopenblas0-pthread)");
  for (const each of CASES) benchTraining(each, torch);
  for (const each of CASES) await benchServing(each);
}

function benchTraining(each: NetworkCase, torch: string | undefined): void {
  const network = networkOf(each);
  const batch = batchOf(each);
  const ours: TimedSteps[] = [];
  const theirs: TorchSteps[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(timeSteps(network, batch));
    if (torch !== undefined) theirs.push(torchSteps({ program: torch, network, batch, runs: RUNS }));
  }
  console.log(`${each.name}: ${network.parameters.length} parameters`);
  console.log(`  ours     ${inMilliseconds(ours)}`);
  const [first] = theirs;
  if (!first) return;
  const difference = Math.abs(first.loss / batchLoss(openWith(network), batch) - 1).toExponential(0);
  console.log(`  PyTorch  ${inMilliseconds(theirs)} (${first.version}; the same loss but for ${difference} of it)`);
  const ratio = (of: (rounds: readonly TimedSteps[]) => number) => (of(theirs) / of(ours)).toFixed(2);
  console.log(`  PyTorch / ours: medians ${ratio(medianOf)}, least ${ratio(leastOf)}, CPU ${ratio(cpuOf)}`);
}

function inMilliseconds(rounds: readonly TimedSteps[]): string {
  const [middle, least, cpu] = [medianOf, leastOf, cpuOf].map((of) => `${of(rounds).toFixed(2)} ms`);
  return `median ${middle}, least ${least}, CPU ${cpu}`;
}

function medianOf(rounds: readonly TimedSteps[]): number {
  return median(rounds.flatMap(({ milliseconds }) => milliseconds));
}

/** What others on the machine disturbed least. */
function leastOf(rounds: readonly TimedSteps[]): number {
  return Math.min(...rounds.flatMap(({ milliseconds }) => milliseconds));
}

function cpuOf(rounds: readonly TimedSteps[]): number {
  return median(rounds.map(({ cpuMilliseconds }) => cpuMilliseconds));
}

function networkOf({ shape }: NetworkCase): TrainedNetwork {
  return { shape, parameters: initialParameters(shape, seededRandom(SEED)) };
}

function batchOf({ shape, steps, asked }: NetworkCase): TrainingBatch {
  const numbers = numbersFrom(SEED);
  const windows = TRAINED_WINDOWS;
  const questions = asked.map(({ fromStep, rowsPerState }, decoder): Question => {
    const states = Int32Array.from({ length: (steps - fromStep) * windows }, (_, index) => fromStep * windows + index);
    const rows = states.length * rowsPerState;
    const features = numbers(rows * (shape.decoders[decoder]?.features ?? 0));
    return {
      decoder,
      states,
      rowsPerState,
      features,
      targets: numbers(rows),
      volumeWeights: new Float32Array(rows),
      weight: 1,
    };
  });
  return { steps, windows, inputs: numbers(steps * windows * shape.inputs), questions };
}

function numbersFrom(seed: number): (length: number) => Float32Array {
  const random = seededRandom(seed);
  return (length) => Float32Array.from({ length }, () => random.normal());
}

function openWith({ shape, parameters }: TrainedNetwork) {
  const memory = openTrainingMemory(shape);
  memory.kernels.floats(memory.parametersAt, memory.length).set(parameters);
  return memory;
}

function timeSteps(network: TrainedNetwork, batch: TrainingBatch): TimedSteps {
  const memory = openWith(network);
  const milliseconds: number[] = [];
  let used = process.cpuUsage();
  for (let step = 1; step <= WARM_UP + RUNS; step++) {
    const begin = performance.now();
    batchGradient(memory, batch);
    descend(memory, { rate: 1e-3, momentum: 0.9 }, step);
    if (step > WARM_UP) milliseconds.push(performance.now() - begin);
    else used = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage(used);
  return { milliseconds, cpuMilliseconds: (user + system) / 1e3 / RUNS };
}

const SERVED_WINDOWS = 100_000;
const WINDOWS_A_REQUEST = 1_000;
const SERVED_STEPS = 48;

async function benchServing(each: NetworkCase): Promise<void> {
  const { shape, parameters } = networkOf(each);
  const network = { shape, members: [parameters] };
  const { inference: fastest, notice } = await openNetworkInference(network);
  const rows = each.asked.map(({ rowsPerState }) => rowsPerState).join(" + ");
  console.log(
    `# ${SERVED_WINDOWS} windows, ${each.shape.inputs} inputs, ${rows} rows each, ${WINDOWS_A_REQUEST} a request`,
  );
  if (notice) console.log(`  ${notice}`);
  const all = fastest.kind === "wasm" ? [fastest] : [fastest, kernelsAsInference(network)];
  for (const inference of all) {
    const whole = await timeServing(inference, requestOf(each, SERVED_STEPS));
    const one = await timeServing(inference, requestOf(each, 1));
    console.log(
      `  ${inference.kind.padEnd(11)}  whole windows of ${SERVED_STEPS} steps ${whole}; one step from a kept state ${one}`,
    );
    await inference.close();
  }
}

/** Wall-clock and CPU time of all windows: alike when one core does it all. */
async function timeServing(inference: NetworkInference, request: InferenceRequest): Promise<string> {
  for (let run = 0; run < WARM_UP; run++) await inference.infer(request);
  const [begin, used] = [performance.now(), process.cpuUsage()];
  for (let done = 0; done < SERVED_WINDOWS; done += WINDOWS_A_REQUEST) await inference.infer(request);
  const { user, system } = process.cpuUsage(used);
  return `${((performance.now() - begin) / 1e3).toFixed(2)} s (CPU ${((user + system) / 1e6).toFixed(2)} s)`;
}

function requestOf({ shape, asked }: NetworkCase, steps: number): InferenceRequest {
  const numbers = numbersFrom(SEED);
  const windows = WINDOWS_A_REQUEST;
  const questions = shape.decoders.map(({ features }, decoder) => {
    const rowsPerWindow = asked[decoder]?.rowsPerState ?? 1;
    return { decoder, rowsPerWindow, features: numbers(windows * rowsPerWindow * features) };
  });
  const state = { hidden: numbers(windows * shape.hidden), cell: numbers(windows * shape.hidden) };
  return { steps, windows, inputs: numbers(steps * windows * shape.inputs), state, questions };
}
