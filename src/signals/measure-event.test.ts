import { expect, test } from "vitest";
import { HOUR_MS, timeGrid } from "../model/time.ts";
import { EVENT_PHASES, fadingAt, phaseAt } from "./event-phases.ts";
import { measureEvent } from "./measure-event.ts";
import { anEvent, hoursLater, MONDAY } from "./signals.arbitrary.ts";

const grid = timeGrid({ startMs: MONDAY, stepMs: HOUR_MS / 4, length: 4 * 48 });
const middleOf = (tick: number) => MONDAY + (tick + 0.5) * grid.stepMs;
const due = Float64Array.from({ length: grid.length }, (_, tick) => 2 + Math.sin(tick));

test("the ratio of each phase is found again", () => {
  const event = anEvent({ end: hoursLater(16) });
  const observed = due.map((value, tick) => value * (1 + 0.1 * (1 + phaseAt(event, middleOf(tick)))));
  const factors = Array.from(measureEvent({ event, grid, observed, expected: due }), Math.exp);
  factors.forEach((factor, phase) => {
    expect(factor).toBeCloseTo(1 + 0.1 * (1 + phase), 1);
  });
});

test("news is measured as if it did not fade", () => {
  const event = anEvent({ kind: "news" });
  const observed = due.map((value, tick) => {
    const size = phaseAt(event, middleOf(tick)) > 0 ? 0.6 * fadingAt(event, middleOf(tick)) : 0;
    return value * Math.exp(size);
  });
  const sizes = measureEvent({ event, grid, observed, expected: due });
  EVENT_PHASES.slice(0, -1).forEach(({ part }, phase) => {
    expect(sizes[phase]).toBeCloseTo(part === "before" ? 0 : 0.6, 1);
  });
  expect(sizes.at(-1), "too little is left of it").toBeNaN();
});

test("what is half unknown, outside of the grid, or has nothing due, is not known", () => {
  const event = anEvent();
  const half = due.map((value, tick) => (phaseAt(event, middleOf(tick)) === 1 && tick % 4 > 0 ? Number.NaN : value));
  const sizes = measureEvent({ event, grid, observed: half, expected: due });
  expect(sizes[1]).toBeNaN();
  expect(sizes[2]).toBeCloseTo(0, 12);
  const late = timeGrid({ startMs: MONDAY + 9 * HOUR_MS, stepMs: grid.stepMs, length: 8 });
  const part = measureEvent({ event, grid: late, observed: due.slice(0, 8), expected: due.slice(0, 8) });
  expect(Array.from(part, Number.isNaN)).toEqual([true, true, false, true, true, true, true, true]);
  const nothing = new Float64Array(grid.length);
  expect([...measureEvent({ event, grid, observed: due, expected: nothing })].every(Number.isNaN)).toBe(true);
});

test("silence is a large drop, not an endless one", () => {
  const [, during] = measureEvent({ event: anEvent(), grid, observed: new Float64Array(grid.length), expected: due });
  expect(during).toBeGreaterThan(-Math.log(200));
  expect(during).toBeLessThan(-Math.log(50));
});
