// A small backtest with every policy, from the trace to the scorecard, against figures that are kept in the repository.
// Meant to change? `UPDATE_GOLDEN=1 npx vitest run --project golden` writes them anew,
// and biome lays them out: look at the difference before you commit.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type BacktestPlan, backtestHost } from "../../src/lab/backtest-host.ts";
import { hostsOf } from "../../src/lab/host-case.ts";
import { POLICY_NAMES, type PolicyName } from "../../src/lab/policy.ts";
import { EACH_LEVELS, POOLED_VIOLATIONS } from "../../src/lab/replay-headroom.ts";
import { scorecardOf } from "../../src/lab/scorecard-of.ts";
import { seededTrace } from "../../src/lab/small-trace.arbitrary.ts";
import { RESOURCES, type Resource } from "../../src/model/resources.ts";
import type { FrontierPoint, PolicyScore, ResourceScore } from "../../src/model/scorecard.ts";
import { ASSUMED_PRICES, costPerBaseUnitHour } from "../../src/pricing/price-list.ts";

const GOLDEN = fileURLToPath(new URL("backtest.golden.json", import.meta.url));
const HOST_SIZE = 12;

const trace = seededTrace({ seed: 2026, vms: 12, days: 6, stepMinutes: 5 });
const plan: BacktestPlan = {
  policies: POLICY_NAMES,
  eachLevels: EACH_LEVELS,
  pooledViolations: POOLED_VIOLATIONS,
  shown: POOLED_VIOLATIONS.indexOf(0.01),
  audited: false,
  pace: "gentle",
};
const hosts = hostsOf(trace, HOST_SIZE);
const results = hosts.map((host) => backtestHost({ host, plan }, { onPart: () => {}, onAuditRows: () => {} }));
const hourlyCost = costPerBaseUnitHour(ASSUMED_PRICES);
const card = scorecardOf({ trace, hosts, hostSize: HOST_SIZE, plan, serviceLevel: 0.99, results, hourlyCost });

/** Nine digits: enough to see any change of a method, too few to see the last bits of a sine. */
const rounded = (value: number | null) => (value === null ? null : Number(value.toPrecision(9)));
const roundedAll = (values: Readonly<Record<string, number | null>>) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));

/** [knob, violations, unserved, late, reserved/used, slack, churn, p95 and maximum over VMs] */
function rowOf({ knob, violations, unserved, late, reservedPerUsed, slack, churn, worst }: FrontierPoint) {
  return [knob, violations, unserved, late, reservedPerUsed, slack, churn, worst.p95, worst.max].map(rounded);
}

function policyOf({ frontier, at, atUnserved }: PolicyScore) {
  return { at: roundedAll(at), atUnserved: roundedAll(atUnserved), frontier: frontier.map(rowOf) };
}

function resourceOf({ policies, forecast, usedMean, fixedMean }: ResourceScore) {
  return {
    usedMean: rounded(usedMean),
    fixedMean: rounded(fixedMean),
    wql: rounded(forecast?.wql ?? null),
    mase: rounded(forecast?.mase ?? null),
    coverage: forecast?.coverage.map(({ observed }) => rounded(observed)),
    policies: mapValues(policies, policyOf),
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

test("the scorecard is the one that is kept", () => {
  const kept = {
    trace: card.trace,
    resources: mapValues(card.resources, resourceOf),
    all: mapValues(card.all, ({ at }) => roundedAll(at)),
  };
  const text = `${JSON.stringify(kept, null, 2)}\n`;
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(GOLDEN, text);
  expect(existsSync(GOLDEN)).toBe(true);
  expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(GOLDEN, "utf8")));
});

const PEERS: readonly PolicyName[] = ["static", "reactive", "vpa", "autopilot", "holt-winters", "fourier"];
const at = (resource: Resource, policy: PolicyName) =>
  card.resources[resource]?.policies[policy]?.at["0.01"] ?? Number.POSITIVE_INFINITY;

test.each(RESOURCES)("at 1 %% violations headroom reserves less than every peer: %s", (resource) => {
  const best = Math.min(...PEERS.map((policy) => at(resource, policy)));
  expect(best).toBeLessThan(Number.POSITIVE_INFINITY);
  expect(at(resource, "headroom")).toBeLessThan(best);
});

test.each(RESOURCES)("pooling pays, and nobody beats clairvoyance: %s", (resource) => {
  expect(at(resource, "headroom")).toBeLessThan(at(resource, "headroom-each"));
  const [oracle] = card.resources[resource]?.policies["oracle"]?.frontier ?? [];
  expect(oracle).toMatchObject({ violations: 0, unserved: 0 });
  for (const policy of PEERS)
    for (const point of card.resources[resource]?.policies[policy]?.frontier ?? [])
      expect(point.reservedPerUsed).toBeGreaterThanOrEqual(
        (oracle?.reservedPerUsed ?? 0) * (1 - point.unserved) * 0.999,
      );
});
