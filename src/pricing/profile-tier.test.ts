import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { HOUR_MS } from "../model/time.ts";
import { climatology, hourOfWeek } from "./climatology.ts";
import type { TierRules } from "./price-book.ts";
import { aBook } from "./pricing.arbitrary.ts";
import { NO_SCORE, quantileLoss, type ScoreSums, scoreHour, skillOf } from "./profile-score.ts";
import { discountShare, nextTier, PROFILE_TIERS, progressOf, SCORE_WINDOW_HOURS } from "./profile-tier.ts";

const RULES = aBook().versions[0]?.tiers as TierRules;

/** Demand in 100 equally likely values: as skew as real demand is. `quantile(u)` is the truth that a customer may know. */
const VALUES = Array.from({ length: 100 }, (_, rank) => Math.exp(1.2 * Math.tan(2.4 * ((rank + 0.5) / 100 - 0.5))));
const TRUTH = { typical: VALUES[50] as number, peak: VALUES[95] as number };
const REFERENCE = { typical: 1.6 * TRUTH.typical, peak: 0.7 * TRUTH.peak };
const SCALE = expectedLoss(REFERENCE);

function expectedLoss(declared: typeof TRUTH): number {
  return VALUES.reduce((sum, observed) => sum + quantileLoss(declared, observed), 0) / VALUES.length;
}

/** Factors put on the truth: a grid of misreports of both levels. */
const FACTORS = [0, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 3, 10];
const GRID = FACTORS.flatMap((low) =>
  FACTORS.map((high) => ({ typical: TRUTH.typical * low, peak: TRUTH.peak * high })),
);

describe("who tells the truth", () => {
  test("loses least on average, over the whole grid of misreports, and strictly where it matters", () => {
    const best = expectedLoss(TRUTH);
    for (const lie of GRID) {
      expect(expectedLoss(lie)).toBeGreaterThanOrEqual(best - 1e-12);
      const isFar = Math.abs(lie.typical / TRUTH.typical - 1) > 0.06 || Math.abs(lie.peak / TRUTH.peak - 1) > 0.3;
      if (isFar) expect(expectedLoss(lie)).toBeGreaterThan(best);
    }
  });

  test("has the largest expected discount, exactly: the discount is a straight line in the score", () => {
    const line = { ...RULES, discountPerSkill: 0.25, discountMax: 1 };
    const expected = (declared: typeof TRUTH) => {
      const sums = { hours: SCORE_WINDOW_HOURS, loss: expectedLoss(declared) * SCORE_WINDOW_HOURS, reference: 0 };
      const skill = skillOf({ ...sums, reference: SCALE * SCORE_WINDOW_HOURS }, SCALE);
      return skill * line.discountPerSkill;
    };
    const truthful = expected(TRUTH);
    expect(truthful).toBeGreaterThan(0);
    for (const lie of GRID) expect(expected(lie)).toBeLessThanOrEqual(truthful + 1e-12);
  });

  test("has it also in windows as they are drawn, with the ends of the line, over the grid", () => {
    const random = seededRandom(7);
    const windows = Array.from({ length: 200 }, () =>
      Array.from({ length: SCORE_WINDOW_HOURS }, () => VALUES[random.below(VALUES.length)] as number),
    );
    const expected = (declared: typeof TRUTH) => {
      const shares = windows.map((observed) => {
        const sums = observed.reduce<ScoreSums>(
          (all, each) => scoreHour(all, { declared, reference: REFERENCE, observed: [each] }),
          NO_SCORE,
        );
        return discountShare({ skill: skillOf(sums, SCALE), hours: sums.hours }, RULES);
      });
      return shares.reduce((sum, share) => sum + share, 0) / shares.length;
    };
    const truthful = expected(TRUTH);
    expect(truthful).toBeGreaterThan(0.01);
    for (const lie of GRID.filter((_, index) => index % 4 === 0))
      expect(expected(lie)).toBeLessThanOrEqual(truthful + 2e-4);
  });

  test("would be beaten by a gambler if the discount were a step, which is why it is none", () => {
    const outcomes = [0, 0, 0, 10, 10];
    const mean = (of: (observed: number) => number) =>
      outcomes.reduce((sum, each) => sum + of(each), 0) / outcomes.length;
    const [truth, gamble] = [
      { typical: 0, peak: 10 },
      { typical: 10, peak: 10 },
    ];
    expect(mean((each) => quantileLoss(truth, each))).toBeLessThan(mean((each) => quantileLoss(gamble, each)));
    const wins = (declared: typeof TRUTH) => mean((each) => (quantileLoss(declared, each) <= 0.1 ? 1 : 0));
    expect([wins(truth), wins(gamble)]).toEqual([0, 0.4]);
  });
});

test("the reference says for each hour of the week what the past did, and minimises the loss on it", () => {
  const monday = Date.UTC(2026, 2, 2);
  expect(hourOfWeek(monday)).toBe(0);
  expect(hourOfWeek(monday - HOUR_MS)).toBe(167);
  const past = [1, 2, 3, 4].flatMap((week) =>
    Array.from({ length: 168 }, (_, hour) => ({
      from: monday - week * 168 * HOUR_MS + hour * HOUR_MS,
      demand: hour + week,
    })),
  );
  expect(climatology(past)(10)).toEqual({ typical: 12, peak: 14 });
  expect(climatology([])(3)).toEqual({ typical: 0, peak: 0 });
  expect(climatology(past.slice(0, 3))(100).peak).toBeGreaterThan(0);
});

test("tiers go up at once and down with hysteresis, and nothing moves before enough was seen", () => {
  const at = (skill: number, hours = SCORE_WINDOW_HOURS) => ({ skill, hours });
  expect(nextTier("bronze", at(0.1), RULES)).toBe("silver");
  expect(nextTier("bronze", at(0.5), RULES)).toBe("gold");
  expect(nextTier("gold", at(0.28), RULES)).toBe("gold");
  expect(nextTier("gold", at(0.26), RULES)).toBe("silver");
  expect(nextTier("silver", at(0.08), RULES)).toBe("silver");
  expect(nextTier("silver", at(-1), RULES)).toBe("bronze");
  expect(nextTier("silver", at(-1, 10), RULES)).toBe("silver");
  const law = fc.property(
    fc.constantFrom(...PROFILE_TIERS),
    fc.double({ min: -1, max: 1, noNaN: true }),
    (tier, skill) => {
      const next = nextTier(tier, at(skill), RULES);
      expect(nextTier(next, at(skill), RULES)).toBe(next);
      const progress = progressOf(next, at(skill), RULES);
      if (progress) expect(progress.missing).toBeGreaterThan(0);
      else expect(next).toBe("gold");
    },
  );
  fc.assert(law, { seed: 1 });
});

test("the discount is a line between nothing and its end, and nothing before enough was seen", () => {
  const share = (skill: number, hours = SCORE_WINDOW_HOURS) => discountShare({ skill, hours }, RULES);
  expect([-1, 0, 0.2, 0.4, 0.9].map((skill) => share(skill))).toEqual([0, 0, 0.05, 0.1, 0.15]);
  expect(share(0.4, 24)).toBe(0);
});
