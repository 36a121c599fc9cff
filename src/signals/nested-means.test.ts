import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { countOf, emptyNestedMeans, type NestedPath, observe, type PriorSpread, shrunkMeans } from "./nested-means.ts";

const PRIOR: PriorSpread = { outermost: 0.5, levels: [0.3, 0.3, 0.3], noise: 0.3 };

function first<Value>([value]: readonly Value[]): Value {
  if (value === undefined) throw new Error("there is none");
  return value;
}

function learned(observations: readonly (readonly [NestedPath, number])[]) {
  const means = emptyNestedMeans(1);
  for (const [path, value] of observations) observe(means, path, [value]);
  return (path: NestedPath, prior = PRIOR) => first(shrunkMeans(means, path, () => prior));
}

test("without data the mean is 0 and the doubts of all levels add up", () => {
  const { mean, variance, noiseVariance, counts } = learned([])(["a", "web", "sale"]);
  expect([mean, counts]).toEqual([0, [0, 0, 0, 0]]);
  expect(variance).toBeCloseTo(0.25 + 3 * 0.09, 12);
  expect(noiseVariance).toBeCloseTo(0.09, 12);
});

test("one observation moves near groups more than far ones, and makes all of them surer", () => {
  const ask = learned([[["a", "web", "sale"], 1]]);
  const [same, name, workload, customer] = [
    ask(["a", "web", "sale"]),
    ask(["a", "web", "fair"]),
    ask(["a", "shop", "sale"]),
    ask(["b", "web", "sale"]),
  ];
  expect(same.mean).toBeGreaterThan(name.mean);
  expect(name.mean).toBeGreaterThan(workload.mean);
  expect(workload.mean).toBeGreaterThan(customer.mean);
  expect(customer.mean).toBeGreaterThan(0);
  expect(same.variance).toBeLessThan(name.variance);
  expect(customer.variance).toBeLessThan(0.25 + 3 * 0.09);
});

test("with no spread between groups it is the textbook normal-normal mean", () => {
  // Outermost N(0, 1), groups equal to it, noise 0.5: precision 1 + n / 0.25. Guesses stand only where the data agrees with
  // them: two values so far apart that their variance is the guess, around a mean as far from 0 as guessed.
  const gap = 0.5 / Math.SQRT2;
  const centre = Math.sqrt(1 + 0.25 / 2);
  const path: NestedPath = ["a", "b", "c"];
  const past = [centre - gap, centre + gap].map((value) => [path, value] as const);
  const { mean, variance, noiseVariance } = learned(past)(path, { outermost: 1, levels: [0, 0, 0], noise: 0.5 });
  const precision = 1 + 2 / 0.25;
  expect(noiseVariance).toBeCloseTo(0.25, 12);
  expect(mean).toBeCloseTo((centre * 2) / 0.25 / precision, 12);
  expect(variance).toBeCloseTo(1 / precision, 12);
});

test("a mean far from 0 is believed once it is seen more than once", () => {
  const path: NestedPath = ["a", "web", "sale"];
  const past = [3, 3.1, 2.9].map((value) => [path, value] as const);
  const narrow: PriorSpread = { outermost: 0.1, levels: [0.05, 0.05, 0.05], noise: 0.1 };
  expect(learned(past.slice(0, 1))(path, narrow).mean).toBeLessThan(2.3);
  expect(learned(past)(path, narrow).mean).toBeGreaterThan(2.9);
});

test("many observations outvote every guess", () => {
  const random = seededRandom(3);
  const path: NestedPath = ["a", "web", "sale"];
  const ask = learned(Array.from({ length: 500 }, () => [path, 0.7 + 0.1 * random.normal()] as const));
  const { mean, variance, noiseVariance } = ask(path);
  expect(mean).toBeCloseTo(0.7, 1);
  expect(Math.sqrt(variance)).toBeLessThan(0.01);
  expect(Math.sqrt(noiseVariance)).toBeCloseTo(0.1, 1);
});

describe("simulated customers", () => {
  // 40 customers x 2 workloads x 3 names x 1..5 events, with known spreads.
  const truth = { customer: 0.4, workload: 0.1, name: 0.2, noise: 0.15, overall: 0.5 };
  const random = seededRandom(11);
  const observations: [NestedPath, number][] = [];
  const names = new Map<string, number>();
  for (let customer = 0; customer < 40; customer++) {
    const ofCustomer = truth.overall + truth.customer * random.normal();
    for (const workload of ["web", "shop"]) {
      const ofWorkload = ofCustomer + truth.workload * random.normal();
      for (const name of ["x", "y", "z"]) {
        const ofName = ofWorkload + truth.name * random.normal();
        names.set(`${customer} ${workload} ${name}`, ofName);
        const events = 1 + random.below(5);
        for (let event = 0; event < events; event++)
          observations.push([[`${customer}`, workload, name], ofName + truth.noise * random.normal()]);
      }
    }
  }
  const ask = learned(observations);
  const estimates = [...names].map(([key, value]) => {
    const [customer = "", workload = "", name = ""] = key.split(" ");
    return { truth: value, ...ask([customer, workload, name]) };
  });

  test("shrunk means are nearer to the truth than plain ones, and than the mean of all", () => {
    const plain = new Map<string, number[]>();
    for (const [path, value] of observations) plain.set(path.join(" "), [...(plain.get(path.join(" ")) ?? []), value]);
    const squared = (errors: readonly number[]) => errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length;
    const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const shrunkError = squared(estimates.map((each) => each.mean - each.truth));
    const plainError = squared([...names].map(([key, value]) => meanOf(plain.get(key) ?? []) - value));
    const pooledMean = meanOf(observations.map(([, value]) => value));
    expect(shrunkError).toBeLessThan(plainError * 0.95);
    expect(shrunkError).toBeLessThan(squared([...names.values()].map((value) => pooledMean - value)) / 4);
  });

  test("the stated variance is honest: two thirds of the errors lie within one of it", () => {
    const within = estimates.filter((each) => Math.abs(each.mean - each.truth) < Math.sqrt(each.variance)).length;
    expect(within / estimates.length).toBeGreaterThan(0.58);
    expect(within / estimates.length).toBeLessThan(0.78);
  });

  test("the noise is found again, and an unknown customer is as uncertain as customers differ", () => {
    expect(Math.sqrt(estimates[0]?.noiseVariance ?? 0)).toBeCloseTo(truth.noise, 1);
    const stranger = ask(["new", "web", "x"]);
    expect(stranger.mean).toBeCloseTo(truth.overall, 0);
    const expected = Math.hypot(truth.customer, truth.workload, truth.name);
    expect(Math.sqrt(stranger.variance)).toBeGreaterThan(expected * 0.75);
    expect(Math.sqrt(stranger.variance)).toBeLessThan(expected * 1.3);
  });
});

const paths = fc.tuple(fc.constantFrom("a", "b"), fc.constantFrom("web", "db"), fc.constantFrom("x", "y"));
const observed = fc.array(fc.tuple(paths, fc.double({ min: -4, max: 4, noNaN: true })), {
  minLength: 1,
  maxLength: 30,
});

test("the order of observations does not matter, up to rounding", () => {
  const shuffled = observed.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, paths, ([list, other], path) => {
      const [one, two] = [learned(list)(path), learned(other)(path)];
      expect(two.mean).toBeCloseTo(one.mean, 9);
      expect(two.variance).toBeCloseTo(one.variance, 9);
      expect(two.counts).toEqual(one.counts);
    }),
    { seed: 1 },
  );
});

test("variances are never negative and the mean never leaves the range of the data and 0", () => {
  fc.assert(
    fc.property(observed, paths, (list, path) => {
      const { mean, variance, noiseVariance } = learned(list)(path);
      const values = list.map(([, value]) => value);
      expect(variance).toBeGreaterThan(0);
      expect(noiseVariance).toBeGreaterThan(0);
      expect(mean).toBeGreaterThanOrEqual(Math.min(0, ...values) - 1e-9);
      expect(mean).toBeLessThanOrEqual(Math.max(0, ...values) + 1e-9);
    }),
    { seed: 1 },
  );
});

test("values that were not seen count nowhere", () => {
  const means = emptyNestedMeans(2);
  observe(means, ["a", "b", "c"], [1, Number.NaN]);
  const counts = shrunkMeans(means, ["a", "b", "c"], () => PRIOR).map((each) => each.counts);
  expect(counts).toEqual([
    [1, 1, 1, 1],
    [0, 0, 0, 0],
  ]);
  expect([countOf(means, 0), countOf(means, 1)]).toEqual([1, 0]);
});

test("the state is plain data: a copy goes on as the original would", () => {
  const means = emptyNestedMeans(1);
  observe(means, ["a", "b", "c"], [1]);
  const copy = structuredClone(means);
  for (const each of [means, copy]) observe(each, ["a", "b", "d"], [2]);
  const ask = (of: typeof means) => shrunkMeans(of, ["a", "b", "c"], () => PRIOR);
  expect(ask(copy)).toEqual(ask(means));
});
