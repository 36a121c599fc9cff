// THE FAST PATH: VMs that are about to run out share what their host has ready, at once, forecast or no forecast. It never
// gives more than there is, serves better plans first, and among equals is max-min fair.
import type { Resource } from "../model/resources.ts";
import { KIBIBYTE, MEBIBYTE } from "../model/units.ts";
import { maxMinShare } from "./max-min-share.ts";

/** One VM under pressure in one resource; base units. */
export interface PressedVm {
  readonly allocation: number;
  readonly ceiling: number;
  /** What it was seen to want: usage and what it was kept from using. NaN where unknown. */
  readonly demand: number;
  /** What a forecast holds possible, its highest quantile; 0 without one. Only lifts the bound of one event. */
  readonly foreseen: number;
  /** By plan; larger goes first. */
  readonly priority: number;
  /** Opted in for this resource, by a plan that bursts. */
  readonly mayBurst: boolean;
}

/** One host and resource. */
export interface HostReserve {
  /** Handed out to nobody; taken first, since nothing has to shrink for it. */
  readonly free: number;
  /** What shadow VMs hold and can give up now. */
  readonly buffer: number;
}

export interface FastPathRules {
  /** What it uses shall be this share of what it has afterwards. */
  readonly usedShare: number;
  /** Where demand is hidden behind the allocation, at least this share of it is added. */
  readonly raiseShare: number;
  /** One event at most multiplies the allocation with this, or adds `addMin`, or reaches what was foreseen. */
  readonly timesMax: number;
  readonly addMin: number;
  /** One VM gets no more than this share of the reserve, unless it is alone. */
  readonly reserveShareMax: number;
}

const RULES = { usedShare: 0.8, raiseShare: 0.25, timesMax: 2, reserveShareMax: 0.5 } as const;

export const FAST_PATH_RULES: Readonly<Record<Resource, FastPathRules>> = {
  cpu: { ...RULES, addMin: 0.25 },
  memory: { ...RULES, addMin: 256 * MEBIBYTE },
  network: { ...RULES, addMin: 512 * KIBIBYTE },
  storage: { ...RULES, addMin: 512 * KIBIBYTE },
};

type GrantReason =
  | "opted-out"
  | "at-ceiling"
  /** All that it asked for. */
  | "filled"
  /** As much as one event may give; more comes with the next. */
  | "bounded"
  /** The reserve was too small for all. */
  | "scarce";

interface Grant {
  /** On top of its allocation. */
  readonly amount: number;
  readonly why: GrantReason;
}

export interface FastPathDecision {
  /** In the order of the VMs. */
  readonly grants: readonly Grant[];
  readonly fromFree: number;
  /** Shadow VMs shrink by this before any VM grows by more than `fromFree`. */
  readonly fromBuffer: number;
}

export function relieve(
  vms: readonly PressedVm[],
  { reserve, rules }: { readonly reserve: HostReserve; readonly rules: FastPathRules },
): FastPathDecision {
  const total = reserve.free + reserve.buffer;
  const asks = vms.map((vm) => askOf(vm, rules));
  const alone = asks.filter(({ amount }) => amount > 0).length === 1;
  const most = alone ? Number.POSITIVE_INFINITY : total * rules.reserveShareMax;
  const amounts = shareByPriority(vms, { wants: asks.map(({ amount }) => Math.min(amount, most)), total });
  const given = amounts.reduce((sum, amount) => sum + amount, 0);
  const fromFree = Math.min(given, reserve.free);
  return {
    grants: asks.map((ask, index) => grantOf(ask, { amount: amounts[index] ?? 0, most })),
    fromFree,
    fromBuffer: Math.min(given - fromFree, reserve.buffer),
  };
}

interface Ask {
  /** What one event may give it. */
  readonly amount: number;
  /** What it would take to be at ease. */
  readonly whole: number;
  readonly mayBurst: boolean;
}

function askOf({ allocation, ceiling, demand, foreseen, mayBurst }: PressedVm, rules: FastPathRules): Ask {
  if (!mayBurst) return { amount: 0, whole: 0, mayBurst };
  const atEase = Number.isNaN(demand) ? 0 : demand / rules.usedShare;
  const hidden = allocation * (1 + rules.raiseShare);
  const whole = Math.max(Math.min(Math.max(atEase, hidden, foreseen), ceiling) - allocation, 0);
  const bound = Math.max(allocation * rules.timesMax, allocation + rules.addMin, foreseen) - allocation;
  return { amount: Math.min(whole, bound), whole, mayBurst };
}

/** Those of the highest priority share first; what they leave goes on to the next. */
function shareByPriority(
  vms: readonly PressedVm[],
  { wants, total }: { readonly wants: readonly number[]; readonly total: number },
): number[] {
  const amounts = wants.map(() => 0);
  const priorities = [...new Set(vms.map(({ priority }) => priority))].sort((left, right) => right - left);
  let left = total;
  for (const priority of priorities) {
    const members = [...vms.keys()].filter((index) => vms[index]?.priority === priority);
    const shares = maxMinShare(
      left,
      members.map((index) => wants[index] ?? 0),
    );
    for (const [rank, index] of members.entries()) amounts[index] = shares[rank] ?? 0;
    left = Math.max(left - shares.reduce((sum, share) => sum + share, 0), 0);
  }
  return amounts;
}

function grantOf(ask: Ask, { amount, most }: { amount: number; most: number }): Grant {
  if (!ask.mayBurst) return { amount: 0, why: "opted-out" };
  if (ask.whole <= 0) return { amount: 0, why: "at-ceiling" };
  if (amount >= ask.whole) return { amount, why: "filled" };
  return { amount, why: amount > 0 && amount >= Math.min(ask.amount, most) ? "bounded" : "scarce" };
}
