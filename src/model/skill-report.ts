// What an evaluation found, as numbers: for every horizon the skill of each model, with and without events.
import type { QuantileLevel } from "./forecast.ts";

export const SKILL_SCHEMA = "headroom.evaluate/1";

export const HORIZONS = ["30m", "24h", "30d"] as const;
export type Horizon = (typeof HORIZONS)[number];

/** Null where there is nothing to divide by, or nothing to compare with. */
export interface SkillFigures {
  readonly windows: number;
  /** Windows about which the model said nothing; they are not in the other figures. */
  readonly silent: number;
  /** Weighted quantile loss, median over series. */
  readonly wql: number | null;
  /** WQL / WQL of the reference model, geometric mean over series. Below 1 is better. */
  readonly relative: number | null;
  /** Mean absolute error of the median / in-sample error of "the same one season ago", median over series. */
  readonly mase: number | null;
  /** Share of windows at or below each quantile. */
  readonly coverage: readonly { readonly level: QuantileLevel; readonly observed: number | null }[];
}

/** One model, told of events or not. `event` and `other` part the windows by whether an event touches them. */
export interface SkillRun {
  readonly events: "with" | "without";
  readonly all: SkillFigures;
  readonly event?: SkillFigures;
  readonly other?: SkillFigures;
}

export interface ModelSkill {
  readonly model: string;
  /** Without events, and with them where the model takes them and some were given. */
  readonly runs: readonly SkillRun[];
}

export interface TargetSkill {
  readonly target: string;
  readonly title: string;
  readonly models: readonly ModelSkill[];
}

export interface EvaluatedSeries {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly stepSeconds: number;
  readonly ticks: number;
  /** Ticks without a sample. */
  readonly missing: number;
  readonly seasonTicks: number;
  /** Ticks before each forecast. */
  readonly origins: readonly number[];
}

export interface SkillReport {
  readonly schema: typeof SKILL_SCHEMA;
  /** The model that all others are set against, without events. */
  readonly reference: string;
  readonly series: readonly EvaluatedSeries[];
  readonly events: number;
  readonly targets: readonly TargetSkill[];
}
