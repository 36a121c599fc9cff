// The seam of all peer policies: one planner for each VM and resource, fed sample by sample, so that it cannot see ahead.
import type { Resource } from "../model/resources.ts";

/** A policy sized for one VM and resource at a time, swept over its knob. */
export interface Policy {
  readonly name: PolicyName;
  /** For people: "VPA recommender". */
  readonly title: string;
  /** Where the method is described. */
  readonly source: string;
  /** What the knob means, with its unit: "percentile of the window". */
  readonly knobMeaning: string;
  /** Knob values in the order in which allocations grow. */
  readonly knobs: readonly number[];
  readonly planning: CausalPlanning | ClairvoyantPlanning;
}

export interface CausalPlanning {
  readonly kind: "causal";
  start(context: SeriesContext): SeriesPlanner;
}

/** Knows the demand of the very interval it allocates for: the bound that no real policy passes. */
interface ClairvoyantPlanning {
  readonly kind: "clairvoyant";
  /** `allocations[k]` for knob k, given what the interval will really demand. */
  allocate(demand: number, allocations: Float64Array): void;
}

export interface SeriesContext {
  readonly resource: Resource;
  readonly ticksPerHour: number;
  readonly ticksPerDay: number;
  /** Fixed size of the VM in base units: its provisioned size, or 1.5 x the largest demand of the training half. */
  readonly fixedSize: number;
}

export interface SeriesPlanner {
  /**
   * Fills `allocations[k]` for knob k for the next tick, in base units, >= 0 and finite, from what was observed so far.
   * The harness raises it to the VM's base. Called once a tick of the scored half, always before `observe` of that tick.
   */
  decide(allocations: Float64Array): void;
  /** The demand of the tick just past; NaN when no sample is known (keep the state). Called for every tick from the first on. */
  observe(demand: number): void;
}

export const POLICY_NAMES = [
  "static",
  "reactive",
  "vpa",
  "autopilot",
  "holt-winters",
  "fourier",
  "headroom-each",
  "headroom",
  "oracle",
] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];
