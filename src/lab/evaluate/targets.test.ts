import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { targetsOf, ticksOf } from "./targets.ts";

const shape = (stepMs: number) =>
  Object.fromEntries(
    targetsOf(stepMs, ["30m", "24h", "30d"]).map(({ name, windows }) => [name, [windows.length, windows.at(-1)]]),
  );

test("each grid has the horizons that it can tell", () => {
  expect(shape(5 * MINUTE_MS)).toEqual({
    "30m": [6, { from: 5, ticks: 1 }],
    "30m-peak": [1, { from: 0, ticks: 6 }],
    "24h": [288, { from: 287, ticks: 1 }],
    "24h-peaks": [24, { from: 276, ticks: 12 }],
    "30d": [30, { from: 29 * 288, ticks: 288 }],
  });
  expect(shape(HOUR_MS)).toEqual({ "24h": [24, { from: 23, ticks: 1 }], "30d": [30, { from: 29 * 24, ticks: 24 }] });
  expect(shape(DAY_MS)).toEqual({ "24h": [1, { from: 0, ticks: 1 }], "30d": [30, { from: 29, ticks: 1 }] });
  expect(shape(7 * MINUTE_MS)).toEqual({});
});

test("ticks that all targets reach", () => {
  expect(ticksOf(targetsOf(5 * MINUTE_MS, ["30m"]))).toBe(6);
  expect(ticksOf(targetsOf(HOUR_MS, ["24h", "30d"]))).toBe(720);
  expect(ticksOf([])).toBe(0);
});
