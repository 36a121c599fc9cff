import { expect, test } from "vitest";
import { RESOURCES, UNLIMITED_AMOUNT } from "../model/resources.ts";
import { createCellState, NO_LEVEL, pooledPromise } from "./cell-state.ts";
import { resourceOf } from "./series.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

test("until something is known a VM has its ceiling, or its base where no contract limits it", () => {
  const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
  expect(createCellState({ layout, promise: pooledPromise(0.99), at: START }).allocations).toEqual(layout.ceiling);
  const ceiling = layout.ceiling.map(() => UNLIMITED_AMOUNT);
  const state = createCellState({ layout: { ...layout, ceiling }, promise: pooledPromise(0.99), at: START });
  expect(state.allocations).toEqual(layout.base);
  expect([...state.leasedLevels].every((level) => level === NO_LEVEL)).toBe(true);
  state.allocations.fill(0);
  expect(state.allocationsBefore).toEqual(layout.base);
});

test("a service level stands for a share of violations, with a guard on volume for every resource", () => {
  const promise = pooledPromise(0.99);
  if (promise.kind !== "pooled") throw new Error("a pooled promise is pooled");
  expect(promise.violations).toBeCloseTo(0.01, 12);
  for (const resource of RESOURCES) expect(promise.unserved[resource]).toBeGreaterThan(0);
  for (const level of [0, 1, -1, Number.NaN]) expect(() => pooledPromise(level)).toThrow(/service level/);
});

test("series and places both end in the resource", () => {
  expect([0, 1, 2, 3, 4, 7].map(resourceOf)).toEqual(["cpu", "memory", "network", "storage", "cpu", "storage"]);
});
