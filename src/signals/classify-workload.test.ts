import { describe, expect, test } from "vitest";
import { WORKLOAD_CLASSES } from "../model/fleet.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { classifyWorkload, USAGE_PATTERNS } from "./classify-workload.ts";
import { burstyShape, CLASS_SHAPES, PATTERN_SHAPES, usageOf } from "./usage.arbitrary.ts";

const SEEDS = [1, 2, 3, 4, 5];

describe("the pattern of CPU is told, and surely", () => {
  test.each(Object.entries(PATTERN_SHAPES))("%s", (pattern, cpu) => {
    for (const seed of SEEDS)
      for (const noise of [0.05, 0.3]) {
        const guess = classifyWorkload(usageOf({ shapes: { cpu }, seed, noise }));
        expect(guess.pattern).toBe(pattern);
        expect(guess.patternConfidence).toBeGreaterThan(0.6);
      }
  });

  test("bursty", () => {
    for (const seed of SEEDS) {
      const cpu = burstyShape(seededRandom(seed));
      expect(classifyWorkload(usageOf({ shapes: { cpu }, seed }))).toMatchObject({ pattern: "bursty" });
    }
  });
});

describe("the class is told from all four resources", () => {
  test.each(WORKLOAD_CLASSES)("%s", (workloadClass) => {
    for (const seed of SEEDS) {
      const guess = classifyWorkload(usageOf({ shapes: CLASS_SHAPES[workloadClass], seed }));
      expect(guess.workloadClass).toBe(workloadClass);
      expect(guess.classConfidence).toBeGreaterThan(0.6);
    }
  });

  test("from CPU alone not every class can be told, and then it is not told surely", () => {
    const guess = classifyWorkload(usageOf({ shapes: { cpu: CLASS_SHAPES.database.cpu }, seed: 1 }));
    expect(guess.classConfidence).toBeLessThan(0.6);
  });
});

describe("how sure", () => {
  const guessAfter = (days: number) =>
    classifyWorkload(usageOf({ shapes: { cpu: PATTERN_SHAPES.daily }, seed: 1, days }));

  test("nothing is said of less than two days", () => {
    expect(guessAfter(1)).toMatchObject({ pattern: "unknown", workloadClass: "unknown" });
    expect(guessAfter(1).patternConfidence).toBeLessThan(0.1);
    expect(guessAfter(0)).toMatchObject({ pattern: "unknown", patternConfidence: 0, classConfidence: 0 });
  });

  test("more with every day up to two weeks", () => {
    const confidences = [3, 7, 14].map((days) => guessAfter(days).patternConfidence);
    expect(confidences).toEqual(confidences.toSorted((left, right) => left - right));
    expect(confidences[0]).toBeLessThan(0.3);
    expect(confidences[2]).toBeGreaterThan(0.8);
  });

  test("confidences and evidence stay within 0 and 1, and every choice has evidence", () => {
    const guess = guessAfter(7);
    expect(Object.keys(guess.patterns).toSorted()).toEqual([...USAGE_PATTERNS].toSorted());
    expect(Object.keys(guess.classes).toSorted()).toEqual([...WORKLOAD_CLASSES, "unknown"].toSorted());
    for (const value of [...Object.values(guess.patterns), ...Object.values(guess.classes)]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(1);
    }
  });
});

test("a night is a night where the VM's people live", () => {
  const facts = { shapes: { cpu: PATTERN_SHAPES["nightly-batch"] }, seed: 1, utcOffsetMinutes: -10 * 60 };
  const there = usageOf(facts);
  expect(classifyWorkload(there).pattern).toBe("nightly-batch");
  expect(classifyWorkload({ ...there, utcOffsetMinutes: 0 }).pattern).not.toBe("nightly-batch");
});

test("gaps, silence and unknown ceilings are survived", () => {
  const daily = usageOf({ shapes: CLASS_SHAPES.web, seed: 1 });
  for (const values of Object.values(daily.usage)) values?.fill(Number.NaN, 300, 700);
  expect(classifyWorkload(daily)).toMatchObject({ pattern: "daily", workloadClass: "web" });
  expect(classifyWorkload({ ...daily, ceiling: {} }).pattern).toBe("daily");
  const silent = usageOf({ shapes: { cpu: () => 0 }, seed: 1 });
  expect(classifyWorkload(silent).pattern).toBe("idle");
  for (const values of Object.values(silent.usage)) values?.fill(Number.NaN);
  expect(classifyWorkload(silent)).toMatchObject({ pattern: "unknown", workloadClass: "unknown" });
});
