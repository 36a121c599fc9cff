import { expect, test } from "vitest";
import { NOTHING } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { columnOf } from "./cell-layout.ts";
import { toColumns } from "./observe.ts";
import type { FleetObservation } from "./ports.ts";
import { hostId, layoutOf, readyShadowVm, START, tenths, vmId } from "./small-cell.arbitrary.ts";

const vm = { host: 0, base: 0.1, ceiling: 0.5 };
const layout = layoutOf({ capacities: [1, 1], vms: [vm, { ...vm, host: 1 }] });
const nothingSeen: FleetObservation = { at: START, vms: [], shadowVms: [], unreachable: [] };

test("demand is what was used plus what was kept back; a VM without a sample is unknown, not zero", () => {
  const seen = { vm: vmId(1), usage: tenths(0.25), unmet: tenths(0.5), allocation: tenths(0.25) };
  const { demand, inForce } = toColumns(layout, { ...nothingSeen, vms: [seen] });
  const unknown = new Array(4).fill(Number.NaN);
  expect([...demand]).toEqual([...unknown, ...columnOf([tenths(0.75)])]);
  expect([...inForce.allocations]).toEqual([...unknown, ...columnOf([tenths(0.25)])]);
});

test("VMs of other cells are passed over", () => {
  const stranger = { vm: vmId(99), usage: tenths(1), unmet: NOTHING, allocation: tenths(1) };
  const { demand } = toColumns(layout, { ...nothingSeen, vms: [stranger] });
  expect(demand.every(Number.isNaN)).toBe(true);
});

test("a host's buffer is what its shadow VMs hold above their minimums; unknown where the host did not answer", () => {
  const shadow = (name: string, share: number) => ({
    ...readyShadowVm(name as ShadowVmId, hostId(0)),
    minimum: tenths(0.125),
    allocation: tenths(share),
  });
  const shadowVms = [shadow("a", 0.375), shadow("b", 0.25), shadow("c", 0.0625)];
  const { buffers } = toColumns(layout, { ...nothingSeen, shadowVms, unreachable: [hostId(1)] }).inForce;
  expect([...buffers]).toEqual([...columnOf([tenths(0.375)]), ...new Array(4).fill(Number.NaN)]);
});
