import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { TickReport } from "../../control/loop.ts";
import { layoutOf, runCell, tenths } from "../../control/small-cell.arbitrary.ts";
import type { CellId } from "../../model/fleet.ts";
import { createServiceMetrics } from "./service-metrics.ts";
import { tickFigures } from "./tick-figures.ts";

const SMALL = {
  capacities: [2],
  vms: [
    { host: 0, base: 0.1, ceiling: 0.5 },
    { host: 0, base: 0.1, ceiling: 0.5 },
  ],
};

function someReport(): TickReport {
  const cell = runCell({ cell: SMALL, ticks: [{ demand: new Array(24).fill(0.2), shadowVms: "as ordered" }] });
  const { cpu } = tenths(0.2);
  const demand = Float64Array.of(cpu, 1, 2, 3, Number.NaN, 1, 2, 3);
  const records = [{ kind: "held" }, { kind: "held" }];
  return { cell, observed: { demand }, records } as unknown as TickReport;
}

const linesOf = (text: string, name: string) => text.split("\n").filter((line) => line.startsWith(name));

test("a tick shows what the cell holds, in base units, and who is silent", async () => {
  const metrics = createServiceMetrics("1.2.3");
  const report = someReport();
  const { cell } = report.cell.state.layout;
  metrics.ticked(tickFigures(report, 250));
  metrics.samples(12);
  const text = await metrics.text();
  expect(linesOf(text, "headroom_info")).toEqual(['headroom_info{version="1.2.3"} 1']);
  expect(linesOf(text, "headroom_cpu_demand_cores")).toEqual([`headroom_cpu_demand_cores{cell="${cell}"} 2`]);
  expect(linesOf(text, "headroom_cpu_base_cores")).toEqual([`headroom_cpu_base_cores{cell="${cell}"} 2`]);
  expect(linesOf(text, "headroom_silent_vms")).toEqual([`headroom_silent_vms{cell="${cell}"} 1`]);
  expect(linesOf(text, "headroom_decisions_total")).toEqual([`headroom_decisions_total{cell="${cell}",kind="held"} 2`]);
  expect(linesOf(text, "headroom_samples_received_total")).toEqual(["headroom_samples_received_total 12"]);
  expect(linesOf(text, "headroom_tick_duration_seconds_sum")).toEqual([
    `headroom_tick_duration_seconds_sum{cell="${cell}"} 0.25`,
  ]);
  expect(layoutOf(SMALL).cell).toBe(cell);
});

test.each(["grafana/headroom.json", "prometheus/headroom.rules.yml"])(
  "every name in deploy/%s is one of these",
  async (file) => {
    const metrics = createServiceMetrics("1.2.3");
    metrics.ticked(tickFigures(someReport(), 1));
    metrics.failed(undefined);
    const told = new Set((await metrics.text()).match(/^(headroom|process|nodejs)_\w+/gm));
    const text = readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), "utf8");
    const named = new Set(text.match(/\b(headroom|process|nodejs)_\w+/g));
    expect(named.size).toBeGreaterThan(5);
    expect([...named].filter((name) => !told.has(name))).toEqual([]);
  },
);

test("of a cell that is gone nothing is shown as if it were there", async () => {
  const metrics = createServiceMetrics("1.2.3");
  metrics.ticked(tickFigures(someReport(), 1));
  metrics.forget(someReport().cell.state.layout.cell as CellId);
  const text = await metrics.text();
  for (const name of ["headroom_vms", "headroom_cpu_headroom_cores", "headroom_last_tick_timestamp_seconds"])
    expect(linesOf(text, name)).toEqual([]);
});
