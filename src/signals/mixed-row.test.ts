import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { mixedRow } from "./mixed-row.ts";
import { logNormalRow } from "./signals.arbitrary.ts";

const rows = fc
  .array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((values) => Float64Array.from(values).sort());

test("lies between both rows, ascends, and is one of them where it is sure", () => {
  fc.assert(
    fc.property(rows, rows, fc.double({ min: 0, max: 1, noNaN: true }), (row, other, share) => {
      const mixed = mixedRow({ row, other, share });
      for (let level = 0; level < LEVEL_COUNT; level++) {
        const [left, right, here] = [row[level] as number, other[level] as number, mixed[level] as number];
        expect(here).toBeGreaterThanOrEqual(Math.min(left, right) - 1e-9);
        expect(here).toBeLessThanOrEqual(Math.max(left, right) + 1e-9);
        if (level > 0) expect(here).toBeGreaterThanOrEqual(mixed[level - 1] as number);
      }
    }),
    { seed: 1 },
  );
});

test("with the same row twice nothing changes", () => {
  const row = logNormalRow({ median: 3, sd: 0.7 });
  mixedRow({ row, other: row, share: 0.3 }).forEach((value, level) => {
    expect(value).toBeCloseTo(row[level] ?? 0, 9);
  });
});

test("of two rows far apart the higher one has the levels above its share", () => {
  const [low, high] = [logNormalRow({ median: 1, sd: 0.1 }), logNormalRow({ median: 100, sd: 0.1 })];
  const mixed = mixedRow({ row: high, other: low, share: 0.3 });
  expect(mixed[levelIndex(0.5)]).toBeLessThan(1.2);
  expect(mixed[levelIndex(0.8)]).toBeGreaterThan(80);
  expect(mixed[levelIndex(0.95)]).toBeLessThan(high[levelIndex(0.95)] ?? 0);
});

test("knows nothing where one of them knows nothing", () => {
  const unknown = new Float64Array(LEVEL_COUNT).fill(Number.NaN);
  expect([...mixedRow({ row: unknown, other: logNormalRow({ median: 1, sd: 1 }), share: 0.5 })]).toEqual([...unknown]);
});
