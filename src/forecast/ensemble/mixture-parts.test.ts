import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { mixtureParts } from "./mixture-parts.ts";

const rowOf = (value: number) => new Array<number>(LEVEL_COUNT).fill(value);
/** The same in every level. */
const weights = (...members: readonly number[]) => Float64Array.from(members.flatMap(rowOf));

test("shares are those of members who speak; calibration is what the rows have beyond the mixture", () => {
  const inside = { kind: "component", name: "trend", role: "level", amounts: [1, 2] } as const;
  const parts = mixtureParts({
    members: [
      { name: "a", parts: [inside] },
      { name: "b", parts: [] },
      { name: "c", parts: [] },
    ],
    weights: [weights(0.5, 0.25, 0.25), weights(0.5, 0.25, 0.25)],
    said: [
      Float64Array.from([...rowOf(1), ...rowOf(Number.NaN)]),
      Float64Array.from([...rowOf(3), ...rowOf(4)]),
      Float64Array.from([...rowOf(5), ...rowOf(8)]),
    ],
    rows: Float64Array.from([...rowOf(2.75), ...rowOf(6.5)]),
  });
  const shares = (window: number) =>
    parts.slice(0, 3).map((part) => (part.kind === "member" ? part.shares[window] : 0));
  for (const [window, expected] of [
    [0.5, 0.25, 0.25],
    [0, 0.5, 0.5],
  ].entries())
    for (const [member, share] of shares(window).entries()) expect(share).toBeCloseTo(expected[member] ?? 0, 12);
  expect(parts[0]).toMatchObject({ kind: "member", name: "a", parts: [inside] });
  expect(parts[3]).toEqual({ kind: "calibration", amounts: [rowOf(0.25), rowOf(0.5)] });
});

test("where nobody speaks nobody has a share, and nothing is calibrated", () => {
  const silent = Float64Array.from(rowOf(Number.NaN));
  const parts = mixtureParts({
    members: [{ name: "a", parts: [] }],
    weights: [weights(1)],
    said: [silent],
    rows: silent,
  });
  expect(parts).toEqual([
    { kind: "member", name: "a", shares: [0], parts: [] },
    { kind: "calibration", amounts: [rowOf(0)] },
  ]);
});

test("a member that counts in the upper half of the levels only has their part", () => {
  const upper = weights(0, 1);
  for (let level = 0; level < LEVEL_COUNT; level++) if (level > 5) [upper[level], upper[LEVEL_COUNT + level]] = [1, 0];
  const said = [Float64Array.from(rowOf(2)), Float64Array.from(rowOf(1))];
  const [first] = mixtureParts({
    members: [
      { name: "a", parts: [] },
      { name: "b", parts: [] },
    ],
    weights: [upper],
    said,
    rows: said[0] ?? new Float64Array(0),
  });
  expect(first?.kind === "member" && first.shares[0]).toBeCloseTo(5 / LEVEL_COUNT, 12);
});
