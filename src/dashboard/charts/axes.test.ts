import fc from "fast-check";
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { niceTop, timeLabels, timeLabelText, yLabels } from "./axes.ts";

test("the top of an axis is round, holds the peak, and wastes at most two thirds", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (peak) => {
      const top = niceTop(peak);
      expect(top).toBeGreaterThanOrEqual(peak * (1 - 1e-9));
      expect(top).toBeLessThan(peak * 1.7);
    }),
    { seed: 1 },
  );
  expect(niceTop(0)).toBe(1);
});

test("two to six labelled lines above zero, evenly, on round numbers", () => {
  for (const top of [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 80, 250]) {
    const labels = yLabels(top, false);
    expect(labels[0]).toBe(0);
    expect(labels.at(-1)).toBe(top);
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(labels.length).toBeLessThanOrEqual(7);
  }
  expect(yLabels(80, false)).toEqual([0, 20, 40, 60, 80]);
});

test("time labels stand on round local hours and are never too many", () => {
  const from = new Date(2026, 2, 3, 16, 35).getTime();
  const labels = timeLabels({ from, to: from + DAY_MS }, 8);
  expect(labels).toHaveLength(8);
  expect(labels.map((at) => new Date(at).getHours())).toEqual([18, 21, 0, 3, 6, 9, 12, 15]);
  expect(timeLabels({ from, to: from + DAY_MS }, 2).map((at) => new Date(at).getHours())).toEqual([0, 12]);
  expect(timeLabels({ from, to: from + HOUR_MS }, 8).map((at) => new Date(at).getMinutes())).toEqual([45, 0, 15, 30]);
});

test("the day is named under midnight and under the first label only", () => {
  const midnight = new Date(2026, 2, 4).getTime();
  expect(timeLabelText(midnight, false)).toBe("00:00\nWed 4");
  expect(timeLabelText(midnight + 6 * HOUR_MS, false)).toBe("06:00");
  expect(timeLabelText(midnight + 6 * HOUR_MS, true)).toBe("06:00\nWed 4");
});
