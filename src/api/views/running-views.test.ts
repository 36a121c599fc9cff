import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunningCell, TickReport } from "../../control/loop.ts";
import { anyCell, anyTicks, customerId, runCell, vmId } from "../../control/small-cell.arbitrary.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../model/resources.ts";
import type { VmAllocation } from "../contract/monitoring.ts";
import { createRunningViews } from "./running-views.ts";

/** All that is looked at of a report. */
const reportOf = (done: { running: TickReport["cell"]; demand: Float64Array }) =>
  ({ cell: done.running, observed: { demand: done.demand } }) as unknown as TickReport;

test("what is shown adds up, whatever the cell went through", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      const views = createRunningViews();
      expect(views.vmAllocation(vmId(0))).toBeUndefined();
      const running = runCell({ cell, ticks, owned: true }, (done) => views.record(reportOf(done)));
      for (const index of cell.vms.keys()) {
        const vm = views.vmAllocation(vmId(index));
        if (vm === undefined) throw new Error("a VM of a running cell is shown");
        for (const offset of RESOURCES.keys()) expectWhole(vm, { running, index, offset });
        const { vms, resources } = views.customerAllocation(customerId(index)) ?? {};
        const { allocation } = vm.resources.cpu;
        expect({ vms, allocation: resources?.cpu.allocation }).toEqual({ vms: 1, allocation });
        expect(views.customerForecast(customerId(index))?.levels).toHaveLength(11);
        expect(views.knownForecast(vmId(index))).toBeUndefined();
        expect(views.vmForecast(vmId(index))).toBe(views.knownForecast(vmId(index)));
      }
      expect(views.status()).toMatchObject({ cell: "small", vms: cell.vms.length, ticks: ticks.length });
    }),
    { seed: 1, numRuns: 30 },
  );
});

function expectWhole(
  { resources, leases }: VmAllocation,
  { running, index, offset }: { readonly running: RunningCell; readonly index: number; readonly offset: number },
): void {
  const resource = RESOURCES[offset] ?? "cpu";
  const { allocation, base, leased, bufferInReach, demand, headroom } = resources[resource];
  const { layout, allocations, buffers } = running.state;
  expect(allocation).toBe(allocations[index * RESOURCE_COUNT + offset]);
  expect(leased).toBe(Math.max(allocation - base, 0));
  const place = (layout.hostOfVm[index] ?? 0) * RESOURCE_COUNT + offset;
  expect(bufferInReach).toBeLessThanOrEqual(buffers[place] ?? 0);
  expect(headroom).toBe(demand === null ? null : allocation + bufferInReach - demand);
  expect(leases.find((lease) => lease.resource === resource)?.amount ?? 0).toBe(leased);
}

test("a customer's forecast is of the sum: less careful than the sum of its VMs' forecasts", () => {
  const views = createRunningViews();
  const vms = Array.from({ length: 6 }, () => ({ host: 0, base: 0.01, ceiling: 1 }));
  const cell = { capacities: [3], vms };
  // Each VM bursts at times of its own, so that the sum hardly moves.
  const ticks = Array.from({ length: 200 }, (_, tick) => ({
    demand: Array.from({ length: 24 }, (_, series) => ((tick * 7 + Math.floor(series / 4)) % 6 === 0 ? 0.5 : 0.05)),
    shadowVms: "as ordered" as const,
  }));
  runCell({ cell, ticks }, ({ running, demand }) => {
    const { layout } = running.state;
    const owned = { ...layout, customers: [customerId(0)], customerOfVm: new Int32Array(6) };
    views.record(reportOf({ running: { ...running, state: { ...running.state, layout: owned } }, demand }));
  });
  const highest = (row: number[] | null | undefined) => row?.at(-1) ?? Number.NaN;
  const each = vms.map((_, index) => highest(views.vmForecast(vmId(index))?.resources.cpu.nextTick));
  const sum = each.reduce((total, amount) => total + amount, 0);
  expect(highest(views.customerForecast(customerId(0))?.resources.cpu.nextTick)).toBeLessThan(0.7 * sum);
});
