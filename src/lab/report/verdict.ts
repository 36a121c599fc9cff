// What a scorecard comes down to: what ours needs, what the best peer needs and what fixed sizes hold, at equal safety.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import {
  type FrontierPoint,
  type PolicyScore,
  type ResourceScore,
  type Scorecard,
  VIOLATION_TARGETS,
} from "../../model/scorecard.ts";
import type { PolicyName } from "../policy.ts";

export type Role = "ours" | "ours-each" | "peer" | "fixed" | "bound";

const ROLES: Readonly<Partial<Record<string, Role>>> = {
  headroom: "ours",
  "headroom-each": "ours-each",
  static: "fixed",
  oracle: "bound",
} satisfies Partial<Record<PolicyName, Role>>;

export function roleOf(policy: string): Role {
  return ROLES[policy] ?? "peer";
}

export interface Verdict {
  /** reserved/used of ours: null when it never gets to the share of violations, undefined when it was not run. */
  readonly ours: number | null | undefined;
  /** The peer that needs least: null when none gets there, undefined when none was run. */
  readonly bestPeer: { readonly title: string; readonly value: number } | null | undefined;
  /** Fixed sizes for each unit used; null when nothing was used. */
  readonly fixed: number | null;
}

/** The share of violations at which policies are compared: the target nearest to what the service level leaves. */
export function comparedShare(scorecard: Scorecard): number {
  const left = 1 - scorecard.serviceLevel;
  return [...VIOLATION_TARGETS].sort((a, b) => Math.abs(a - left) - Math.abs(b - left))[0] ?? 0.01;
}

export function scoredResources(scorecard: Scorecard): { resource: Resource; score: ResourceScore }[] {
  return RESOURCES.flatMap((resource) => {
    const score = scorecard.resources[resource];
    return score === undefined ? [] : [{ resource, score }];
  });
}

export function verdictOf(score: ResourceScore, target: number): Verdict {
  const policies = Object.entries(score.policies);
  const needs = (role: Role) => policies.find(([name]) => roleOf(name) === role)?.[1].at[target];
  const peers = policies.filter(([name]) => roleOf(name) === "peer").map(([, policy]) => policy);
  return {
    ours: needs("ours") === undefined ? needs("ours-each") : needs("ours"),
    bestPeer: peers.length === 0 ? undefined : bestOf(peers, target),
    fixed: fixedPerUsed(score),
  };
}

function bestOf(peers: readonly PolicyScore[], target: number): Verdict["bestPeer"] {
  const reaching = peers.flatMap(({ title, at }) => {
    const value = at[target];
    return value === null || value === undefined ? [] : [{ title, value }];
  });
  return reaching.sort((left, right) => left.value - right.value)[0] ?? null;
}

/** null when nothing was used: then there is nothing to compare with. */
export function fixedPerUsed(score: ResourceScore): number | null {
  return score.usedMean > 0 ? score.fixedMean / score.usedMean : null;
}

/**
 * What a bar shows: reserved/used at the compared safety, null for never. Fixed sizes hold what they hold, at whatever
 * safety that gives; the bound, when it is safer than compared at every setting, needs no more than at its safest.
 */
export function neededBy(given: {
  name: string;
  policy: PolicyScore;
  score: ResourceScore;
  target: number;
}): number | null {
  const { name, policy, score, target } = given;
  if (roleOf(name) === "fixed") return fixedPerUsed(score);
  const value = policy.at[target] ?? null;
  return value === null && roleOf(name) === "bound" ? (safestPoint(policy)?.reservedPerUsed ?? null) : value;
}

function safestPoint({ frontier }: PolicyScore): FrontierPoint | undefined {
  return [...frontier].sort((left, right) => left.violations - right.violations)[0];
}

/** The setting nearest to the compared share (in ratio, as on a log axis); fixed sizes at their full size. */
export function shownPoint(given: { name: string; policy: PolicyScore; target: number }): FrontierPoint | undefined {
  const { name, policy, target } = given;
  const full = policy.frontier.find(({ knob }) => knob === 1);
  if (roleOf(name) === "fixed" && full !== undefined) return full;
  const away = ({ violations }: FrontierPoint) => Math.abs(Math.log(Math.max(violations, 1e-9) / target));
  return [...policy.frontier].sort((left, right) => away(left) - away(right))[0];
}
