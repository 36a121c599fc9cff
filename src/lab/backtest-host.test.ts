import { expect, test } from "vitest";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { ASSUMED_PRICES, costPerBaseUnitHour } from "../pricing/price-list.ts";
import { type BacktestPlan, backtestHost, type HostResult, partsOf } from "./backtest-host.ts";
import { type HostCase, hostsOf } from "./host-case.ts";
import { POLICY_NAMES, type PolicyName } from "./policy.ts";
import { mergeSheets, type ScoreSheet } from "./score.ts";
import { scorecardOf } from "./scorecard-of.ts";
import { cpuTrace, seededTrace } from "./small-trace.arbitrary.ts";

const trace = seededTrace({ seed: 21, vms: 6, days: 4, stepMinutes: 30 });
const plan: BacktestPlan = {
  policies: POLICY_NAMES,
  eachLevels: [0.9, 0.99],
  pooledViolations: [0.05, 0.01],
  shown: 1,
  audited: false,
  pace: "gentle",
};

function backtest(host: HostCase, given: BacktestPlan = plan): { result: HostResult; parts: number } {
  let parts = 0;
  const result = backtestHost({ host, plan: given }, { onPart: () => parts++, onAuditRows: () => {} });
  return { result, parts };
}

function cardOf(hostSize: number) {
  const hosts = hostsOf(trace, hostSize);
  const results = hosts.map((host) => backtest(host).result);
  const hourlyCost = costPerBaseUnitHour(ASSUMED_PRICES);
  return scorecardOf({ trace, hosts, hostSize, plan, serviceLevel: 0.99, results, hourlyCost });
}

test("the same backtest twice is the same to the byte", () => {
  expect(JSON.stringify(cardOf(3))).toBe(JSON.stringify(cardOf(3)));
});

test("every policy has a sheet for each of its knobs, and the progress adds up", () => {
  const [host] = hostsOf(trace, 6);
  if (host === undefined) throw new Error("VMs fill a host");
  const { result, parts } = backtest(host);
  expect(Object.keys(result.sheets)).toEqual([...RESOURCES]);
  for (const resource of RESOURCES) {
    expect(Object.keys(result.sheets[resource] ?? {}).toSorted()).toEqual([...POLICY_NAMES].toSorted());
    expect(result.sheets[resource]?.["headroom-each"]).toHaveLength(2);
    expect(result.sheets[resource]?.headroom).toHaveLength(2);
    for (const sheets of Object.values(result.sheets[resource] ?? {}))
      for (const { vmIntervals } of sheets) expect([...vmIntervals]).toEqual(new Array(6).fill(96));
  }
  expect(parts).toBeLessThanOrEqual(partsOf(plan));
  expect(parts).toBeGreaterThan(0.7 * partsOf(plan));
});

function sheetOf(result: HostResult | undefined, of: { resource: Resource; policy: PolicyName }): ScoreSheet {
  const sheet = result?.sheets[of.resource]?.[of.policy]?.[0];
  if (sheet === undefined) throw new Error(`${of.policy} has a sheet for ${of.resource}`);
  return sheet;
}

test("policies that look at each VM alone score the same on one host as on two, merged in order", () => {
  const [whole] = hostsOf(trace, 6).map((host) => backtest(host).result);
  const halves = hostsOf(trace, 3).map((host) => backtest(host).result);
  for (const policy of ["static", "vpa", "fourier", "headroom-each", "oracle"] as const) {
    const of = { resource: "cpu" as const, policy };
    const merged = mergeSheets(halves.map((half) => sheetOf(half, of)));
    const once = sheetOf(whole, of);
    expect(merged.vmViolations).toEqual(once.vmViolations);
    expect(merged.lastAllocations).toEqual(once.lastAllocations);
    for (const key of ["demand", "reserved", "unserved", "changes"] as const)
      expect(Math.abs(merged[key] - once[key]), `${policy} ${key}`).toBeLessThanOrEqual(1e-9 * once[key]);
  }
});

test("only what was asked for is replayed, only what is recorded is scored", () => {
  const [host] = hostsOf(cpuTrace([new Array(48).fill(2), new Array(48).fill(3)]), 50);
  if (host === undefined) throw new Error("VMs fill a host");
  const peersOnly = backtest(host, { ...plan, policies: ["static", "oracle"] }).result;
  expect(Object.keys(peersOnly.sheets)).toEqual(["cpu"]);
  expect(Object.keys(peersOnly.sheets.cpu ?? {})).toEqual(["static", "oracle"]);
  expect([peersOnly.forecasts, peersOnly.pictures]).toEqual([{}, []]);
  const oursOnly = backtest(host, { ...plan, policies: ["headroom"] }).result;
  expect(Object.keys(oursOnly.sheets.cpu ?? {})).toEqual(["headroom"]);
  expect(Object.keys(oursOnly.forecasts)).toEqual(["cpu"]);
});
