import fc from "fast-check";
import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { coherentPeaks, coherentTick } from "./coherent-totals.ts";
import { meanOf } from "./row-moments.ts";
import { boundsOfTotal } from "./within-parts.ts";

const step = fc.oneof({ weight: 3, arbitrary: fc.double({ min: 0, max: 100, noNaN: true }) }, fc.constant(0));
const anyRow = fc
  .array(step, { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((steps) => steps.map((_, level) => steps.slice(0, level + 1).reduce((sum, each) => sum + each, 0)));
const PARTS = 6;
const members = [
  [0, 1, 2],
  [3, 4, 5],
  [0, 3],
  [1, 2, 4, 5],
];
const forecasts = fc.record({
  parts: fc.array(anyRow, { minLength: PARTS, maxLength: PARTS }),
  totals: fc.array(anyRow, { minLength: members.length, maxLength: members.length }),
});

function rowsOf(values: Float64Array): Float64Array[] {
  return Array.from({ length: values.length / LEVEL_COUNT }, (_, row) =>
    values.slice(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT),
  );
}

const mean = (row: Float64Array | undefined) => (row ? meanOf({ values: row, at: 0 }) : Number.NaN);

function checkBounds(row: Float64Array, own: readonly Float64Array[]): void {
  const { lowest, highest } = boundsOfTotal(own);
  for (const [level, value] of row.entries()) {
    expect(value).toBeGreaterThanOrEqual((lowest[level] ?? 0) * (1 - 1e-9) - 1e-9);
    expect(value).toBeLessThanOrEqual((highest[level] ?? 0) * (1 + 1e-9) + 1e-9);
    expect(value).toBeGreaterThanOrEqual((row[level - 1] ?? 0) * (1 - 1e-9) - 1e-9);
  }
}

test("of a tick: means add up for all groupings, rows ascend, and totals lie within what their parts allow", () => {
  fc.assert(
    fc.property(forecasts, ({ parts, totals }) => {
      const said = coherentTick({ parts: parts.flat(), totals: totals.flat(), members });
      const [partRows, totalRows] = [rowsOf(said.parts), rowsOf(said.totals)];
      for (const [total, own] of members.entries()) {
        const rows = own.map((part) => partRows[part] ?? new Float64Array());
        const sum = rows.reduce((each, row) => each + mean(row), 0);
        expect(mean(totalRows[total])).toBeCloseTo(sum, 6);
        checkBounds(totalRows[total] ?? new Float64Array(), rows);
      }
      for (const row of partRows) expect([...row]).toEqual([...row].sort((left, right) => left - right));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("of peaks: parts stay, a total's mean passes neither the sum of theirs nor falls below the largest of them", () => {
  fc.assert(
    fc.property(forecasts, ({ parts, totals }) => {
      const said = coherentPeaks({ parts: parts.flat(), totals: totals.flat(), members });
      expect([...said.parts]).toEqual(parts.flat());
      const [partRows, totalRows] = [rowsOf(said.parts), rowsOf(said.totals)];
      for (const [total, own] of members.entries()) {
        const rows = own.map((part) => partRows[part] ?? new Float64Array());
        const now = mean(totalRows[total]);
        expect(now).toBeLessThanOrEqual(rows.reduce((each, row) => each + mean(row), 0) + 1e-6);
        expect(now).toBeGreaterThanOrEqual(Math.max(...rows.map(mean)) - 1e-6);
        checkBounds(totalRows[total] ?? new Float64Array(), rows);
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("what agrees already stays", () => {
  const part = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const total = part.map((value) => 2 * value);
  const said = coherentTick({ parts: [...part, ...part], totals: total, members: [[0, 1]] });
  for (const [cell, value] of said.parts.entries()) expect(value).toBeCloseTo([...part, ...part][cell] ?? 0, 9);
  for (const [cell, value] of said.totals.entries()) expect(value).toBeCloseTo(total[cell] ?? 0, 9);
});

test("rare bursts of many: the total bursts at a level at which no part does", () => {
  const part = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 100];
  const { highest } = boundsOfTotal(Array.from({ length: 50 }, () => Float64Array.from(part)));
  expect(highest[levelIndex(0.9)]).toBeGreaterThan(100);
  expect(boundsOfTotal([Float64Array.from(part)]).highest[levelIndex(0.9)]).toBe(0);
});

test("unknown rows stay unknown and count as nothing", () => {
  const part = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const unknown = part.map(() => Number.NaN);
  const said = coherentTick({ parts: [...part, ...unknown], totals: [...part, ...unknown], members: [[0, 1], [0]] });
  expect([...said.parts].map(Number.isNaN)).toEqual([...part.map(() => false), ...part.map(() => true)]);
  expect([...said.totals].map(Number.isNaN)).toEqual([...part.map(() => false), ...part.map(() => true)]);
  expect([...said.totals.subarray(0, LEVEL_COUNT)]).toEqual(part.map((value) => expect.closeTo(value, 9)));
});
