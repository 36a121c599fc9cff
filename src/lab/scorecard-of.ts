// From the sums of all hosts to the scorecard: frontiers, reserved/used at equal safety, and all resources together by cost.
import { RESOURCES, type Resource } from "../model/resources.ts";
import {
  type FrontierPoint,
  type PolicyScore,
  type ResourceScore,
  SCORECARD_SCHEMA,
  type Scorecard,
  UNSERVED_TARGETS,
  VIOLATION_TARGETS,
} from "../model/scorecard.ts";
import { DAY_MS, iso, ticksPer } from "../model/time.ts";
import type { Trace } from "../model/trace.ts";
import type { BacktestPlan, HostResult } from "./backtest-host.ts";
import { type ForecastSheet, skillOf } from "./forecast-sheet.ts";
import { reservedAt } from "./frontier.ts";
import { type HostCase, resourceAt } from "./host-case.ts";
import { PEER_POLICIES } from "./policies/all-peers.ts";
import { POLICY_NAMES, type PolicyName } from "./policy.ts";
import { mergeSheets, pointOf } from "./score.ts";

export interface Backtested {
  readonly trace: Trace;
  readonly hosts: readonly HostCase[];
  readonly hostSize: number;
  readonly plan: BacktestPlan;
  readonly serviceLevel: number;
  /** In the order of `hosts`. */
  readonly results: readonly HostResult[];
  /** Cost of one base unit for an hour, in any one currency. */
  readonly hourlyCost: Readonly<Record<Resource, number>>;
}

export function scorecardOf(backtested: Backtested): Scorecard {
  const { trace, hosts, hostSize, results, serviceLevel } = backtested;
  const recorded = RESOURCES.filter((resource) => results.some(({ sheets }) => sheets[resource]));
  const resources = Object.fromEntries(recorded.map((resource) => [resource, resourceScore(backtested, resource)]));
  const trainedTicks = Math.floor(trace.grid.length / 2);
  return {
    schema: SCORECARD_SCHEMA,
    trace: {
      name: trace.name,
      format: trace.format,
      vms: trace.vms.length,
      hosts: hosts.length,
      hostSize,
      start: iso(trace.grid.startMs),
      stepSeconds: trace.grid.stepMs / 1000,
      trainedTicks,
      scoredTicks: trace.grid.length - trainedTicks,
      repairs: trace.repairs,
    },
    serviceLevel,
    resources,
    all: together(resources, backtested.hourlyCost),
  };
}

function resourceScore(backtested: Backtested, resource: Resource): ResourceScore {
  const { results, plan, hosts, trace } = backtested;
  const ticksPerDay = ticksPer(DAY_MS, trace.grid.stepMs);
  const scores = POLICY_NAMES.filter((name) => plan.policies.includes(name)).map((name) => {
    const { knobs, ...about } = describe(name, plan);
    const frontier = knobs.map((knob, index) => {
      const sheets = results.flatMap(({ sheets: by }) => by[resource]?.[name]?.[index] ?? []);
      return pointOf(mergeSheets(sheets), { knob, ticksPerDay });
    });
    return [name, { ...about, frontier, ...equallySafe(frontier) }] as const;
  });
  const forecasts = results.flatMap(({ forecasts: by }): ForecastSheet[] => (by[resource] ? [by[resource]] : []));
  return {
    policies: Object.fromEntries(scores),
    forecast: forecasts.length > 0 ? skillOf(forecasts) : null,
    ...means(hosts, resource),
  };
}

function describe(
  name: PolicyName,
  plan: BacktestPlan,
): Omit<PolicyScore, "frontier" | "at" | "atUnserved"> & { knobs: readonly number[] } {
  const peer = PEER_POLICIES.find((policy) => policy.name === name);
  if (peer) return { title: peer.title, source: peer.source, knobMeaning: peer.knobMeaning, knobs: peer.knobs };
  if (name === "headroom")
    return {
      title: "Headroom",
      source: "docs/backtesting.md",
      knobMeaning: "share of VM-intervals that may go short; the guard on unserved volume moves with it",
      knobs: plan.pooledViolations,
    };
  return {
    title: "Headroom, no pooling",
    source: "docs/backtesting.md",
    knobMeaning: "quantile level of each VM's own forecast",
    knobs: plan.eachLevels,
  };
}

function equallySafe(frontier: readonly FrontierPoint[]): Pick<PolicyScore, "at" | "atUnserved"> {
  const read = (safety: "violations" | "unserved", targets: readonly number[]) =>
    Object.fromEntries(targets.map((target) => [String(target), reservedAt(frontier, { safety, target })]));
  return { at: read("violations", VIOLATION_TARGETS), atUnserved: read("unserved", UNSERVED_TARGETS) };
}

/** Means over the scored half of the fleet's demand and of its fixed sizes, base units. */
function means(hosts: readonly HostCase[], resource: Resource): { usedMean: number; fixedMean: number } {
  let [used, fixed, ticks] = [0, 0, 1];
  for (const { demand, fixedSize, firstScored, grid } of hosts) {
    ticks = Math.max(grid.length - firstScored, 1);
    for (const [series, values] of demand.entries()) {
      if (values === undefined || resourceAt(series) !== resource) continue;
      for (let tick = firstScored; tick < grid.length; tick++) {
        const value = values[tick] as number;
        if (Number.isNaN(value)) continue;
        used += value;
        fixed += fixedSize[series] as number;
      }
    }
  }
  return { usedMean: used / ticks, fixedMean: fixed / ticks };
}

/** Cost reserved / cost used, each resource at the same share of violations; null where one of them is not reached. */
function together(resources: Scorecard["resources"], hourlyCost: Readonly<Record<Resource, number>>): Scorecard["all"] {
  const present = RESOURCES.flatMap((resource) => {
    const score = resources[resource];
    return score ? [{ score, cost: score.usedMean * hourlyCost[resource] }] : [];
  });
  const used = present.reduce((sum, { cost }) => sum + cost, 0);
  const at = (name: PolicyName, target: string): number | null => {
    let reserved = 0;
    for (const { score, cost } of present) {
      const ratio = score.policies[name]?.at[target] ?? null;
      if (ratio === null) return null;
      reserved += ratio * cost;
    }
    return used === 0 ? null : reserved / used;
  };
  const names = POLICY_NAMES.filter((name) => present.some(({ score }) => score.policies[name]));
  const targets = VIOLATION_TARGETS.map(String);
  return Object.fromEntries(
    names.map((name) => [name, { at: Object.fromEntries(targets.map((target) => [target, at(name, target)])) }]),
  );
}
