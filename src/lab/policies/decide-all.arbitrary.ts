// Drives one planner through a series outside the harness, and the small worlds in which policies are tested.
import fc from "fast-check";
import { RESOURCES } from "../../model/resources.ts";
import type { Policy, SeriesContext } from "../policy.ts";

/** Hourly ticks: a day is short enough that several fit into a test. */
export const HOURLY: SeriesContext = { resource: "cpu", ticksPerHour: 1, ticksPerDay: 24, fixedSize: 8 };
/** Ticks of 5 minutes, as most traces have. */
export const FIVE_MINUTES: SeriesContext = { resource: "cpu", ticksPerHour: 12, ticksPerDay: 288, fixedSize: 8 };

/**
 * [tick][knob]: the allocations for each tick, decided before its sample is seen, and those for the tick after the
 * last.
 */
export function decideAll(policy: Policy, context: SeriesContext, demand: readonly number[]): number[][] {
  const { planning } = policy;
  if (planning.kind === "clairvoyant") throw new Error(`${policy.name} decides nothing beforehand`);
  const planner = planning.start(context);
  const row = new Float64Array(policy.knobs.length);
  const decided = demand.map((value) => {
    planner.decide(row);
    const allocations = [...row];
    planner.observe(value);
    return allocations;
  });
  planner.decide(row);
  return [...decided, [...row]];
}

export const anyContext: fc.Arbitrary<SeriesContext> = fc
  .record({
    resource: fc.constantFrom(...RESOURCES),
    ticksPerHour: fc.constantFrom(1, 2, 4),
    fixedSize: fc.oneof(fc.integer({ min: 0, max: 64 }), fc.constant(1e12)),
  })
  .map((context) => ({ ...context, ticksPerDay: 24 * context.ticksPerHour }));

const amount = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 1600 }).map((hundredths) => hundredths / 100) },
  { weight: 2, arbitrary: fc.constant(Number.NaN) },
  fc.double({ min: 0, max: 1e12, noNaN: true }),
);
/**
 * Runs of equal samples: usual, unknown, next to nothing and absurdly large ones; long enough for several days of
 * hourly ticks.
 */
export const anyDemand: fc.Arbitrary<number[]> = fc
  .array(fc.tuple(amount, fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 20 })
  .map((runs) => runs.flatMap(([value, count]) => Array.from({ length: count }, () => value)));
