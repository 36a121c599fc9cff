import { expect, test } from "vitest";
import { RESOURCES, type Resource } from "../model/resources.ts";
import type { EventEffect } from "./event-effects.ts";
import { PHASE_COUNT } from "./event-phases.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";
import { meanFactor, tellEvent } from "./tell-event.ts";

function effect(factor: number, facts: Partial<EventEffect> = {}): EventEffect {
  const logUplift = new Float64Array(PHASE_COUNT).fill(Math.log(factor));
  return { logUplift, logSd: new Float64Array(PHASE_COUNT), learnedOf: "name", eventCount: 2, ...facts };
}

const all = (factor: number): Record<Resource, EventEffect> => {
  const one = effect(factor);
  return { cpu: one, memory: one, network: one, storage: one };
};

test("an event to come, with what it changes and how that is known", () => {
  const effects = { ...all(1), cpu: effect(1.8), network: effect(1.91) };
  expect(tellEvent({ event: anEvent(), at: hoursLater(5), effects })).toBe(
    'campaign "Spring sale" in 3 h: CPU x1.8, network x1.9, learned from 2 alike',
  );
});

test("an event that lasts, one that is over, one that may not happen, one that does nothing", () => {
  expect(tellEvent({ event: anEvent(), at: hoursLater(8), effects: all(0.6) })).toBe(
    'campaign "Spring sale" now, for 4 h more: all x0.6, learned from 2 alike',
  );
  expect(tellEvent({ event: anEvent({ confidence: 0.4 }), at: hoursLater(12.5), effects: all(1.02) })).toBe(
    'campaign "Spring sale" over since 30 min, 40 % sure: no change expected, learned from 2 alike',
  );
});

test("what it rests on is that of the resource of which most is known", () => {
  const bases = (["workload", "customer", "kind", "declared", "nothing"] as const).map((learnedOf) => {
    const best = effect(2, { learnedOf, eventCount: learnedOf === "declared" || learnedOf === "nothing" ? 0 : 3 });
    const effects = { cpu: effect(2, { learnedOf: "declared", eventCount: 0 }), storage: best };
    return tellEvent({
      event: anEvent(),
      at: hoursLater(-48),
      effects: learnedOf === "nothing" ? { cpu: best } : effects,
    });
  });
  expect(bases.map((sentence) => sentence.replace(/.*x2\.0, /, ""))).toEqual([
    "learned from 3 of this workload",
    "learned from 3 of this customer",
    "learned from 3 of others",
    "as declared, with doubt",
    "nothing was declared and none was seen yet",
  ]);
});

test("the mean factor counts the parts of an event by their length", () => {
  const parts = effect(1);
  parts.logUplift[2] = Math.log(4);
  expect(meanFactor(parts)).toBeCloseTo(2, 12);
  expect(RESOURCES.map((resource) => meanFactor(all(1.5)[resource]))).toEqual(
    RESOURCES.map(() => expect.closeTo(1.5, 12)),
  );
});
