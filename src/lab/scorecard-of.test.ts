import { expect, test } from "vitest";
import type { BacktestPlan, HostResult } from "./backtest-host.ts";
import { hostsOf } from "./host-case.ts";
import { createSheet, scoreInterval } from "./score.ts";
import { scorecardOf } from "./scorecard-of.ts";
import { cpuTrace } from "./small-trace.arbitrary.ts";

const plan: BacktestPlan = {
  policies: ["headroom-each"],
  eachLevels: [0.5, 0.9],
  pooledViolations: [],
  shown: 0,
  audited: false,
  pace: "gentle",
};

/** 1 of 50 intervals short at reserved/used 1.5, 1 of 200 at 2. */
function sheetWith(given: { shortTicks: number; ticks: number; allocated: number }) {
  const sheet = createSheet(1);
  for (let tick = 0; tick < given.ticks; tick++)
    scoreInterval(sheet, { demand: [1], allocations: [tick < given.shortTicks ? 0 : given.allocated], buffer: 0 });
  return sheet;
}

const trace = cpuTrace([[1, 2, 3, 5]]);
const hosts = hostsOf(trace, 1);
const results: HostResult[] = [
  {
    sheets: {
      cpu: {
        "headroom-each": [
          sheetWith({ shortTicks: 20, ticks: 1000, allocated: 1.5 }),
          sheetWith({ shortTicks: 5, ticks: 1000, allocated: 2 }),
        ],
      },
    },
    forecasts: {},
    pictures: [],
  },
];
const hourlyCost = { cpu: 3, memory: 1, network: 1, storage: 1 };
const card = scorecardOf({ trace, hosts, hostSize: 1, plan, serviceLevel: 0.99, results, hourlyCost });
const each = card.resources.cpu?.policies["headroom-each"];

test("the frontier is read at equal violations, and is null where it does not reach", () => {
  const [loose, tight] = each?.frontier ?? [];
  expect([loose?.knob, loose?.violations, tight?.knob, tight?.violations]).toEqual([0.5, 0.02, 0.9, 0.005]);
  // 0.01 lies half way between 0.02 and 0.005 on a log scale.
  expect(each?.at["0.01"]).toBeCloseTo((1.5 * 0.98 + 2 * 0.995) / 2, 12);
  expect(each?.at["0.005"]).toBeCloseTo(2 * 0.995, 12);
  expect(each?.atUnserved).toMatchObject({ "0.005": tight?.reservedPerUsed, "0.03": null, "0.05": null });
});

test("all resources together are weighed by their cost", () => {
  expect(card.all["headroom-each"]?.at["0.01"]).toBeCloseTo(each?.at["0.01"] ?? 0, 12);
  const two = scorecardOf({
    trace,
    hosts: hosts.map((host) => ({ ...host, demand: [host.demand[0], host.demand[0]] })),
    hostSize: 1,
    plan,
    serviceLevel: 0.99,
    results: results.map((result) => ({
      ...result,
      sheets: {
        ...result.sheets,
        memory: { "headroom-each": [0.2, 0.1].map(() => sheetWith({ shortTicks: 10, ticks: 1000, allocated: 9 })) },
      },
    })),
    hourlyCost,
  });
  // Both resources use the same amount; CPU costs three times as much.
  const memory = 9 * 0.99;
  expect(two.resources.memory?.policies["headroom-each"]?.at["0.01"]).toBeCloseTo(memory, 12);
  expect(two.all["headroom-each"]?.at["0.01"]).toBeCloseTo((3 * (each?.at["0.01"] ?? 0) + memory) / 4, 12);
  expect(two.all["headroom-each"]?.at["0.005"]).toBeNull();
});

test("what was backtested is stated: means over the scored half, halves, start", () => {
  expect(card.resources.cpu).toMatchObject({ usedMean: 4, fixedMean: 3, forecast: null });
  expect(card.trace).toMatchObject({
    vms: 1,
    hosts: 1,
    start: "2026-03-02T00:00:00.000Z",
    stepSeconds: 3600,
    trainedTicks: 2,
    scoredTicks: 2,
  });
  expect(Object.keys(card.resources)).toEqual(["cpu"]);
  expect(JSON.parse(JSON.stringify(card))).toEqual(card);
});
