import { MessageChannel } from "node:worker_threads";
import { expect, test } from "vitest";
import { SMALL_SHAPE, someBatch } from "../../forecast/network/network.arbitrary.ts";
import { checkpointToBytes } from "../../forecast/network/training-checkpoint.ts";
import { openTrainingMemory } from "../../forecast/network/training-memory.ts";
import {
  startTraining,
  type TrainingData,
  type TrainingState,
  trainSome,
} from "../../forecast/network/training-run.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { supplyBatches } from "./batch-supply.ts";
import { learnInThread } from "./train-worker.ts";

const PLAN = { shape: SMALL_SHAPE, seed: 5, steps: 30, peakRate: 4e-3, validateEvery: 10, patience: 9 };

/** Afresh each time: what is handed over is gone. */
function freshData(): TrainingData {
  const draw = (random: SeededRandom) => someBatch(SMALL_SHAPE, { steps: 4, windows: 3 }, random.below(1e9));
  return { draw, validation: [someBatch(SMALL_SHAPE, { steps: 4, windows: 3 }, 1)] };
}

function alone(state: TrainingState, steps: number): TrainingState {
  return trainSome(state, { memory: openTrainingMemory(SMALL_SHAPE), data: freshData(), steps });
}

/** With as many suppliers, each at the other end of a channel. */
async function supplied(state: TrainingState, suppliers: number) {
  const channels = Array.from({ length: suppliers }, () => new MessageChannel());
  const { port1, port2 } = new MessageChannel();
  const shown: TrainingState[] = [];
  port1.on("message", (now: TrainingState) => shown.push(now));
  const ended = channels.map(({ port1: port }) => supplyBatches(port, freshData(), state.plan.seed));
  const learned = await learnInThread({ state, supply: channels.map((each) => each.port2), watch: port2 });
  await Promise.all(ended);
  await new Promise((resolve) => port1.once("close", resolve) && port2.close());
  return { learned, shown };
}

test.each([1, 2, 3])(
  "batches that %i others draw ahead give the same bytes as drawing them oneself",
  async (suppliers) => {
    const { learned } = await supplied(startTraining(PLAN), suppliers);
    expect(learned.outcome).toBe("finished");
    expect(checkpointToBytes(learned)).toEqual(checkpointToBytes(alone(startTraining(PLAN), 30)));
  },
);

test("a run goes on from any step to the same bytes, and shows its way there", async () => {
  const { learned, shown } = await supplied(alone(startTraining(PLAN), 13), 2);
  expect(checkpointToBytes(learned)).toEqual(checkpointToBytes(alone(startTraining(PLAN), 30)));
  expect(shown.map(({ step }) => step)).toEqual([21, 29, 30]);
});

test("a run that had ended is handed back as it was, and its suppliers are let go", async () => {
  const done = alone(startTraining(PLAN), 30);
  const { learned, shown } = await supplied(done, 2);
  expect(learned).toEqual(done);
  expect(shown).toEqual([]);
});

test("a run that stops early lets its suppliers go in the middle of what they drew", async () => {
  const hasty = { ...PLAN, steps: 2_000, peakRate: 0.5, validateEvery: 3, patience: 2 };
  const { learned } = await supplied(startTraining(hasty), 2);
  expect(["stopped-early", "diverged"]).toContain(learned.outcome);
  expect(learned.step).toBeLessThan(2_000);
});
