import { expect, test } from "vitest";
import type { ExternalEvent } from "../model/event.ts";
import type { CustomerId } from "../model/fleet.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { HOUR_MS, timeGrid } from "../model/time.ts";
import { emptyEffects, expectedEffect } from "./event-effects.ts";
import { learnEvents } from "./learn-events.ts";
import { anEvent, hoursLater, MONDAY } from "./signals.arbitrary.ts";
import { usualDemand } from "./usual-demand.ts";

const WEEKS = 12;

function saleInWeek(week: number, facts: Partial<ExternalEvent> = {}): ExternalEvent {
  const start = week * 168 + 32;
  return anEvent({ id: `${facts.name}-${week}`, start: hoursLater(start), end: hoursLater(start + 4), ...facts });
}

/** Hourly demand with a daily wave, noise, and the factor of each event while it lasts. */
function historyOf(events: readonly ExternalEvent[], factorOf: (event: ExternalEvent) => number) {
  const random = seededRandom(5);
  const grid = timeGrid({ startMs: MONDAY, stepMs: HOUR_MS, length: WEEKS * 168 });
  const values = Float64Array.from({ length: grid.length }, (_, tick) => {
    const at = MONDAY + tick * HOUR_MS;
    const active = events.filter(({ start, end }) => start <= at && at < end);
    const factor = active.reduce((product, event) => product * factorOf(event), 1);
    return (2 + Math.sin((tick * Math.PI) / 12)) * factor * Math.exp(0.1 * random.normal());
  });
  const series = { grid, values };
  const usual = usualDemand(series, { events });
  return { series, usual, events, resource: "cpu", customer: "thistlemere" as CustomerId } as const;
}

const sizeOf = (effects: ReturnType<typeof emptyEffects>, event: ExternalEvent) =>
  Math.exp(
    expectedEffect(effects, { event, resource: "cpu", customer: "thistlemere" as CustomerId }).logUplift[2] ?? 0,
  );

test("the size of sales is found in noisy demand, and nothing before and long after them", () => {
  const sales = [1, 3, 4, 6, 8, 10].map((week) => saleInWeek(week));
  const effects = emptyEffects();
  expect(
    learnEvents(
      effects,
      historyOf(sales, () => 1.8),
    ),
  ).toBe(6);
  const { logUplift } = expectedEffect(effects, {
    event: anEvent(),
    resource: "cpu",
    customer: "thistlemere" as CustomerId,
  });
  expect(sizeOf(effects, anEvent())).toBeGreaterThan(1.65);
  expect(sizeOf(effects, anEvent())).toBeLessThan(1.9);
  expect(Math.abs(logUplift[0] ?? 1)).toBeLessThan(0.1);
  expect(Math.abs(logUplift.at(-1) ?? 1)).toBeLessThan(0.1);
});

test("events that overlap share what happened as they do when alone", () => {
  const sales = [1, 2, 4, 5, 7, 8].map((week) => saleInWeek(week, { name: "sale" }));
  const fairs = [2, 5, 8, 10, 11].map((week) => saleInWeek(week, { name: "fair" }));
  const effects = emptyEffects();
  learnEvents(
    effects,
    historyOf([...sales, ...fairs], ({ name }) => (name === "sale" ? 3 : 1.5)),
  );
  expect(sizeOf(effects, anEvent({ name: "sale" }))).toBeCloseTo(2.8, 0);
  expect(sizeOf(effects, anEvent({ name: "fair" }))).toBeCloseTo(1.6, 0);
});

test("only fresh events teach; the order in which events are listed does not matter", () => {
  const events = [1, 2, 4, 5].map((week) => saleInWeek(week));
  const history = historyOf(events, () => 2);
  const [some, all, reversed] = [emptyEffects(), emptyEffects(), emptyEffects()];
  expect(learnEvents(some, { ...history, fresh: events.slice(0, 2) })).toBe(2);
  expect(learnEvents(all, history)).toBe(4);
  learnEvents(reversed, { ...history, events: events.toReversed() });
  expect(sizeOf(reversed, anEvent())).toBeCloseTo(sizeOf(all, anEvent()), 9);
});

test("events that nothing is known of teach nothing", () => {
  const [early, late] = [saleInWeek(-2), saleInWeek(40)];
  expect(
    learnEvents(
      emptyEffects(),
      historyOf([early, late], () => 2),
    ),
  ).toBe(0);
});
