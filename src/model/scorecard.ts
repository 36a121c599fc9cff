// What a backtest found, as numbers: for every resource and policy its frontier over the knob, and reserved/used at equal safety.
import type { QUANTILE_LEVELS } from "./forecast.ts";
import type { Resource } from "./resources.ts";
import type { TraceFormat, TraceRepairs } from "./trace.ts";

export const SCORECARD_SCHEMA = "headroom.backtest/1";
/** Shares of VM-intervals at which policies are compared. */
export const VIOLATION_TARGETS = [0.01, 0.005] as const;
/** Shares of demand volume at which policies are compared. */
export const UNSERVED_TARGETS = [0.005, 0.01, 0.03, 0.05] as const;

/** Shares are fractions of 1. */
export interface FrontierPoint {
  readonly knob: number;
  /** Share of VM-intervals with demand above the allocation (with a buffer: above the lease, where the buffer did not do). */
  readonly violations: number;
  /** Share of demand volume not served. */
  readonly unserved: number;
  /** Share of demand volume served out of the buffer. */
  readonly late: number;
  readonly reservedPerUsed: number;
  /** Share of what was reserved that nobody used. */
  readonly slack: number;
  /** Changes of the allocation per VM and day. */
  readonly churn: number;
  /** Violations of single VMs: 95th percentile and maximum over VMs. */
  readonly worst: { readonly p95: number; readonly max: number };
}

export interface PolicyScore {
  readonly title: string;
  readonly source: string;
  readonly knobMeaning: string;
  readonly frontier: readonly FrontierPoint[];
  /** reserved/used at a share of violations ("0.01"); null where the frontier does not reach it. */
  readonly at: Readonly<Record<string, number | null>>;
  /** reserved/used at a share of unserved volume ("0.005"); null where the frontier does not reach it. */
  readonly atUnserved: Readonly<Record<string, number | null>>;
}

/** Skill of the forecasts behind our own policies, next tick, over the scored half. */
export interface ForecastSkill {
  /** 2 x sum of pinball losses / sum of demand, mean over the levels. */
  readonly wql: number;
  /** Absolute error of the 0.5 quantile / in-sample error of "same time yesterday", median over VMs; null without a day to compare. */
  readonly mase: number | null;
  /** Share of intervals at or below each quantile. */
  readonly coverage: readonly { readonly level: (typeof QUANTILE_LEVELS)[number]; readonly observed: number }[];
}

export interface ResourceScore {
  readonly policies: Readonly<Record<string, PolicyScore>>;
  readonly forecast: ForecastSkill | null;
  /** Mean over the scored half of the summed demand, and of the summed fixed sizes, in base units. */
  readonly usedMean: number;
  readonly fixedMean: number;
}

export interface Scorecard {
  readonly schema: typeof SCORECARD_SCHEMA;
  readonly trace: {
    readonly name: string;
    readonly format: TraceFormat;
    readonly vms: number;
    readonly hosts: number;
    readonly hostSize: number;
    /** ISO 8601, UTC. */
    readonly start: string;
    readonly stepSeconds: number;
    readonly trainedTicks: number;
    readonly scoredTicks: number;
    readonly repairs: TraceRepairs;
  };
  /** The promise at which our own policy is shown in detail: 0.99 = demand covered in 99 % of VM-intervals. */
  readonly serviceLevel: number;
  readonly resources: { readonly [R in Resource]?: ResourceScore };
  /** All resources together, weighed by price: cost reserved / cost used at equal violations. */
  readonly all: Readonly<Record<string, { readonly at: Readonly<Record<string, number | null>> }>>;
}

/** A scorecard as it is printed and written: for each resource the policies by name and nothing else. A stable format. */
export interface ScorecardFile extends Omit<Scorecard, "resources"> {
  readonly resources: { readonly [R in Resource]?: ResourceScore["policies"] };
  readonly forecasts: { readonly [R in Resource]?: ForecastSkill | null };
  readonly means: { readonly [R in Resource]?: { readonly used: number; readonly fixed: number } };
}

export function scorecardFile({ resources, ...rest }: Scorecard): ScorecardFile {
  const scores = Object.entries(resources);
  return {
    ...rest,
    resources: Object.fromEntries(scores.map(([resource, { policies }]) => [resource, policies])),
    forecasts: Object.fromEntries(scores.map(([resource, { forecast }]) => [resource, forecast])),
    means: Object.fromEntries(
      scores.map(([resource, { usedMean, fixedMean }]) => [resource, { used: usedMean, fixed: fixedMean }]),
    ),
  };
}

/** A VM's scored half under our policy, for pictures: one number a tick, base units. */
export interface VmPicture {
  readonly vm: string;
  readonly host: string;
  readonly resource: Resource;
  /** ISO 8601, UTC, of the first tick. */
  readonly start: string;
  readonly stepSeconds: number;
  readonly demand: readonly number[];
  readonly allocation: readonly number[];
  /** Quantiles 0.05, 0.5 and 0.99 as forecast one tick before. */
  readonly low: readonly number[];
  readonly likely: readonly number[];
  readonly high: readonly number[];
  readonly base: number;
  readonly fixed: number;
}
