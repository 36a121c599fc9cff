import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExternalEvent } from "../model/event.ts";
import type { CustomerId, WorkloadId } from "../model/fleet.ts";
import { type EffectQuestion, effectAt, emptyEffects, expectedEffect, observeEvent } from "./event-effects.ts";
import { EVENT_PHASES, PHASE_COUNT } from "./event-phases.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";

const DURING = EVENT_PHASES.findIndex(({ part }) => part === "during");

/** The same in every phase of an event that lasts, nothing before and after. */
function lasting(log: number): Float64Array {
  return Float64Array.from(EVENT_PHASES, ({ part }) => (part === "during" ? log : 0));
}

function question(facts: Partial<EffectQuestion> = {}): EffectQuestion {
  return { event: anEvent(), resource: "cpu", customer: "thistlemere" as CustomerId, ...facts };
}

interface Past extends Partial<EffectQuestion> {
  readonly log: number;
  readonly times?: number;
}

function learnedFrom(...past: readonly Past[]) {
  const effects = emptyEffects();
  for (const { log, times = 1, ...facts } of past)
    for (let time = 0; time < times; time++) observeEvent(effects, { ...question(facts), logRatio: lasting(log) });
  return (facts: Partial<EffectQuestion> = {}) => expectedEffect(effects, question(facts));
}

const during = ({ logUplift }: { logUplift: Float64Array }) => logUplift[DURING] ?? Number.NaN;
const doubt = ({ logSd }: { logSd: Float64Array }) => logSd[DURING] ?? Number.NaN;
const other = "otterby" as CustomerId;
const declaring = (declaredUplift: number, facts: Partial<ExternalEvent> = {}) => anEvent({ ...facts, declaredUplift });

test("without experience and declaration nothing is expected, in doubt", () => {
  const effect = learnedFrom()();
  expect(effect).toMatchObject({ learnedOf: "nothing", eventCount: 0 });
  expect([...effect.logUplift]).toEqual(new Array(PHASE_COUNT).fill(0));
  expect(doubt(effect)).toBeGreaterThan(0.3);
  expect(effect.logSd[0]).toBeLessThan(doubt(effect) * 0.6);
});

test("experience with the name counts most, then the workload, the customer, the kind", () => {
  const web = "web" as WorkloadId;
  const ask = learnedFrom({ log: 0.5, times: 4, workload: web });
  const fair = anEvent({ name: "Book fair" });
  const answers = [
    ask({ workload: web }),
    ask({ workload: web, event: fair }),
    ask({ workload: "shop" as WorkloadId }),
    ask({ customer: other }),
  ];
  expect(answers.map(({ learnedOf }) => learnedOf)).toEqual(["name", "workload", "customer", "kind"]);
  expect(answers.every(({ eventCount }) => eventCount === 4)).toBe(true);
  const sizes = answers.map(during);
  expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
  expect(sizes[0]).toBeGreaterThan(0.42);
  expect(sizes[3]).toBeGreaterThan(0.2);
  const doubts = answers.map(doubt);
  expect(doubts).toEqual(doubts.toSorted((left, right) => left - right));
});

test("one loud event teaches little, ten alike teach a lot", () => {
  const [one, ten] = [learnedFrom({ log: 1.5 })(), learnedFrom({ log: 1.5, times: 10 })()];
  expect(during(one)).toBeLessThan(1.2);
  expect(during(ten)).toBeGreaterThan(1.4);
  expect(doubt(ten)).toBeLessThan(doubt(one) / 2);
});

test("effects go down as well as up: a holiday at -60 %", () => {
  const event = anEvent({ kind: "holiday", name: "Christmas Day" });
  const effect = learnedFrom({ log: Math.log(0.4), times: 5, event })({ event });
  expect(Math.exp(during(effect))).toBeLessThan(0.47);
  expect(Math.exp(during(effect))).toBeGreaterThan(0.38);
});

test("kinds and resources are learned apart", () => {
  const ask = learnedFrom({ log: 0.5, times: 4 });
  expect(during(ask({ resource: "memory" }))).toBe(0);
  expect(during(ask({ event: anEvent({ kind: "release" }) }))).toBe(0);
});

describe("what is declared", () => {
  test("is believed before any experience, with doubt", () => {
    const effect = learnedFrom()({ event: declaring(2) });
    expect(effect.learnedOf).toBe("declared");
    expect(Math.exp(during(effect))).toBeGreaterThan(1.6);
    expect(Math.exp(during(effect))).toBeLessThan(2);
    expect(effect.logUplift[0]).toBe(0);
    expect(effect.logUplift[PHASE_COUNT - 1]).toBe(0);
  });

  test("counts for less, once it was wrong several times", () => {
    const event = declaring(3);
    const ask = learnedFrom({ log: Math.log(1.3), times: 4, event });
    expect(Math.exp(during(ask({ event })))).toBeLessThan(1.5);
    // Others of whom nothing is known are doubted as well, though less.
    const stranger = during(ask({ event, customer: other }));
    expect(stranger).toBeLessThan(during(learnedFrom()({ event })));
    expect(stranger).toBeGreaterThan(during(ask({ event })));
  });

  test("counts for more, once it was right several times", () => {
    const past = [1.2, 1.5, 2, 2.5, 3].map((factor) => ({ log: Math.log(factor), event: declaring(factor) }));
    const next = { event: declaring(4) };
    expect(Math.exp(during(learnedFrom(...past)(next)))).toBeGreaterThan(3);
    expect(during(learnedFrom(...past)(next))).toBeGreaterThan(during(learnedFrom()(next)));
    expect(doubt(learnedFrom(...past)(next))).toBeLessThan(doubt(learnedFrom()(next)));
  });

  test("of news holds on after its end, fading", () => {
    const event = declaring(2, { kind: "news" });
    const effect = learnedFrom()({ event });
    const [early, late] = [hoursLater(8.1), hoursLater(14.1)].map((at) => effectAt(event, effect, at).logUplift);
    expect(late).toBeCloseTo((early ?? 0) / 2, 6);
    expect(late).toBeGreaterThan(0.2);
  });
});

test("an effect has an instant: none outside of its phases", () => {
  const effect = learnedFrom({ log: 0.5, times: 4 })();
  expect(effectAt(anEvent(), effect, hoursLater(9)).logUplift).toBe(effect.logUplift[2]);
  expect(effectAt(anEvent(), effect, hoursLater(-1))).toEqual({ logUplift: 0, logSd: 0 });
  expect(effectAt(anEvent(), effect, hoursLater(36))).toEqual({ logUplift: 0, logSd: 0 });
});

test("phases that were not seen teach nothing", () => {
  const effects = emptyEffects();
  const unseen = new Float64Array(PHASE_COUNT).fill(Number.NaN);
  expect(observeEvent(effects, { ...question({ event: declaring(2) }), logRatio: unseen })).toBe(true);
  expect(expectedEffect(effects, question())).toMatchObject({ learnedOf: "nothing", eventCount: 0 });
});

test("the order of events does not matter, up to rounding", () => {
  const past = fc.record({
    log: fc.double({ min: -2, max: 2, noNaN: true }),
    customer: fc.constantFrom("a", "b").map((id) => id as CustomerId),
    event: fc.tuple(fc.constantFrom("x", "y"), fc.constantFrom(1, 1.5, 3)).map(([name, uplift]) => {
      return uplift === 1 ? anEvent({ name }) : declaring(uplift, { name });
    }),
  });
  const orders = fc
    .array(past, { minLength: 1, maxLength: 15 })
    .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })));
  fc.assert(
    fc.property(orders, past, ([list, shuffled], { customer, event }) => {
      const [one, two] = [learnedFrom(...list)({ customer, event }), learnedFrom(...shuffled)({ customer, event })];
      one.logUplift.forEach((value, phase) => {
        expect(two.logUplift[phase]).toBeCloseTo(value, 9);
        expect(two.logSd[phase]).toBeCloseTo(one.logSd[phase] ?? 0, 9);
      });
      expect(two.eventCount).toBe(one.eventCount);
    }),
    { seed: 1 },
  );
});

test("the state can be copied and stored, and goes on from there", () => {
  const effects = emptyEffects();
  observeEvent(effects, { ...question({ event: declaring(2) }), logRatio: lasting(0.5) });
  const copy = structuredClone(effects);
  for (const each of [effects, copy]) observeEvent(each, { ...question(), logRatio: lasting(0.7) });
  expect(expectedEffect(copy, question())).toEqual(expectedEffect(effects, question()));
});

test("its memory is bounded: what is new finds no room, what is known goes on", () => {
  const effects = emptyEffects();
  const known = { ...question(), logRatio: lasting(0.5) };
  observeEvent(effects, known);
  const tree = effects.trees.get("news/storage");
  for (let group = 0; group < 150_000; group++) tree?.means.groups.set(`${group}`, new Float64Array(0));
  expect(observeEvent(effects, known)).toBe(true);
  expect(observeEvent(effects, { ...known, customer: other })).toBe(false);
  expect(expectedEffect(effects, question())).toMatchObject({ learnedOf: "name", eventCount: 2 });
  expect(expectedEffect(effects, question({ customer: other }))).toMatchObject({ learnedOf: "kind", eventCount: 2 });
});
