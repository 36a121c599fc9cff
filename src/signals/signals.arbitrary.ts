// Events and profiles for tests: valid as they are, so that what a test writes is what matters.
import { type ExternalEvent, externalEvent } from "../model/event.ts";
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";
import { type DeclaredDemand, declaredDemand, HOURS_A_WEEK, type WorkloadProfile } from "../model/profile.ts";
import { HOUR_MS, type Instant, instant } from "../model/time.ts";
import { normalQuantile } from "./normal-quantile.ts";

/** A Monday, 00:00 UTC. */
export const MONDAY = instant(Date.UTC(2026, 2, 2));

export function hoursLater(hours: number, from: Instant = MONDAY): Instant {
  return instant(from + hours * HOUR_MS);
}

/** A campaign on Monday from 8 to 12, known all along. */
export function anEvent(facts: Partial<ExternalEvent> = {}): ExternalEvent {
  const usual = { kind: "campaign", name: "Spring sale", start: hoursLater(8), end: hoursLater(12) } as const;
  return externalEvent({ id: "spring-sale", announced: instant(0), ...usual, ...facts });
}

export function aProfile(facts: Partial<WorkloadProfile> = {}): WorkloadProfile {
  const rest = { scaling: "vertical", utcOffsetMinutes: 0, growthPerMonth: 0, plannedChanges: [] } as const;
  return { ...rest, declaredAt: MONDAY, demand: { cpu: allWeek({ typical: 2, peak: 4 }) }, ...facts };
}

export function allWeek({ typical, peak }: { typical: number; peak: number }): DeclaredDemand {
  return declaredDemand({
    typical: new Float64Array(HOURS_A_WEEK).fill(typical),
    peak: new Float64Array(HOURS_A_WEEK).fill(peak),
  });
}

/** Quantiles of a log-normal distribution. */
export function logNormalRow({ median, sd }: { median: number; sd: number }): Float64Array {
  return Float64Array.from({ length: LEVEL_COUNT }, (_, index) => {
    return median * Math.exp(sd * normalQuantile(QUANTILE_LEVELS[index] ?? 0.5));
  });
}
