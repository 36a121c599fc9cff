// Any resource vectors: whole amounts where sums must be exact, fractions where they need not be.
import fc from "fast-check";
import { RESOURCES, type ResourceVector, resourceVector } from "./resources.ts";

export function vectorOf(amount: fc.Arbitrary<number>): fc.Arbitrary<ResourceVector> {
  return fc.record({ cpu: amount, memory: amount, network: amount, storage: amount }).map(resourceVector);
}

/** Sums of a few of them are exact in doubles. */
export const wholeVector = vectorOf(fc.nat({ max: 2 ** 40 }));
export const anyVector = vectorOf(fc.double({ min: 0, max: 1e15, noNaN: true }));

export function amountsOf(vector: ResourceVector): number[] {
  return RESOURCES.map((resource) => vector[resource]);
}
