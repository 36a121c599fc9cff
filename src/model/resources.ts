// The four resources, always all of them. A vector has one amount for each; arithmetic is component by component.
import { assert } from "./result.ts";
import { type Bytes, type BytesPerSecond, bytes, bytesPerSecond, type Cores, cores } from "./units.ts";

export const RESOURCES = ["cpu", "memory", "network", "storage"] as const;
export type Resource = (typeof RESOURCES)[number];
export const RESOURCE_COUNT = RESOURCES.length;

interface AmountOf {
  readonly cpu: Cores;
  readonly memory: Bytes;
  readonly network: BytesPerSecond;
  readonly storage: BytesPerSecond;
}

export type ResourceVector = { readonly [R in Resource]: AmountOf[R] };

export const UNIT_NAME: Readonly<Record<Resource, string>> = {
  cpu: "cores",
  memory: "bytes",
  network: "bytes/s",
  storage: "bytes/s",
};

/** From plain numbers in base units; throws on an amount that is negative or not finite. */
export function resourceVector(amounts: Readonly<Record<Resource, number>>): ResourceVector {
  return {
    cpu: cores(amounts.cpu),
    memory: bytes(amounts.memory),
    network: bytesPerSecond(amounts.network),
    storage: bytesPerSecond(amounts.storage),
  };
}

export const NOTHING: ResourceVector = resourceVector({ cpu: 0, memory: 0, network: 0, storage: 0 });

/** More than any machine has, and still a number to calculate with: for what no contract or host limits. */
export const UNLIMITED_AMOUNT = 1e30;

function combine(
  left: ResourceVector,
  right: ResourceVector,
  operation: (a: number, b: number) => number,
): ResourceVector {
  return resourceVector({
    cpu: operation(left.cpu, right.cpu),
    memory: operation(left.memory, right.memory),
    network: operation(left.network, right.network),
    storage: operation(left.storage, right.storage),
  });
}

export function add(left: ResourceVector, right: ResourceVector): ResourceVector {
  return combine(left, right, (a, b) => a + b);
}

/** What is left of `left`, never below zero. */
export function subtract(left: ResourceVector, right: ResourceVector): ResourceVector {
  return combine(left, right, (a, b) => Math.max(a - b, 0));
}

export function larger(left: ResourceVector, right: ResourceVector): ResourceVector {
  return combine(left, right, Math.max);
}

export function smaller(left: ResourceVector, right: ResourceVector): ResourceVector {
  return combine(left, right, Math.min);
}

export function scale(vector: ResourceVector, factor: number): ResourceVector {
  assert(factor >= 0, `a vector is scaled by a factor >= 0, got ${factor}`);
  return combine(vector, NOTHING, (a) => a * factor);
}

/** True when every amount of `wanted` is within `available`. */
export function fits(wanted: ResourceVector, available: ResourceVector): boolean {
  return RESOURCES.every((resource) => wanted[resource] <= available[resource]);
}

/** The smallest demand worth telling from nothing: a thousandth of a core, 1 MiB, 1 KiB/s. */
export const DEMAND_FLOORS: { readonly [R in Resource]: number } = {
  cpu: 1e-3,
  memory: 2 ** 20,
  network: 2 ** 10,
  storage: 2 ** 10,
};
