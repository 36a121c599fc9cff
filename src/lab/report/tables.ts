// The numbers behind the pictures of one resource: how each policy was short, and what it needs at other measures of
// safety.
import {
  type FrontierPoint,
  type PolicyScore,
  type ResourceScore,
  UNSERVED_TARGETS,
  VIOLATION_TARGETS,
} from "../../model/scorecard.ts";
import { type Bar, inOrder } from "./bars.ts";
import type { Markup } from "./markup.ts";
import { table } from "./table.ts";
import { neededBy, roleOf, shownPoint } from "./verdict.ts";
import { decimal, ratio, ratioOrNever, roundShare, share } from "./words.ts";

/** Ours, then who needs least. */
export function resourceBars(score: ResourceScore, target: number): Bar[] {
  return orderedPolicies(score, target).map(({ bar }) => bar);
}

/** Each policy at the setting of its knob that comes nearest to the compared share of violations. */
export function shortTable(score: ResourceScore, target: number): Markup {
  const worst = "intervals short, worst VMs";
  const columns = [
    { title: "" },
    { title: "reserved per used" },
    { title: "intervals short" },
    { title: "demand not served" },
    { title: "served late" },
    { title: "95 in 100 VMs below", group: worst },
    { title: "worst VM", group: worst },
    { title: "not used" },
    { title: "changes a day" },
  ];
  const rows = orderedPolicies(score, target).flatMap(({ name, policy }) => {
    const point = shownPoint({ name, policy, target });
    return point === undefined ? [] : [{ kind: roleOf(name), cells: [policy.title, ...pointCells(point)] }];
  });
  return table({
    caption: `Each policy at its setting nearest to ${roundShare(target)} of intervals short`,
    columns,
    rows,
  });
}

function pointCells(point: FrontierPoint): string[] {
  return [
    ratio(point.reservedPerUsed),
    share(point.violations),
    share(point.unserved),
    point.late === 0 ? "none" : share(point.late),
    share(point.worst.p95),
    share(point.worst.max),
    share(point.slack),
    decimal(point.churn, point.churn < 9.95 ? 1 : 0),
  ];
}

/** Reserved for each unit used, where policies are compared at other shares, by count and by volume. */
export function safetyTable(score: ResourceScore, target: number): Markup {
  const columns = [
    { title: "" },
    ...VIOLATION_TARGETS.map((at) => ({ title: roundShare(at), group: "intervals short" })),
    ...UNSERVED_TARGETS.map((at) => ({ title: roundShare(at), group: "demand not served" })),
  ];
  const swept = orderedPolicies(score, target).filter(({ policy }) => policy.frontier.length > 1);
  const rows = swept.map(({ name, policy }) => ({
    kind: roleOf(name),
    cells: [
      roleOf(name) === "fixed" ? `${policy.title}, all scaled alike` : policy.title,
      ...VIOLATION_TARGETS.map((at) => ratioOrNever(policy.at[at])),
      ...UNSERVED_TARGETS.map((at) => ratioOrNever(policy.atUnserved[at])),
    ],
  }));
  return table({ caption: "Reserved for each unit used, at equal shares of", columns, rows, isTight: true });
}

interface Ordered {
  readonly name: string;
  readonly policy: PolicyScore;
  readonly bar: Bar;
}

/** In the order of the bars. */
export function orderedPolicies(score: ResourceScore, target: number): Ordered[] {
  const all = Object.entries(score.policies).map(([name, policy]) => {
    const value = neededBy({ name, policy, score, target });
    return { name, policy, bar: { title: policy.title, role: roleOf(name), value } };
  });
  const places = inOrder(all.map(({ bar }) => bar));
  return all.sort((left, right) => places.indexOf(left.bar) - places.indexOf(right.bar));
}
