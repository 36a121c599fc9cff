import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { mixtureParts } from "./mixture-parts.ts";

const rowOf = (value: number) => new Array<number>(LEVEL_COUNT).fill(value);

test("shares are those of members who speak; calibration is what the rows have beyond the mixture", () => {
  const inside = { kind: "component", name: "trend", role: "level", amounts: [1, 2] } as const;
  const parts = mixtureParts({
    members: [
      { name: "a", parts: [inside] },
      { name: "b", parts: [] },
      { name: "c", parts: [] },
    ],
    weights: [
      [0.5, 0.25, 0.25],
      [0.5, 0.25, 0.25],
    ],
    said: [
      Float64Array.from([...rowOf(1), ...rowOf(Number.NaN)]),
      Float64Array.from([...rowOf(3), ...rowOf(4)]),
      Float64Array.from([...rowOf(5), ...rowOf(8)]),
    ],
    rows: Float64Array.from([...rowOf(2.75), ...rowOf(6.5)]),
  });
  expect(parts.slice(0, 3)).toEqual([
    { kind: "member", name: "a", shares: [0.5, 0], parts: [inside] },
    { kind: "member", name: "b", shares: [0.25, 0.5], parts: [] },
    { kind: "member", name: "c", shares: [0.25, 0.5], parts: [] },
  ]);
  expect(parts[3]).toEqual({ kind: "calibration", amounts: [rowOf(0.25), rowOf(0.5)] });
});

test("where nobody speaks nobody has a share, and nothing is calibrated", () => {
  const silent = Float64Array.from(rowOf(Number.NaN));
  const parts = mixtureParts({ members: [{ name: "a", parts: [] }], weights: [[1]], said: [silent], rows: silent });
  expect(parts).toEqual([
    { kind: "member", name: "a", shares: [0], parts: [] },
    { kind: "calibration", amounts: [rowOf(0)] },
  ]);
});
