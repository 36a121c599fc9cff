// Policies are compared where they are equally safe: reserved/used read off each frontier at one share of violations.
import type { FrontierPoint } from "../model/scorecard.ts";

/** Below this share the logarithm would run away; nobody measures one violation in a hundred million. */
const SHARE_MIN = 1e-8;

/**
 * reserved/used where `safety` of the frontier is `target`: log of the share, linear in reserved/used, between the two
 * neighbouring points of the efficient part (no other point is both safer and cheaper). null where it is not reached.
 */
export function reservedAt(
  points: readonly FrontierPoint[],
  { safety, target }: { safety: "violations" | "unserved"; target: number },
): number | null {
  const efficient = efficientPoints(points, safety);
  for (const [index, upper] of efficient.entries()) {
    const lower = efficient[index - 1];
    if (upper[safety] === target) return upper.reservedPerUsed;
    if (lower === undefined || lower[safety] > target || upper[safety] < target) continue;
    const [from, to] = [Math.log(Math.max(lower[safety], SHARE_MIN)), Math.log(Math.max(upper[safety], SHARE_MIN))];
    const share = (Math.log(target) - from) / (to - from);
    return lower.reservedPerUsed + share * (upper.reservedPerUsed - lower.reservedPerUsed);
  }
  return null;
}

/** Ascending in the share, descending in reserved/used. */
export function efficientPoints(points: readonly FrontierPoint[], safety: "violations" | "unserved"): FrontierPoint[] {
  const sorted = points.toSorted((a, b) => a[safety] - b[safety] || a.reservedPerUsed - b.reservedPerUsed);
  let cheapest = Number.POSITIVE_INFINITY;
  return sorted.filter(({ reservedPerUsed }) => {
    const efficient = reservedPerUsed < cheapest;
    cheapest = Math.min(cheapest, reservedPerUsed);
    return efficient;
  });
}
