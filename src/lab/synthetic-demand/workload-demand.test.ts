import fc from "fast-check";
import { expect, test } from "vitest";
import { type CustomerId, type Id, WORKLOAD_CLASSES, type WorkloadClass } from "../../model/fleet.ts";
import { fits, type Resource, resourceVector } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, durationMs, instant, MINUTE_MS } from "../../model/time.ts";
import { autocorrelation, correlation, meanOf } from "./demand-statistics.arbitrary.ts";
import { type DemandSource, workloadDemand } from "./workload-demand.ts";

const START = instant(Date.UTC(2026, 2, 2));
const ceiling = resourceVector({ cpu: 4, memory: 2 ** 34, network: 1e8, storage: 2e8 });
const grid = { startMs: START, stepMs: durationMs(5 * MINUTE_MS) };
const sourceOf = (workload: WorkloadClass, seed: number) =>
  workloadDemand({ class: workload, ceiling, random: seededRandom(seed), grid, events: [] });
const shares = (source: DemandSource, { resource, ticks }: { resource: Resource; ticks: number }) =>
  Array.from({ length: ticks }, (_, tick) => source.demandAt(tick)[resource] / ceiling[resource]);
const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

test("the same seed demands the same in any order, and never more than the ceiling", () => {
  const anyClass = fc.constantFrom(...WORKLOAD_CLASSES);
  const ticks = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 30 });
  const property = fc.property(anyClass, fc.integer({ min: 0, max: 1e9 }), ticks, (workload, seed, asked) => {
    const [one, other] = [sourceOf(workload, seed), sourceOf(workload, seed)];
    const forwards = asked.map((tick) => one.demandAt(tick));
    const backwards = asked.toReversed().map((tick) => other.demandAt(tick));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(forwards.every((demand) => fits(demand, ceiling))).toBe(true);
  });
  fc.assert(property, { seed: 1 });
});

test("two VMs share the season and nothing else", () => {
  const random = seededRandom(1);
  const source = (name: string) =>
    workloadDemand({ class: "database", ceiling, random: random.fork(name), grid, events: [] });
  const [one, other] = ["a", "b"].map((name) => shares(source(name), { resource: "memory", ticks: 288 * 14 }));
  const changes = (values: readonly number[]) => values.slice(1).map((value, index) => value - (values[index] ?? 0));
  expect(Math.abs(correlation(changes(one ?? []), changes(other ?? [])))).toBeLessThan(0.1);
});

test.each(["web", "desktop"] as const)("a day of %s looks like the day before", (workload) => {
  const repeats = seeds.map((seed) =>
    autocorrelation(shares(sourceOf(workload, seed), { resource: "cpu", ticks: 288 * 14 }), 288),
  );
  expect(middle(repeats)).toBeGreaterThan(0.3);
  expect(Math.min(...repeats)).toBeGreaterThan(0.15);
});

test("CPU and network of a web server go together, its memory is steady", () => {
  const source = sourceOf("web", 4);
  const of = (resource: Resource) => shares(source, { resource, ticks: 288 * 14 });
  expect(correlation(of("cpu"), of("network"))).toBeGreaterThan(0.8);
  const memory = of("memory");
  expect(Math.max(...memory) / Math.min(...memory)).toBeLessThan(2);
  expect(Math.max(...of("cpu")) / middle(of("cpu"))).toBeGreaterThan(2.5);
});

test("a batch VM works at night, always at the same minute", () => {
  const everyMinute = workloadDemand({
    class: "batch",
    ceiling,
    random: seededRandom(8),
    grid: { startMs: START, stepMs: durationMs(MINUTE_MS) },
    events: [],
  });
  const begins = Array.from({ length: 5 }, (_, day) => {
    const storage = Array.from({ length: 1_440 }, (_, minute) => everyMinute.demandAt(day * 1_440 + minute).storage);
    return storage.findIndex((value) => value > 0.4 * ceiling.storage);
  });
  expect(new Set(begins).size).toBe(1);
  expect(begins[0]).toBeGreaterThanOrEqual(30);
  expect(begins[0]).toBeLessThan(5.5 * 60);
});

test("most of the time VMs are far below their ceilings, and sometimes they are not", () => {
  const busy = seeds.flatMap((seed) =>
    (["web", "batch", "desktop", "database"] as const).map((workload) =>
      shares(sourceOf(workload, seed), { resource: "cpu", ticks: 288 * 14 }),
    ),
  );
  expect(middle(busy.map(middle))).toBeGreaterThan(0.05);
  expect(middle(busy.map(middle))).toBeLessThan(0.2);
  expect(middle(busy.map((values) => Math.max(...values)))).toBeGreaterThan(0.5);
});

test("a campaign raises what a cache has to read by its uplift, and leaves its memory alone", () => {
  const campaign = {
    id: "sale" as Id<"event">,
    kind: "campaign" as const,
    name: "Sale",
    customer: "someone" as CustomerId,
    from: START,
    to: instant(START + DAY_MS),
    uplift: 1.5,
  };
  const raised = workloadDemand({ class: "cache", ceiling, random: seededRandom(2), grid, events: [campaign] });
  const plain = sourceOf("cache", 2);
  const ratios = (resource: Resource, day: number) =>
    Array.from({ length: 288 }, (_, tick) => {
      const at = day * 288 + tick;
      return raised.demandAt(at)[resource] / plain.demandAt(at)[resource];
    });
  expect(middle(ratios("network", 0))).toBeCloseTo(1.5, 6);
  expect(meanOf(ratios("network", 1))).toBe(1);
  expect(meanOf(ratios("memory", 0))).toBe(1);
});
