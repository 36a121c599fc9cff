import { describe, expect, test } from "vitest";
import { HOUR_MS, timeGrid } from "../model/time.ts";
import { declaredLogUplift, EVENT_PHASES, fadingAt, phaseAt, reachOf, ticksTouched } from "./event-phases.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";

test("what follows an event is longer for a long one, 6 to 24 hours", () => {
  const hoursAfter = (length: number) => {
    const event = anEvent({ end: hoursLater(8 + length) });
    return (reachOf(event).to - event.end) / HOUR_MS;
  };
  expect([0.1, 2, 4, 8, 100].map(hoursAfter)).toEqual([6, 6, 12, 24, 24]);
});

test("the ticks touched may lie outside of the grid", () => {
  const grid = timeGrid({ startMs: hoursLater(9), stepMs: HOUR_MS, length: 3 });
  expect(ticksTouched(anEvent(), grid)).toEqual({ from: -4, to: 15 });
});

describe("an event from 8 to 12", () => {
  test.each([
    [4.9, -1],
    [5, 0],
    [7.9, 0],
    [8, 1],
    [8.9, 1],
    [9, 2],
    [10.9, 2],
    [11, 3],
    [11.99, 3],
    [12, 4],
    [12.99, 4],
    [13, 5],
    [15.9, 5],
    [16, 6],
    [23.9, 6],
    [24, -1],
  ])("at %f is in phase %i", (hours, phase) => {
    expect(phaseAt(anEvent(), hoursLater(hours))).toBe(phase);
  });
});

test("phases follow one another without a hole", () => {
  for (const part of ["during", "after"] as const) {
    const phases = EVENT_PHASES.filter((phase) => phase.part === part);
    expect(phases[0]?.from).toBe(0);
    phases.slice(1).forEach((phase, index) => {
      expect(phase.from).toBe(phases[index]?.to);
    });
  }
});

test("what is declared holds while the event lasts", () => {
  const event = anEvent({ declaredUplift: 2 });
  const uplifts = [7.9, 8, 11.9, 12].map((hours) => declaredLogUplift(event, hoursLater(hours)));
  expect(uplifts).toEqual([0, Math.LN2, Math.LN2, 0]);
  expect(declaredLogUplift(anEvent(), hoursLater(9))).toBe(0);
});

test("news fades from its start on, by its own half-life or six hours, beyond its end", () => {
  const news = anEvent({ kind: "news", declaredUplift: 2 });
  expect(fadingAt(news, hoursLater(7))).toBe(1);
  expect(fadingAt(news, hoursLater(14))).toBeCloseTo(0.5, 12);
  expect(declaredLogUplift(news, hoursLater(20))).toBeCloseTo(Math.LN2 / 4, 12);
  const short = anEvent({ kind: "news", declaredUplift: 2, halfLifeMs: 3_600_000 as never });
  expect(fadingAt(short, hoursLater(10))).toBeCloseTo(0.25, 12);
  expect(fadingAt(anEvent(), hoursLater(1000))).toBe(1);
});
