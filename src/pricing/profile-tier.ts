// What a score is worth: a discount that grows with skill in a straight line, and a name for how far up that line a customer is. The
// name changes only when the score has left its stretch clearly; the money knows no steps.
import { type Micros, roundToMicros } from "../model/money.ts";
import type { TierRules } from "./price-book.ts";

export const PROFILE_TIERS = ["bronze", "silver", "gold"] as const;
export type ProfileTier = (typeof PROFILE_TIERS)[number];

/** Two weeks: every hour of the week twice, and the mean of 336 hours gambles little. */
export const SCORE_WINDOW_HOURS = 14 * 24;
/** Fewer hours seen than half of the window tell nothing yet. */
const HOURS_NEEDED = SCORE_WINDOW_HOURS / 2;

export interface ScoredWindow {
  readonly skill: number;
  readonly hours: number;
}

/** Share of what was charged for leases and premium, 0..discountMax. */
export function discountShare({ skill, hours }: ScoredWindow, rules: TierRules): number {
  if (hours < HOURS_NEEDED) return 0;
  return Math.min(Math.max(skill * rules.discountPerSkill, 0), rules.discountMax);
}

export function discountOf(charged: Micros, share: number): Micros {
  return roundToMicros(charged * share);
}

/** Up as soon as the score is there, down when it is `hysteresis` below where the tier begins. */
export function nextTier(before: ProfileTier, { skill, hours }: ScoredWindow, rules: TierRules): ProfileTier {
  if (hours < HOURS_NEEDED) return before;
  const reached = (from: (tier: ProfileTier) => number) =>
    PROFILE_TIERS.findLast((tier) => skill >= from(tier)) ?? "bronze";
  const up = reached((tier) => beginOf(tier, rules));
  const kept = reached((tier) => beginOf(tier, rules) - rules.hysteresis);
  const [rank, upRank, keptRank] = [before, up, kept].map((tier) => PROFILE_TIERS.indexOf(tier)) as [
    number,
    number,
    number,
  ];
  return PROFILE_TIERS[Math.max(upRank, Math.min(rank, keptRank))] ?? "bronze";
}

export interface TierProgress {
  /** The next one. */
  readonly tier: ProfileTier;
  /** How much skill is missing. */
  readonly missing: number;
  /** By how much the loss an hour has to fall, as a share of the scale: the same thing, said for who works on it. */
  readonly sentence: string;
}

/** Undefined for who is at the top. */
export function progressOf(
  tier: ProfileTier,
  { skill, hours }: ScoredWindow,
  rules: TierRules,
): TierProgress | undefined {
  const next = PROFILE_TIERS[PROFILE_TIERS.indexOf(tier) + 1];
  if (next === undefined) return undefined;
  const missing = Math.max(beginOf(next, rules) - skill, 0);
  const wait = hours < HOURS_NEEDED ? ` ${HOURS_NEEDED - hours} more hours have to be seen first.` : "";
  const sentence =
    `${next} begins at a skill of ${percent(beginOf(next, rules))}, and this one is ${percent(skill)}: ` +
    `declared levels have to miss what comes by ${percent(missing)} less of what the past alone would miss.${wait}`;
  return { tier: next, missing, sentence };
}

function beginOf(tier: ProfileTier, { silverFrom, goldFrom }: TierRules): number {
  if (tier === "bronze") return Number.NEGATIVE_INFINITY;
  return tier === "silver" ? silverFrom : goldFrom;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
