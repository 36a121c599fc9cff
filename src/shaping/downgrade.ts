// Graceful downgrade of one lease and resource: capacity goes back in steps, only what is free, with a check after each step
// and a way back. Pure: the lease's state and what was seen since go in, the next state comes out.
import type { LeaseStage } from "../model/lease.ts";
import type { Resource } from "../model/resources.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";

/** What is remembered of one lease and resource from step to step. */
export interface Downgrade {
  /** held -> trimming -> held, where the lease goes on, smaller; held -> trimming -> draining -> returned, where it ends. */
  readonly stage: LeaseStage;
  /** Allowed now, base included; base units. */
  readonly amount: number;
  /** Allowed before the last step down, until that step is checked; `amount` when there is nothing to check. */
  readonly before: number;
  /** Ticks for which nothing is taken: after pressure, and after a raise. */
  readonly coolDown: number;
  readonly hold: number;
}

export interface DowngradeRules {
  /** The largest share of the amount that goes back in one step. 1: all at once. */
  readonly stepShare: number;
  /** A step is never more than this, nor less than the other unless less is left; base units. */
  readonly stepMax: number;
  readonly stepMin: number;
  /** The guest keeps what it uses and this share of it, and at least so much, base units; nothing where it uses nothing. */
  readonly marginShare: number;
  readonly marginMin: number;
  /** After pressure nothing is taken for so many ticks, and after a raise for up to so many. */
  readonly coolDownTicks: number;
  readonly holdTicks: number;
}

const AT_ONCE = {
  stepShare: 1,
  stepMax: Number.POSITIVE_INFINITY,
  stepMin: 0,
  marginShare: 0.1,
  coolDownTicks: 3,
  holdTicks: 0,
} as const;

/**
 * For ticks of 5 minutes. Memory goes in balloon steps, since a guest needs time to give pages back; the others can be
 * given back again in a moment, so that they go at once, to where the guest keeps what it uses.
 */
export const DOWNGRADE_RULES: Readonly<Record<Resource, DowngradeRules>> = {
  cpu: { ...AT_ONCE, marginMin: 0 },
  memory: {
    stepShare: 0.25,
    stepMax: 4 * GIBIBYTE,
    stepMin: 64 * MEBIBYTE,
    marginShare: 0.05,
    marginMin: 64 * MEBIBYTE,
    coolDownTicks: 6,
    holdTicks: 1,
  },
  network: { ...AT_ONCE, marginMin: 0 },
  storage: { ...AT_ONCE, marginMin: 0 },
};

/** Of a machine that is off everything goes back at once. */
export const OFF_RULES: DowngradeRules = { ...AT_ONCE, marginMin: 0 };

export interface DowngradeInput {
  readonly lease: Downgrade;
  /** What the plan wants next. Below `base` or equal to it: the lease is to end. */
  readonly wanted: number;
  readonly base: number;
  /** Seen over the tick just past; NaN where no sample came. */
  readonly usage: number;
  /** The guest was held back: usage at its allocation, steal, memory pressure. */
  readonly pressed: boolean;
  /** Blackouts, the kill switch, a spent budget: nothing may be taken now. */
  readonly mayTake: boolean;
  /** 0..1, how sure it is that forecasts are too high of late: shortens the hold after a raise. */
  readonly overPrediction: number;
  readonly rules: DowngradeRules;
}

export type DowngradeReason =
  | "raised"
  | "settled"
  | "step"
  | "last-step"
  | "rolled-back"
  | "pressed"
  | "cooling-down"
  | "holding"
  | "in-use"
  | "no-sample"
  | "not-allowed";

/**
 * Never takes below the base nor below usage + margin, never while pressed, never without a sample. A raise is passed on
 * at once. Without pressure and with usage + margin below what is wanted it is done within `stepsAtMost` + cool-down + hold.
 */
export function nextAmount(input: DowngradeInput): Downgrade & { readonly why: DowngradeReason } {
  const { lease, base, pressed, rules } = input;
  const wanted = Math.max(input.wanted, base);
  if (pressed && wanted <= lease.before && lease.before > lease.amount) return rollBack(lease, rules);
  const coolDown = pressed ? rules.coolDownTicks : Math.max(lease.coolDown - 1, 0);
  if (wanted > lease.amount) return raised(input, { amount: wanted, coolDown });
  const [before, hold] = [checkedBefore(input), nextHold(input)];
  const at = (amount: number, stage: LeaseStage, why: DowngradeReason) => ({
    stage,
    amount,
    before,
    coolDown,
    hold,
    why,
  });
  if (wanted === lease.amount) return at(wanted, restingStage(wanted, base), pressed ? "pressed" : "settled");
  const obstacle = obstacleOf(input);
  if (obstacle !== undefined) return at(lease.amount, lease.stage, obstacle);
  const amount = Math.max(wanted, lease.amount - stepFrom(lease.amount, rules), keptByUse(input));
  if (amount >= lease.amount) return at(lease.amount, lease.stage, "in-use");
  if (amount > wanted) return at(amount, movingStage(wanted, base), "step");
  return at(amount, restingStage(wanted, base), "last-step");
}

/** How a lease begins. */
export function heldAt(amount: number): Downgrade {
  return { stage: "held", amount, before: amount, coolDown: 0, hold: 0 };
}

/** Steps that a way down takes when nothing stands in it. The last ones are the smallest. */
export function stepsAtMost({ from, to, rules }: { from: number; to: number; rules: DowngradeRules }): number {
  return from > to ? Math.ceil((from - to) / stepFrom(to, rules)) : 0;
}

/** The last step stays open to be undone until a sample tells how it went. */
function checkedBefore({ lease, usage }: DowngradeInput): number {
  return Number.isNaN(usage) ? lease.before : lease.amount;
}

function rollBack(lease: Downgrade, { coolDownTicks }: DowngradeRules): Downgrade & { readonly why: DowngradeReason } {
  const { before } = lease;
  return { stage: "held", amount: before, before, coolDown: coolDownTicks, hold: lease.hold, why: "rolled-back" };
}

function raised(
  { overPrediction, rules }: DowngradeInput,
  { amount, coolDown }: { readonly amount: number; readonly coolDown: number },
): Downgrade & { readonly why: DowngradeReason } {
  const hold = Math.round(rules.holdTicks * (1 - overPrediction));
  return { stage: "held", amount, before: amount, coolDown, hold, why: "raised" };
}

/** One tick less, and less still when forecasts turn out too high: noticed early, given back early. */
function nextHold({ lease, overPrediction, rules }: DowngradeInput): number {
  return Math.max(Math.min(lease.hold - 1, Math.round(rules.holdTicks * (1 - overPrediction))), 0);
}

function obstacleOf({ lease, usage, pressed, mayTake }: DowngradeInput): DowngradeReason | undefined {
  if (pressed) return "pressed";
  if (!mayTake) return "not-allowed";
  if (Number.isNaN(usage)) return "no-sample";
  if (lease.coolDown > 0) return "cooling-down";
  return lease.hold > 0 ? "holding" : undefined;
}

function keptByUse({ usage, rules }: DowngradeInput): number {
  return usage > 0 ? usage + Math.max(usage * rules.marginShare, rules.marginMin) : 0;
}

function stepFrom(amount: number, { stepShare, stepMax, stepMin }: DowngradeRules): number {
  return Math.min(Math.max(amount * stepShare, stepMin), stepMax);
}

function movingStage(wanted: number, base: number): LeaseStage {
  return wanted > base ? "trimming" : "draining";
}

function restingStage(wanted: number, base: number): LeaseStage {
  return wanted > base ? "held" : "returned";
}
