import { expect, test } from "vitest";
import { RESOURCES } from "../../model/resources.ts";
import { decideAll, FIVE_MINUTES, HOURLY } from "./decide-all.arbitrary.ts";
import { vpaPolicy } from "./vpa.ts";

const MARGIN = 1.15;
const at = (percentile: number) => vpaPolicy.knobs.indexOf(percentile);
const repeat = (count: number, value: number) => Array.from({ length: count }, () => value);

test("a steady demand is given the end of its bucket, within 5 % or one first bucket of it, plus 15 %", () => {
  for (const resource of RESOURCES) {
    for (const demand of resource === "cpu" ? [0.3, 2, 60] : [5e7, 3e8]) {
      const last = decideAll(vpaPolicy, { ...HOURLY, resource }, repeat(30, demand)).at(-1) ?? [];
      const bucket = demand * 0.05 + (resource === "memory" ? 1e7 : resource === "cpu" ? 0.01 : 1e4);
      expect(Math.min(...last)).toBe(Math.max(...last));
      expect(last[0]).toBeGreaterThan(demand * MARGIN);
      expect(last[0]).toBeLessThanOrEqual((demand + bucket) * MARGIN);
    }
  }
});

test("CPU: a day weighs as much as all the days before it, so the median follows a change within a day, not at once", () => {
  const decided = decideAll(vpaPolicy, FIVE_MINUTES, [...repeat(10 * 288, 1), ...repeat(2 * 288, 4)]);
  const median = (tick: number) => decided[10 * 288 + tick]?.[at(0.5)] ?? Number.NaN;
  expect(median(280)).toBeLessThan(2);
  expect(median(296)).toBeGreaterThan(4);
});

test("memory: only the peak of each day counts, and the peak of a new day is replaced as it grows", () => {
  const memory = { ...HOURLY, resource: "memory" as const };
  const day = [...repeat(23, 1e9), 3e9];
  const lowest = decideAll(vpaPolicy, memory, [...day, ...day, ...day]).map((row) => row[0] ?? Number.NaN);
  expect(lowest[24]).toBeGreaterThan(3e9);
  expect(lowest[48]).toBe(lowest[24]);
  expect(lowest[49]).toBeLessThan(1.3e9);
  expect(lowest[72]).toBe(lowest[24]);
});

test("samples of before a gap weigh less after it, for CPU and for memory", () => {
  const medianAfter = (resource: "cpu" | "memory", gapDays: number) => {
    const unit = resource === "cpu" ? 1 : 1e9;
    const demand = [...repeat(72, unit), ...repeat(24 * gapDays, Number.NaN), ...repeat(3, 4 * unit)];
    return (decideAll(vpaPolicy, { ...HOURLY, resource }, demand).at(-1)?.[at(0.5)] ?? Number.NaN) / unit;
  };
  expect(medianAfter("cpu", 0)).toBeLessThan(2);
  expect(medianAfter("cpu", 5)).toBeGreaterThan(4);
  expect(medianAfter("memory", 4)).toBeGreaterThan(4);
});
