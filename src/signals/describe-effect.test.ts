import { expect, test } from "vitest";
import { describeEffect } from "./describe-effect.ts";
import type { EventEffect } from "./event-effects.ts";
import { EVENT_PHASES, PHASE_COUNT } from "./event-phases.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";

function anEffect(facts: Partial<EventEffect> & { readonly factor?: number }): EventEffect {
  const { factor = 1.38, ...rest } = facts;
  const logUplift = Float64Array.from(EVENT_PHASES, ({ part }) => (part === "during" ? Math.log(factor) : 0));
  const logSd = new Float64Array(PHASE_COUNT).fill(0.2);
  return { logUplift, logSd, learnedOf: "workload", eventCount: 4, ...rest };
}

const threeHours = anEvent({ end: hoursLater(11) });

test("campaigns like this", () => {
  const sentence = describeEffect({ event: threeHours, resource: "cpu", effect: anEffect({}) });
  expect(sentence).toBe(
    "campaigns like this: +38 % CPU for 3 h (half of them between +21 % and +58 %); learned from 4 events of this workload.",
  );
});

test("a holiday goes down; what is known of the name is said of the name", () => {
  const event = anEvent({ kind: "holiday", name: "Christmas Day", end: hoursLater(32) });
  const effect = anEffect({ factor: 0.4, learnedOf: "name", eventCount: 1 });
  expect(describeEffect({ event, resource: "network", effect })).toMatch(
    /^"Christmas Day": -60 % network for 24 h .*; learned from 1 event of this name\.$/,
  );
});

test("before and after are told where they matter", () => {
  const logUplift = Float64Array.from([0.2, 0.5, 0.5, 0.5, 0.3, 0.2, 0.05, 0]);
  const sentence = describeEffect({ event: anEvent(), resource: "cpu", effect: anEffect({ logUplift }) });
  expect(sentence).toContain("campaigns like this: +22 % from 3 h before it, +65 % CPU for 4 h");
  expect(sentence).toContain(", +35 % after it for 4 h; learned");
});

test("news fades", () => {
  const event = anEvent({ kind: "news", declaredUplift: 2 });
  const sentence = describeEffect({ event, resource: "cpu", effect: anEffect({ learnedOf: "declared" }) });
  expect(sentence).toContain('"Spring sale", never seen before: +38 % CPU at first, half of it gone after 6 h');
  expect(sentence).toContain("; as declared (+100 %), with doubt.");
});

test("a guess is called a guess", () => {
  const sentence = describeEffect({
    event: anEvent(),
    resource: "storage",
    effect: anEffect({ factor: 1, learnedOf: "nothing", eventCount: 0 }),
  });
  expect(sentence).toContain("no change of storage for 4 h");
  expect(sentence).toContain("nothing was declared and no campaign was seen yet: a guess.");
});

test("what was declared is named beside what was learned", () => {
  const event = anEvent({ declaredUplift: 1.5 });
  expect(describeEffect({ event, resource: "cpu", effect: anEffect({ learnedOf: "kind" }) })).toContain(
    "; learned from 4 events of other customers and the declared +50 %.",
  );
});

test("of a series that nobody named the demand is told", () => {
  expect(describeEffect({ event: threeHours, effect: anEffect({}) })).toMatch(
    /^campaigns like this: \+38 % demand for 3 h/,
  );
});
