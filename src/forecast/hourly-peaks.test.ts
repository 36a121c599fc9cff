import { expect, test } from "vitest";
import { MINUTE_MS } from "../model/time.ts";
import { copyHourlyPeaks, hoursKept } from "./hourly-peaks.ts";
import { momentAfter } from "./moment.arbitrary.ts";

test("hours are counted back from the moment, and before the first sample there was nothing", () => {
  const moment = momentAfter([7, 1, 2, 3, 9, 4, 4, 5, 6], { stepMs: 15 * MINUTE_MS });
  const peaks = new Float32Array(4);
  copyHourlyPeaks(moment, peaks);
  expect([...peaks]).toEqual([6, 9, 7, 0]);
});

test("a week of hours is kept, and no more is read", () => {
  const moment = momentAfter(
    Array.from({ length: 800 }, () => 3),
    { stepMs: 15 * MINUTE_MS },
  );
  expect(hoursKept(moment.season)).toBe(168);
  const peaks = new Float32Array(170).fill(-1);
  copyHourlyPeaks(moment, peaks);
  expect([...peaks]).toEqual([...Array.from({ length: 168 }, () => 3), -1, -1]);
});
