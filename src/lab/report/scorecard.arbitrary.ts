// A made-up but complete backtest for tests: plausible shapes, drawn from a seed, no figure of any real trace.
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { FrontierPoint, PolicyScore, ResourceScore, Scorecard, VmPicture } from "../../model/scorecard.ts";
import { SCORECARD_SCHEMA, UNSERVED_TARGETS, VIOLATION_TARGETS } from "../../model/scorecard.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { NO_REPAIRS } from "../../model/trace.ts";
import { GIBIBYTE } from "../../model/units.ts";
import { POLICY_NAMES, type PolicyName } from "../policy.ts";

/** reserved/used at 1 % of intervals short; null: never gets below 2.5 %. */
const NEEDS: Readonly<Record<Resource, Readonly<Record<PolicyName, number | null>>>> = {
  cpu: {
    static: 20.5,
    reactive: null,
    vpa: 3.05,
    autopilot: 1.55,
    "holt-winters": 2.02,
    fourier: 2.4,
    "headroom-each": 1.46,
    headroom: 1.19,
    oracle: 1.004,
  },
  memory: {
    static: 9.7,
    reactive: null,
    vpa: 3.9,
    autopilot: 2.6,
    "holt-winters": 3.1,
    fourier: 3.4,
    "headroom-each": 2.15,
    headroom: 1.4,
    oracle: 1.02,
  },
  network: {
    static: 290,
    reactive: null,
    vpa: 11.2,
    autopilot: 6.02,
    "holt-winters": 8.4,
    fourier: 14,
    "headroom-each": 4.85,
    headroom: 2.63,
    oracle: 1.01,
  },
  storage: {
    static: 118,
    reactive: null,
    vpa: 9.6,
    autopilot: 7.41,
    "holt-winters": 7.9,
    fourier: null,
    "headroom-each": 4.65,
    headroom: 1.9,
    oracle: 1.03,
  },
};

const TITLES: Readonly<Record<PolicyName, string>> = {
  static: "Fixed sizes",
  reactive: "Target tracking",
  vpa: "VPA recommender",
  autopilot: "Autopilot, moving window peak",
  "holt-winters": "Holt-Winters, daily season",
  fourier: "Fourier seasons",
  "headroom-each": "Headroom, no pooling",
  headroom: "Headroom",
  oracle: "Oracle",
};

const USED: Readonly<Record<Resource, number>> = { cpu: 86, memory: 240 * GIBIBYTE, network: 41e6, storage: 96e6 };

/** Scores of all policies on all four resources; change what a test is about. */
export function aScorecard(changes: Partial<Scorecard> = {}): Scorecard {
  const resources = Object.fromEntries(RESOURCES.map((resource) => [resource, aResourceScore(resource)]));
  const together = (name: PolicyName) => (name === "oracle" ? null : NEEDS.cpu[name]);
  const all = POLICY_NAMES.map((name) => [name, { at: { "0.01": together(name), "0.005": together(name) } }]);
  return {
    schema: SCORECARD_SCHEMA,
    trace: {
      name: "made-up fleet",
      format: "csv",
      vms: 120,
      hosts: 3,
      hostSize: 50,
      start: "2026-03-01T00:00:00.000Z",
      stepSeconds: 300,
      trainedTicks: 4032,
      scoredTicks: 4032,
      repairs: { ...NO_REPAIRS, rowsRead: 967_680, filledTicks: 412, repeatedRows: 1, poweredOffRows: 2_304 },
    },
    serviceLevel: 0.99,
    resources,
    all: Object.fromEntries(all),
    ...changes,
  };
}

export function aResourceScore(resource: Resource): ResourceScore {
  const policies = POLICY_NAMES.map((name) => [name, aPolicyScore(name, NEEDS[resource][name])]);
  const fixed = NEEDS[resource].static ?? 1;
  const coverage = QUANTILE_LEVELS.map((level) => ({ level, observed: 1 - (1 - level) ** 0.97 }));
  return {
    policies: Object.fromEntries(policies),
    forecast: { wql: 0.041, mase: 0.62, coverage },
    usedMean: USED[resource],
    fixedMean: USED[resource] * fixed,
  };
}

function aPolicyScore(name: PolicyName, needs: number | null): PolicyScore {
  const frontier =
    name === "oracle"
      ? [aPoint({ knob: 1, reservedPerUsed: needs ?? 1, violations: 0 })]
      : name === "static"
        ? scaledSizes(needs ?? 1)
        : aFrontier(name, needs);
  const at = (share: "violations" | "unserved", targets: readonly number[]) =>
    Object.fromEntries(targets.map((target) => [String(target), interpolated(frontier, { share, target })]));
  return {
    title: TITLES[name],
    source: `A made-up source of ${TITLES[name]}, 2026, section 3.`,
    knobMeaning: "quantile asked for",
    frontier,
    at: at("violations", VIOLATION_TARGETS),
    atUnserved: at("unserved", UNSERVED_TARGETS),
  };
}

function scaledSizes(full: number): FrontierPoint[] {
  return [0.07, 0.1, 0.2, 0.3, 0.5, 1].map((part) =>
    aPoint({ knob: part, reservedPerUsed: full * part, violations: 0.0002 * (0.9 / part - 0.4) * 10 ** (1.2 - part) }),
  );
}

function aFrontier(name: PolicyName, needs: number | null): FrontierPoint[] {
  const steepness = { static: 1, reactive: 0.5, vpa: 2.1, autopilot: 3.4, "holt-winters": 2.7, fourier: 2.4 };
  const steep = name in steepness ? steepness[name as keyof typeof steepness] : 3.1;
  return [0.1, 0.35, 0.6, 0.85, 1.1, 1.5, 2].map((part, index) => {
    const reserved = 1 + ((needs ?? 2.1) - 1) * part;
    const violations = 0.01 * Math.exp(steep * (1 - part) + 0.25 * Math.sin(7 * part + steep));
    return aPoint({
      knob: index + 1,
      reservedPerUsed: reserved,
      violations: needs === null ? 0.025 + violations : violations,
    });
  });
}

function aPoint(given: Pick<FrontierPoint, "knob" | "reservedPerUsed" | "violations">): FrontierPoint {
  const { knob, reservedPerUsed, violations } = given;
  return {
    knob,
    violations,
    unserved: violations * 0.5,
    late: violations * 1.5,
    reservedPerUsed,
    slack: 1 - 1 / reservedPerUsed,
    churn: 12 + knob,
    worst: { p95: violations * 3.1, max: Math.min(1, violations * 6.4) },
  };
}

function interpolated(
  frontier: readonly FrontierPoint[],
  { share, target }: { share: "violations" | "unserved"; target: number },
): number | null {
  for (const [index, from] of frontier.entries()) {
    const to = frontier[index + 1];
    if (to === undefined || !(from[share] >= target && to[share] <= target)) continue;
    const part = Math.log(from[share] / target) / Math.log(from[share] / to[share]);
    return from.reservedPerUsed + part * (to.reservedPerUsed - from.reservedPerUsed);
  }
  return null;
}

/** A daily wave with noise and bursts, a forecast around it and steps above it: `ticks` of 5 min. */
export function aPicture(given: {
  vm: string;
  resource: Resource;
  size: number;
  ticks?: number;
  seed?: number;
}): VmPicture {
  const { vm, resource, size, ticks = 4032, seed = 1 } = given;
  const random = seededRandom(seed);
  const likely: number[] = [];
  const demand: number[] = [];
  let burst = 0;
  for (let tick = 0; tick < ticks; tick++) {
    burst = random.next() < 0.004 ? 0.5 * random.next() : burst * 0.85;
    const wave =
      0.3 + 0.16 * Math.sin(((tick - 90) / 288) * 2 * Math.PI) + 0.1 * Math.exp(-(((tick % 288) - 36) ** 2) / 90);
    const value = size * Math.max(0.02, wave + burst + 0.025 * random.normal());
    likely.push((demand.at(-1) ?? value) * 0.6 + size * wave * 0.4);
    demand.push(value);
  }
  const high = likely.map((value) => value * 1.3 + size * 0.04);
  return {
    vm,
    host: "host-01",
    resource,
    start: "2026-03-15T00:00:00.000Z",
    stepSeconds: 300,
    demand,
    allocation: likely.map((_, tick) => Math.max(size * 0.2, ...high.slice(Math.max(0, tick - 5), tick + 1))),
    low: likely.map((value) => value * 0.85),
    likely,
    high,
    base: size * 0.2,
    fixed: size * 4,
  };
}
