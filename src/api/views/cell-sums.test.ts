import { expect, test } from "vitest";
import type { TickReport } from "../../control/loop.ts";
import { runCell, tenths, vmId } from "../../control/small-cell.arbitrary.ts";
import { NOTHING, RESOURCES } from "../../model/resources.ts";
import { sumTick } from "./cell-sums.ts";

const SMALL = {
  capacities: [2],
  vms: [
    { host: 0, base: 0.1, ceiling: 0.5 },
    { host: 0, base: 0.2, ceiling: 0.5 },
  ],
};
const UNKNOWN = Object.fromEntries(RESOURCES.map((resource) => [resource, Number.NaN]));

/** The first VM used 0.3 and nobody knows what it has; the second sent nothing. */
function someReport(): TickReport {
  const cell = runCell({ cell: SMALL, ticks: [{ demand: new Array(24).fill(0.2), shadowVms: "as ordered" }] });
  const usage = tenths(0.3);
  const vms = [{ vm: vmId(0), usage, unmet: NOTHING, allocation: UNKNOWN }];
  const demand = Float64Array.from([...RESOURCES.map((resource) => usage[resource]), ...new Array(4).fill(Number.NaN)]);
  const observed = { demand, inForce: { buffers: new Float64Array(4) } };
  return { cell, observation: { vms }, observed } as unknown as TickReport;
}

const sumsOf = (report: TickReport) => sumTick(report, { customerOfVm: [0, 0], customerCount: 1 });

test("VMs that sent nothing have their bases and leases all the same, and what nobody knows is as it is believed", () => {
  const report = someReport();
  const { fleet, customers } = sumsOf(report);
  const { allocationsBefore } = report.cell.state;
  const before = (allocationsBefore[0] as number) + (allocationsBefore[4] as number);
  expect(fleet.base.cpu).toBeCloseTo(3, 9);
  expect(fleet.fixed.cpu).toBeCloseTo(10, 9);
  expect(fleet.leased.cpu).toBeCloseTo(before - 3, 9);
  expect(fleet.used.cpu).toBeCloseTo(3, 9);
  expect(customers[0]).toEqual({ ...fleet, buffer: NOTHING });
});

test("where a cell is only observed it is shown what it would have", () => {
  const report = someReport();
  const { state } = report.cell;
  state.guardrails = { ...state.guardrails, modes: { ...state.guardrails.modes, cell: "observe" } };
  state.refusals.wished[0] = 2.5;
  const { leased } = sumsOf(report).fleet;
  expect(leased.cpu).toBeCloseTo(2.5 - 1 + (state.allocationsBefore[4] as number) - 2, 9);
});
