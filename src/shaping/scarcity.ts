// When a host has less room than was asked for: bases stand, the buffer gives way first, then leases: by plan, and
// within a plan by what is least likely to be used.
import { LEVEL_COUNT, QUANTILE_LEVELS } from "../model/forecast.ts";

/** What one VM would be lent above its base, and what stands behind it. */
export interface Claim {
  /** Above the base, base units. */
  readonly lease: number;
  readonly base: number;
  /** By plan; larger is served first. */
  readonly priority: number;
  /** Where its row begins in the quantiles; a row of NaN where no forecast is known. */
  readonly at: number;
}

export interface ScarceWish {
  /** Capacity less what is always there: bases and shadow minimums. */
  readonly room: number;
  readonly buffer: number;
  readonly claims: readonly Claim[];
  readonly quantiles: Float64Array;
}

export interface PlanGrants {
  /** [claim] above the base; never more than asked for. */
  readonly leases: Float64Array;
  readonly buffer: number;
  /** One for each plan that went short, best plan first. */
  readonly cuts: readonly PlanCut[];
}

interface PlanCut {
  readonly priority: number;
  readonly asked: number;
  readonly granted: number;
  /** No lease of this plan reaches above this level of its own VM's demand, 0..1. */
  readonly level: number;
}

/**
 * The buffer gives way first, then leases of the lowest plan. Within a plan what is least likely to be used goes first:
 * all leases are cut down to one common level of their VMs' own demand, which leaves the least expected shortfall that
 * the room allows (its marginal value, P(demand > amount), is then the same for all). Asking for no more than fits gives
 * exactly what was asked for.
 */
export function shareByPlan({ room, buffer, claims, quantiles }: ScarceWish): PlanGrants {
  const leases = Float64Array.from(claims, ({ lease }) => lease);
  const cuts: PlanCut[] = [];
  let left = Math.max(room, 0);
  const priorities = [...new Set(claims.map(({ priority }) => priority))].sort((a, b) => b - a);
  for (const priority of priorities) {
    const members = [...claims.keys()].filter((index) => claims[index]?.priority === priority);
    const asked = sumOf(members.map((index) => leases[index] ?? 0));
    if (asked > left) {
      const level = cutToLevel(leases, { members, claims, quantiles, room: left });
      cuts.push({ priority, asked, granted: left, level });
    }
    left = Math.max(left - asked, 0);
  }
  return { leases, buffer: Math.min(buffer, left), cuts };
}

interface PlanToCut {
  readonly members: readonly number[];
  readonly claims: readonly Claim[];
  readonly quantiles: Float64Array;
  readonly room: number;
}

const HALVINGS = 50;

/** Returns the level that all were cut to. */
function cutToLevel(leases: Float64Array, { members, claims, quantiles, room }: PlanToCut): number {
  const covered = (level: number) => members.map((index) => coveredAt(claims[index], { level, quantiles }));
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const middle = (low + high) / 2;
    if (sumOf(covered(middle)) > room) high = middle;
    else low = middle;
  }
  // Two levels that close differ where many quantiles are equal: what is left between them goes by equal shares.
  const [lower, upper] = [covered(low), covered(high)];
  const [from, to] = [sumOf(lower), sumOf(upper)];
  const part = to > from ? Math.min(Math.max((room - from) / (to - from), 0), 1) : 0;
  for (const [rank, index] of members.entries()) {
    const [least, most] = [lower[rank] ?? 0, upper[rank] ?? 0];
    leases[index] = least + part * (most - least);
  }
  return low;
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/**
 * What is lent up to a level, 0..1, of the VM's own demand: linear between levels, from nothing below the first to all
 * that was asked for above the last. Without a forecast every part of a lease is as likely to be used as any other.
 */
function coveredAt(claim: Claim | undefined, { level, quantiles }: { level: number; quantiles: Float64Array }): number {
  if (claim === undefined) return 0;
  const { lease, base, at } = claim;
  if (Number.isNaN(quantiles[at])) return lease * level;
  let upper = 0;
  while (upper < LEVEL_COUNT && (QUANTILE_LEVELS[upper] as number) < level) upper++;
  const low = upper > 0 ? (quantiles[at + upper - 1] as number) : 0;
  const high = upper < LEVEL_COUNT ? (quantiles[at + upper] as number) : Math.max(base + lease, low);
  const [from, to] = [QUANTILE_LEVELS[upper - 1] ?? 0, QUANTILE_LEVELS[upper] ?? 1];
  const amount = low + ((level - from) / (to - from)) * (high - low);
  return Math.min(Math.max(amount - base, 0), lease);
}
