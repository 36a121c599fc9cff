// Skill over many series: sums for coverage, medians over series for what is relative to a series, and the geometric
// mean over series of the loss against that of the reference.
import type { QuantileLevel } from "../../model/forecast.ts";
import { quantileOf } from "../../model/series.ts";
import type { SeriesSkill } from "./evaluate-panel.ts";
import { type SkillSums, wqlOf } from "./skill-sums.ts";

export type TickKind = "all" | "event" | "other";

export interface Skill {
  readonly series: number;
  readonly windows: number;
  /** Windows about which the model said nothing, in any series. */
  readonly silent: number;
  /** Median over series of the weighted quantile loss; NaN where nothing was asked for. */
  readonly wql: number;
  /** Geometric mean over series of WQL / WQL of the reference; NaN where there is nothing to compare. */
  readonly relative: number;
  /** Median over series; NaN where a series is too short or never moves. */
  readonly mase: number;
  /** Over all windows of all series. */
  readonly coverage: readonly { readonly level: QuantileLevel; readonly observed: number }[];
}

/** Of one model and target over the series in `skills`; `reference` = the same of the model it is set against. */
export function skillOf(given: {
  skills: readonly SeriesSkill[];
  reference: readonly SeriesSkill[];
  ticks: TickKind;
}): Skill {
  const { skills, reference, ticks } = given;
  const sums = skills.map((skill) => skill[ticks]);
  const count = (of: (sums: SkillSums) => number) => sums.reduce((total, each) => total + of(each), 0);
  const windows = count((each) => each.windows);
  return {
    series: skills.length,
    windows,
    silent: count((each) => each.silent),
    wql: medianOf(sums.map(wqlOf)),
    relative: relativeLoss(skills, reference, ticks),
    mase: medianOf(skills.map((skill) => maseOf(skill, ticks))),
    coverage: (sums[0]?.levels ?? []).map((level, index) => ({
      level,
      observed: count((each) => each.below[index] ?? 0) / windows,
    })),
  };
}

/** Series count where both have something to say in every window, and neither loss is 0. */
function relativeLoss(skills: readonly SeriesSkill[], reference: readonly SeriesSkill[], ticks: TickKind): number {
  const referenceOf = new Map(reference.map((skill) => [skill.series, skill[ticks]]));
  const logs = skills.flatMap((skill) => {
    const [ours, theirs] = [skill[ticks], referenceOf.get(skill.series)];
    if (theirs === undefined || ours.silent > 0 || theirs.silent > 0) return [];
    const ratio = Math.log(wqlOf(ours) / wqlOf(theirs));
    return Number.isFinite(ratio) ? [ratio] : [];
  });
  return Math.exp(logs.reduce((sum, each) => sum + each, 0) / logs.length);
}

/** Mean absolute scaled error: Hyndman & Koehler, International Journal of Forecasting 22, 2006. */
function maseOf(skill: SeriesSkill, ticks: TickKind): number {
  const { absoluteError, windows } = skill[ticks];
  return skill.naiveError > 0 ? absoluteError / windows / skill.naiveError : Number.NaN;
}

function medianOf(values: readonly number[]): number {
  return quantileOf(Float64Array.from(values), 0.5);
}
