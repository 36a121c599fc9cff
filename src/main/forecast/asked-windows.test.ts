import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { askedWindows } from "./asked-windows.ts";

const kindsOf = (...given: Parameters<typeof askedWindows>) => {
  const counts: Record<string, number> = {};
  for (const { kind } of askedWindows(...given)) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
};

test("five minutes: the next ticks, the peak of 30 min, hourly peaks; every tick where a path is asked for, none twice", () => {
  const asked = { stepMs: 5 * MINUTE_MS, hasPath: false };
  expect(kindsOf(asked)).toEqual({ tick: 6, "peak-30m": 1, "peak-1h": 24 });
  expect(kindsOf({ ...asked, hasPath: true })).toEqual({ tick: 288, "peak-30m": 1, "peak-1h": 24 });
  expect(kindsOf({ ...asked, horizons: ["24h"] })).toEqual({ "peak-1h": 24 });
  expect(kindsOf({ ...asked, horizons: ["30d"] })).toEqual({ "peak-1d": 30 });
  const windows = askedWindows({ ...asked, hasPath: true });
  expect(new Set(windows.map(({ from, ticks }) => `${from} ${ticks}`)).size).toBe(windows.length);
});

test("hours and days are ticks of their own", () => {
  expect(kindsOf({ stepMs: HOUR_MS, hasPath: false })).toEqual({ tick: 24 });
  expect(kindsOf({ stepMs: 30 * MINUTE_MS, hasPath: false })).toEqual({ tick: 1, "peak-1h": 24 });
  expect(kindsOf({ stepMs: DAY_MS, hasPath: false })).toEqual({ tick: 30 });
  expect(askedWindows({ stepMs: 7 * MINUTE_MS, hasPath: false })).toEqual([]);
});
