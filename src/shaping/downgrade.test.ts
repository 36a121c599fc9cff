import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCES } from "../model/resources.ts";
import { GIBIBYTE } from "../model/units.ts";
import {
  DOWNGRADE_RULES,
  type Downgrade,
  type DowngradeInput,
  type DowngradeRules,
  heldAt,
  nextAmount,
  stepsAtMost,
} from "./downgrade.ts";

const amount = fc.double({ min: 0, max: 1e4, noNaN: true });
const anyRules: fc.Arbitrary<DowngradeRules> = fc.record({
  stepShare: fc.double({ min: 0.05, max: 1, noNaN: true }),
  stepMax: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.double({ min: 100, max: 1e4, noNaN: true })),
  stepMin: fc.double({ min: 50, max: 500, noNaN: true }),
  marginShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  marginMin: fc.double({ min: 0, max: 100, noNaN: true }),
  coolDownTicks: fc.nat({ max: 5 }),
  holdTicks: fc.nat({ max: 5 }),
});
const anySeen = fc.record({
  wanted: amount,
  usage: fc.oneof({ weight: 4, arbitrary: amount }, { weight: 1, arbitrary: fc.constant(Number.NaN) }),
  pressed: fc.boolean(),
  mayTake: fc.boolean(),
  overPrediction: fc.double({ min: 0, max: 1, noNaN: true }),
});
type Seen = Pick<DowngradeInput, "wanted" | "usage" | "pressed" | "mayTake" | "overPrediction">;

const quiet = { pressed: false, mayTake: true, overPrediction: 0 };

/** Each tick with what went in and what came out. */
function live(start: Downgrade, given: { base: number; rules: DowngradeRules; seen: readonly Seen[] }) {
  let lease = start;
  return given.seen.map((seen) => {
    const input: DowngradeInput = { ...seen, lease, base: given.base, rules: given.rules };
    const next = nextAmount(input);
    lease = next;
    return { input, next };
  });
}

test("whatever happens: nothing is taken below base, below usage + margin, under pressure, unseen or where forbidden", () => {
  fc.assert(
    fc.property(amount, amount, anyRules, fc.array(anySeen, { maxLength: 30 }), (start, base, rules, seen) => {
      for (const { input, next } of live(heldAt(Math.max(start, base)), { base, rules, seen })) {
        expect(next.amount).toBeGreaterThanOrEqual(base);
        const taken = input.lease.amount - next.amount;
        if (taken <= 0) continue;
        expect(input.pressed || Number.isNaN(input.usage) || !input.mayTake || input.lease.coolDown > 0).toBe(false);
        expect(next.amount).toBeGreaterThanOrEqual(input.usage * (1 + rules.marginShare) * (1 - 1e-12));
        expect(next.amount).toBeGreaterThanOrEqual(Math.min(input.usage + rules.marginMin, input.lease.amount));
        const most = Math.min(Math.max(rules.stepShare * input.lease.amount, rules.stepMin), rules.stepMax);
        expect(taken).toBeLessThanOrEqual(most * (1 + 1e-9));
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("pressure after a step gives back at once what the step took, and then nothing is taken for the cool-down", () => {
  fc.assert(
    fc.property(amount, anyRules, fc.array(anySeen, { maxLength: 30 }), (base, rules, seen) => {
      let rest = 0;
      for (const { input, next } of live(heldAt(1e4), { base, rules, seen })) {
        const { lease } = input;
        if (input.pressed) expect(next.amount).toBeGreaterThanOrEqual(lease.before);
        if (rest > 0) expect(next.amount).toBeGreaterThanOrEqual(lease.amount);
        rest = input.pressed ? rules.coolDownTicks : rest - 1;
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("what is wanted more is given at once", () => {
  fc.assert(
    fc.property(amount, amount, anyRules, fc.array(anySeen, { maxLength: 30 }), (start, base, rules, seen) => {
      for (const { input, next } of live(heldAt(start), { base, rules, seen })) {
        if (input.wanted > input.lease.before) expect(next.amount).toBe(Math.max(input.wanted, base));
        expect(next.amount).toBeLessThanOrEqual(Math.max(input.wanted, base, input.lease.before, input.lease.amount));
      }
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("without pressure it is done within the stated bound, and stays there", () => {
  fc.assert(
    fc.property(amount, amount, amount, anyRules, (start, base, wanted, rules) => {
      const from = Math.max(start, base);
      const to = Math.max(wanted, base);
      const usage = Math.max((to - rules.marginMin) / (1 + rules.marginShare), 0) * 0.9;
      fc.pre(usage + Math.max(usage * rules.marginShare, rules.marginMin) <= to);
      const lease = { ...heldAt(from), coolDown: rules.coolDownTicks, hold: rules.holdTicks };
      const bound = stepsAtMost({ from, to, rules }) + Math.max(rules.coolDownTicks, rules.holdTicks);
      const story = live(lease, { base, rules, seen: Array(bound + 2).fill({ ...quiet, wanted, usage }) });
      const end = story.at(bound)?.next;
      expect(end?.amount).toBe(to);
      expect(end?.stage).toBe(to > base ? "held" : "returned");
      expect(story.at(-1)?.next.amount).toBe(to);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("memory goes in steps, the rest at once; stages tell where it stands", () => {
  const story = (resource: "cpu" | "memory", unit: number) =>
    live(heldAt(16 * unit), {
      base: 2 * unit,
      rules: DOWNGRADE_RULES[resource],
      seen: Array(12).fill({ ...quiet, wanted: 0, usage: unit }),
    });
  expect(story("cpu", 1)[0]?.next).toMatchObject({ stage: "returned", amount: 2, why: "last-step" });
  const memory = story("memory", GIBIBYTE).map(({ next }) => `${next.stage} ${(next.amount / GIBIBYTE).toFixed(1)}`);
  expect(memory.slice(0, 3)).toEqual(["draining 12.0", "draining 9.0", "draining 6.8"]);
  expect(memory.at(-1)).toBe("returned 2.0");
});

test("a step that no sample has checked yet can still be undone", () => {
  const rules = { ...DOWNGRADE_RULES.cpu, coolDownTicks: 2 };
  const story = live(heldAt(8), {
    base: 1,
    rules,
    seen: [
      { ...quiet, wanted: 3, usage: 2 },
      { ...quiet, wanted: 3, usage: Number.NaN },
      { ...quiet, wanted: 3, usage: 2.9, pressed: true },
      { ...quiet, wanted: 3, usage: 2 },
      { ...quiet, wanted: 3, usage: 2 },
      { ...quiet, wanted: 3, usage: 2 },
    ],
  });
  expect(story.map(({ next }) => [next.amount, next.why])).toEqual([
    [3, "last-step"],
    [3, "settled"],
    [8, "rolled-back"],
    [8, "cooling-down"],
    [8, "cooling-down"],
    [3, "last-step"],
  ]);
});

test("over-prediction shortens the hold after a raise, never the cool-down after pressure", () => {
  const rules = { ...DOWNGRADE_RULES.memory, stepShare: 1, stepMax: 1e12, stepMin: 0, marginMin: 0, holdTicks: 4 };
  const ticksUp = (overPrediction: number, pressed: boolean) => {
    const after = { ...quiet, wanted: 2, usage: 1, overPrediction };
    const seen = [{ ...quiet, wanted: 9, usage: 1, pressed }, ...Array(12).fill(after)];
    return live(heldAt(2), { base: 1, rules, seen }).filter(({ next }) => next.amount === 9).length;
  };
  expect([ticksUp(0, false), ticksUp(0.5, false), ticksUp(1, false)]).toEqual([5, 4, 2]);
  expect([ticksUp(0, true), ticksUp(1, true)]).toEqual([1 + rules.coolDownTicks, 1 + rules.coolDownTicks]);
});

test("the defaults let nothing wait for ever", () => {
  for (const resource of RESOURCES) {
    const rules = DOWNGRADE_RULES[resource];
    expect(rules.stepMin > 0 || rules.stepShare === 1).toBe(true);
    expect(stepsAtMost({ from: 64 * GIBIBYTE, to: GIBIBYTE, rules })).toBeLessThanOrEqual(252);
  }
});
