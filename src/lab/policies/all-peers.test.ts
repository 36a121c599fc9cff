import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { POLICY_NAMES, type Policy, type SeriesContext, type SeriesPlanner } from "../policy.ts";
import { PEER_POLICIES } from "./all-peers.ts";
import { anyContext, anyDemand, decideAll, HOURLY } from "./decide-all.arbitrary.ts";

const CAUSAL = PEER_POLICIES.filter(({ planning }) => planning.kind === "causal");

test("the peers are all policies but our own, each once", () => {
  const ours = POLICY_NAMES.filter((name) => name.startsWith("headroom"));
  expect(PEER_POLICIES.map(({ name }) => name).toSorted()).toEqual(
    POLICY_NAMES.filter((name) => !ours.includes(name)).toSorted(),
  );
});

test.each(PEER_POLICIES)("$name: knobs ascend", ({ knobs }) => {
  expect([...new Set(knobs)].toSorted((a, b) => a - b)).toEqual(knobs);
});

describe.each(CAUSAL)("$name, whatever comes", (policy) => {
  test("allocations are finite, not negative, and grow with the knob, from the first tick on", () => {
    fc.assert(
      fc.property(anyContext, anyDemand, (context, demand) => {
        for (const allocations of decideAll(policy, context, demand)) {
          expect(allocations.every((allocation) => Number.isFinite(allocation) && allocation >= 0)).toBe(true);
          expect(allocations).toEqual(allocations.toSorted((a, b) => a - b));
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("a sample changes no allocation that was decided before it came", () => {
    fc.assert(
      fc.property(anyContext, anyDemand, anyDemand, fc.nat(), (context, demand, other, cut) => {
        const known = demand.slice(0, cut % (demand.length + 1));
        const decided = decideAll(policy, context, demand).slice(0, known.length + 1);
        expect(decideAll(policy, context, [...known, ...other]).slice(0, known.length + 1)).toEqual(decided);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("equal samples give equal allocations, though other planners run and decisions are asked for twice", () => {
    fc.assert(
      fc.property(anyContext, anyDemand, anyDemand, (context, demand, other) => {
        const alone = decideAll(policy, context, demand);
        const planner = startOf(policy, context);
        const neighbour = startOf(policy, context);
        const row = new Float64Array(policy.knobs.length);
        for (const [tick, value] of demand.entries()) {
          neighbour.decide(row);
          planner.decide(row);
          planner.decide(row);
          expect([...row]).toEqual(alone[tick]);
          planner.observe(value);
          neighbour.observe(other[tick % other.length] ?? 0);
        }
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  test("until a sample is known the fixed size is the allocation", () => {
    fc.assert(
      fc.property(anyContext, fc.nat({ max: 100 }), (context, count) => {
        const unknown = Array.from({ length: count }, () => Number.NaN);
        const fullSize = policy.name === "static" ? policy.knobs.indexOf(1) : policy.knobs.length - 1;
        const atFullSize = decideAll(policy, context, unknown).map((row) => row[fullSize]);
        expect(atFullSize).toEqual(atFullSize.map(() => context.fixedSize));
      }),
      { seed: 1, numRuns: 30 },
    );
  });
});

const SEASONAL = CAUSAL.filter(({ name }) => name === "holt-winters" || name === "fourier");
const UNSEASONAL = CAUSAL.filter((policy) => !SEASONAL.includes(policy));

test.each(UNSEASONAL)("$name: unknown samples leave the allocations as they were", (policy) => {
  fc.assert(
    fc.property(anyContext, anyDemand, fc.integer({ min: 1, max: 100 }), (context, demand, count) => {
      const gap = Array.from({ length: count }, () => Number.NaN);
      const decided = decideAll(policy, context, [...demand, ...gap]).slice(demand.length);
      expect(decided).toEqual(decided.map(() => decided[0]));
    }),
    { seed: 1, numRuns: 30 },
  );
});

test.each(SEASONAL)("$name: through a gap of a day its season goes on within what was seen before", (policy) => {
  const day = Array.from({ length: 24 }, (_, hour) => 4 + Math.sin((2 * Math.PI * hour) / 24));
  const demand = [...day, ...day, ...day, ...day, ...day, ...day, ...day];
  const gap = day.map(() => Number.NaN);
  const decided = decideAll(policy, HOURLY, [...demand, ...gap]).slice(demand.length, -1);
  const medians = decided.map((row) => row[0] ?? Number.NaN);
  for (const [hour, median] of medians.entries()) expect(Math.abs(median - (day[hour] ?? 0))).toBeLessThan(0.5);
});

function startOf({ name, planning }: Policy, context: SeriesContext): SeriesPlanner {
  if (planning.kind === "clairvoyant") throw new Error(`${name} decides nothing beforehand`);
  return planning.start(context);
}
