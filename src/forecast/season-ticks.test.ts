import { expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../model/time.ts";
import { momentAfter } from "./moment.arbitrary.ts";
import { isRefreshDue, seasonTicks, valueBefore } from "./season-ticks.ts";

test("natural lengths in ticks, none shorter than one", () => {
  expect(seasonTicks(5 * MINUTE_MS)).toEqual({ halfHour: 6, hour: 12, day: 288, week: 2016 });
  expect(seasonTicks(6 * HOUR_MS)).toEqual({ halfHour: 1, hour: 1, day: 4, week: 28 });
});

test("looks back through the wrap of the ring", () => {
  const moment = momentAfter([...Array.from({ length: 30 }).keys()], { stepMs: 6 * HOUR_MS });
  expect([1, 2, 3, 28].map((back) => valueBefore(moment, back))).toEqual([29, 28, 27, 2]);
});

test("refreshed on every tick while there is little data, then once an interval, each series at another tick", () => {
  const young = momentAfter([1, 2, 3], { stepMs: 5 * MINUTE_MS });
  expect(isRefreshDue(young, 12)).toBe(true);
  const old = { ...young, samples: 1000, next: 1000 };
  const due = (series: number) =>
    Array.from({ length: 12 }, (_, tick) => tick).filter((tick) =>
      isRefreshDue({ ...old, series, next: 1000 + tick }, 12),
    );
  expect(due(0)).toEqual([8]);
  expect(due(1)).toEqual([7]);
});
