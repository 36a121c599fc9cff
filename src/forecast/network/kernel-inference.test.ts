import { describe, expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { openKernelInference } from "./kernel-inference.ts";
import {
  distance,
  referenceAnswer,
  SMALL_SHAPE,
  someNumbers,
  someParameters,
  someRequest,
} from "./network.arbitrary.ts";
import type { InferenceRequest } from "./network-inference.ts";

const network = { shape: SMALL_SHAPE, parameters: someParameters(SMALL_SHAPE, 1) };
const inference = openKernelInference(network);

describe.each([
  ["one window", { steps: 4, windows: 1 }],
  ["a group and a bit", { steps: 9, windows: 67 }],
  ["several groups", { steps: 2, windows: 300 }],
])("%s", (_, size) => {
  const request = someRequest(SMALL_SHAPE, size, 2);

  test("the answer is the reference's", () => {
    expect(distance(inference.infer(request), referenceAnswer(network, request))).toBeLessThan(1e-5);
  });

  test("from a state kept from before, too", () => {
    const random = seededRandom(4);
    const numbers = () => someNumbers(random, size.windows * SMALL_SHAPE.hidden);
    const kept = { ...request, state: { hidden: numbers(), cell: numbers() } };
    expect(distance(inference.infer(kept), referenceAnswer(network, kept))).toBeLessThan(1e-5);
    expect(distance(inference.infer(kept), inference.infer(request))).toBeGreaterThan(1e-3);
  });
});

test("a window read step by step, its state carried along, ends with the same bytes as read at once", () => {
  const request = someRequest(SMALL_SHAPE, { steps: 5, windows: 70 }, 3);
  const width = 70 * SMALL_SHAPE.inputs;
  let answer = inference.infer({ ...request, steps: 1, inputs: request.inputs.subarray(0, width) });
  for (let step = 1; step < 5; step++) {
    const inputs = request.inputs.subarray(step * width, (step + 1) * width);
    answer = inference.infer({ ...request, steps: 1, inputs, state: answer.state });
  }
  expect(answer).toEqual(inference.infer(request));
});

test("a window's answer does not depend on its neighbours", () => {
  const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 131 }, 5);
  const whole = inference.infer(request);
  const window = 101;
  const pick = (values: Float32Array, width: number) => values.slice(window * width, (window + 1) * width);
  const alone: InferenceRequest = {
    ...request,
    windows: 1,
    inputs: Float32Array.from([0, 1, 2].flatMap((step) => [...pick(request.inputs.subarray(step * 131 * 3), 3)])),
    questions: request.questions.map((question) => ({
      ...question,
      features: pick(question.features, question.features.length / 131),
    })),
  };
  const answer = inference.infer(alone);
  for (const [index, quantiles] of answer.quantiles.entries())
    expect(quantiles).toEqual(pick(whole.quantiles[index] ?? quantiles, quantiles.length));
});

test("quantiles ascend and are numbers, whatever comes in", () => {
  const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 80 }, 6);
  const wild = {
    ...request,
    inputs: request.inputs.map((value) => value * 1e6),
    questions: request.questions.map((question) => ({
      ...question,
      features: question.features.map((value) => value * 1e4),
    })),
  };
  for (const asked of [request, wild])
    for (const quantiles of inference.infer(asked).quantiles)
      for (let at = 0; at < quantiles.length; at++) {
        expect(Number.isFinite(quantiles[at])).toBe(true);
        if (at % LEVEL_COUNT > 0) expect(quantiles[at]).toBeGreaterThanOrEqual(quantiles[at - 1] ?? 0);
      }
});

test("what is no number stays none and spoils no neighbour", () => {
  const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 8 }, 7);
  const whole = inference.infer(request);
  const spoilt = inference.infer({ ...request, inputs: request.inputs.slice().fill(Number.NaN, 0, 1) });
  const row = 3 * LEVEL_COUNT;
  expect(spoilt.quantiles[0]?.subarray(0, row).every(Number.isNaN)).toBe(true);
  expect(spoilt.quantiles[0]?.subarray(row)).toEqual(whole.quantiles[0]?.subarray(row));
});

test("a request that does not fit the shape is refused", () => {
  const request = someRequest(SMALL_SHAPE, { steps: 3, windows: 8 }, 7);
  expect(() => inference.infer({ ...request, steps: 4 })).toThrow("inputs are");
  expect(() => inference.infer({ ...request, windows: 0, inputs: new Float32Array(0) })).toThrow("steps and windows");
  expect(() =>
    inference.infer({ ...request, state: { hidden: new Float32Array(3), cell: new Float32Array(3) } }),
  ).toThrow("a state is");
  const [question] = request.questions;
  if (question) expect(() => inference.infer({ ...request, questions: [question, question] })).toThrow("once");
  if (question)
    expect(() => inference.infer({ ...request, questions: [{ ...question, rowsPerWindow: 2 }] })).toThrow(
      "features of",
    );
});
