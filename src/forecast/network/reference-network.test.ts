import { describe, expect, test } from "vitest";
import { SMALL_SHAPE, someBatch, someParameters } from "./network.arbitrary.ts";
import { referenceGradient, referenceNetwork } from "./reference-network.ts";
import { layOutParameters } from "./shape.ts";

const STEP = 1e-6;
const batch = someBatch(SMALL_SHAPE, { steps: 5, windows: 3 }, 2);
const network = referenceNetwork(SMALL_SHAPE, someParameters(SMALL_SHAPE, 1));
const { gradient } = referenceGradient(network, batch);

function centralDifference(index: number): number {
  const lossAt = (shift: number) => {
    const parameters = network.parameters.slice();
    parameters[index] = (parameters[index] ?? 0) + shift;
    return referenceGradient({ ...network, parameters }, batch).loss;
  };
  return (lossAt(STEP) - lossAt(-STEP)) / (2 * STEP);
}

const { decoders, length: _, ...encoder } = layOutParameters(SMALL_SHAPE);
const groups = [
  ...Object.entries(encoder),
  ...decoders.flatMap((decoder, index) =>
    Object.entries(decoder).map(([name, block]) => [`${index} ${name}`, block] as const),
  ),
];

describe("the gradient equals central differences of the loss, for every parameter", () => {
  test.each(groups)("%s", (_, { at, rows, columns }) => {
    let largest = 0;
    for (let index = at; index < at + rows * columns; index++) {
      const [said, found] = [gradient[index] ?? Number.NaN, centralDifference(index)];
      largest = Math.max(largest, Math.abs(said));
      expect(Math.abs(said - found)).toBeLessThan(1e-7 + 1e-5 * Math.abs(found));
    }
    expect(largest).toBeGreaterThan(1e-4);
  });
});
