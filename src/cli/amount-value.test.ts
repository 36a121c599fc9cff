import { expect, test } from "vitest";
import { GIBIBYTE } from "../model/units.ts";
import { amountsByResource } from "./amount-value.ts";

test("amounts are typed with their units and come in base units", () => {
  expect(amountsByResource("cpu=4,memory=16GiB,network=100MB/s")).toEqual({
    cpu: 4,
    memory: 16 * GIBIBYTE,
    network: 1e8,
  });
  expect(amountsByResource("cpu=0.5cores, storage=2000")).toEqual({ cpu: 0.5, storage: 2_000 });
});

test.each(["cpu", "cpu=", "cpu=four", "cpu=4GiB", "disk=1", "memory=-1", "cpu=1,cpu=2", "cpu=1=2", "memory=1/s"])(
  "%s is refused",
  (typed) => {
    expect(() => amountsByResource(typed)).toThrow("Give amounts such as cpu=4,memory=16GiB,network=100MB/s.");
  },
);
