// For tests: what a service says of one small VM, in the contract's own words.
import type { VmAllocation, VmForecast } from "../../api/contract/monitoring.ts";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { GIBIBYTE } from "../../model/units.ts";

const AT = "2026-03-02T13:05:00.000Z";
const CPU = { demand: 1.7, base: 1, leased: 2.2, allocation: 3.2, bufferInReach: 1.8, headroom: 3.3 };
const NOTHING_LENT = { ...CPU, leased: 0, allocation: 1, headroom: 1.1 };
const MEMORY = {
  demand: 3 * GIBIBYTE,
  base: 4 * GIBIBYTE,
  leased: 0,
  allocation: 4 * GIBIBYTE,
  bufferInReach: 0,
  headroom: GIBIBYTE,
};
const RATE = { demand: null, base: 1e7, leased: 0, allocation: 1e7, bufferInReach: 0, headroom: null };

export function seenAllocation(isLent = true): VmAllocation {
  return {
    vm: "web-1",
    host: "host-1",
    at: AT,
    resources: { cpu: isLent ? CPU : NOTHING_LENT, memory: MEMORY, network: RATE, storage: RATE },
    leases: isLent
      ? [
          {
            ...{ vm: "web-1", resource: "cpu", amount: 2.2, state: "held" },
            ...{ grantedAt: AT, expiresAt: "2026-03-02T13:10:00.000Z" },
          },
        ]
      : [],
  };
}

export const SEEN_TERMS = {
  ...{ vm: "web-1", workload: "web", customer: "meridian", plan: "predictive" },
  resources: {
    cpu: { optedIn: true, base: 1, ceiling: 4 },
    memory: { optedIn: false, base: 4 * GIBIBYTE, ceiling: 4 * GIBIBYTE },
    network: { optedIn: false, base: 1e7, ceiling: 1e7 },
    storage: { optedIn: false, base: 1e7, ceiling: 1e30 },
  },
};

const rising = (from: number) => QUANTILE_LEVELS.map((_, at) => from * (1 + at / 10));

export const SEEN_FORECAST: VmForecast = {
  vm: "web-1",
  origin: AT,
  levels: [...QUANTILE_LEVELS],
  resources: {
    cpu: { nextTick: rising(0.4), halfHourPeak: rising(0.45), hourlyPeaks: [rising(0.4)], basis: "26 h of history." },
    memory: { nextTick: null, halfHourPeak: null, hourlyPeaks: null, basis: "Too little is known." },
    network: { nextTick: null, halfHourPeak: null, hourlyPeaks: null, basis: "Too little is known." },
    storage: { nextTick: null, halfHourPeak: null, hourlyPeaks: null, basis: "Too little is known." },
  },
};

export function seenDecision(given: { id: number; at: string; kind?: string; sentence: string; resource?: string }) {
  return { cell: "cell-1", kind: "raise", reason: "Likely demand 1.9 cores.", resource: "cpu", vm: "web-1", ...given };
}
