import { expect, test } from "vitest";
import { HOUR_MS, timeGrid } from "../model/time.ts";
import { anEvent, hoursLater, MONDAY } from "./signals.arbitrary.ts";
import { usualDemand } from "./usual-demand.ts";

/** Seven weeks by the hour from Monday on: the hour of the week, doubled in `doubled`. */
function aSeries(doubled: ReturnType<typeof anEvent>[], weeks = 7) {
  const grid = timeGrid({ startMs: MONDAY, stepMs: HOUR_MS, length: weeks * 168 });
  const values = Float64Array.from({ length: grid.length }, (_, tick) => {
    const at = MONDAY + tick * HOUR_MS;
    return (10 + (tick % 168)) * (doubled.some(({ start, end }) => start <= at && at < end) ? 2 : 1);
  });
  return { grid, values };
}

const saleInWeek = (week: number) =>
  anEvent({ id: `sale-${week}`, start: hoursLater(week * 168 + 8), end: hoursLater(week * 168 + 12) });

test("what events did is not usual, even where several fall on the same hour of the week", () => {
  const sales = [saleInWeek(1), saleInWeek(3), saleInWeek(4)];
  const usual = usualDemand(aSeries(sales), { events: sales });
  for (const week of [1, 3, 4])
    for (const hour of [5, 8, 11, 20]) expect(usual[week * 168 + hour]).toBeCloseTo(10 + hour, 9);
});

test("it is known around the events only, or around those asked for", () => {
  const sales = [saleInWeek(1), saleInWeek(4)];
  const known = (usual: Float64Array) => usual.filter((value) => !Number.isNaN(value)).length;
  expect(known(usualDemand(aSeries(sales), { events: sales }))).toBe(2 * (3 + 4 + 12));
  expect(known(usualDemand(aSeries(sales), { events: sales, spans: sales.slice(0, 1) }))).toBe(3 + 4 + 12);
});

test("growth and steps are not taken for what an event did", () => {
  const sales = [saleInWeek(3)];
  const { grid, values } = aSeries([]);
  const growing = values.map((value, tick) => value * 1.2 ** (tick / 168));
  const usual = usualDemand({ grid, values: growing }, { events: sales });
  expect((usual[3 * 168 + 8] ?? 0) / (growing[3 * 168 + 8] ?? 1)).toBeCloseTo(1, 9);
  const stepped = values.map((value, tick) => value * (tick < 3 * 168 + 8 ? 1 : 9));
  const between = usualDemand({ grid, values: stepped }, { events: sales });
  expect((between[3 * 168 + 8] ?? 0) / (values[3 * 168 + 8] ?? 1)).toBeCloseTo(3, 9);
});

test("in a short history the days around do, and without those nothing is known", () => {
  const sale = anEvent({ start: hoursLater(4 * 24 + 8), end: hoursLater(4 * 24 + 12) });
  const week = usualDemand(aSeries([sale], 1), { events: [sale] });
  expect(week[4 * 24 + 8]).toBeGreaterThan(100);
  expect(week[4 * 24 + 8]).toBeLessThan(130);
  const first = anEvent();
  const series = aSeries([first], 1);
  const day = { grid: { ...series.grid, length: 40 }, values: series.values.slice(0, 40) };
  expect([...usualDemand(day, { events: [first] })].every(Number.isNaN)).toBe(true);
});

test("events outside of the series do no harm", () => {
  const usual = usualDemand(aSeries([]), { events: [saleInWeek(-3), saleInWeek(30)] });
  expect([...usual].every(Number.isNaN)).toBe(true);
});
