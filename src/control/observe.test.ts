import { expect, test } from "vitest";
import { MARKS } from "../forecast/demand-record/sample-kind.ts";
import { NOTHING, type Resource } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { instant } from "../model/time.ts";
import { columnOf } from "./cell-layout.ts";
import { leaveOut, toColumns } from "./observe.ts";
import type { FleetObservation, VmObservation } from "./ports.ts";
import { hostId, layoutOf, readyShadowVm, START, STEP_MS, tenths, vmId } from "./small-cell.arbitrary.ts";

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

/**
 * The first VM, whose source tells nothing of what was kept back: usage of 2 of the 4 cores that it may have, and so
 * on.
 */
const seenVm = (given: Partial<VmObservation> = {}): VmObservation => ({
  vm: vmId(0),
  usage: tenths(0.2),
  unmet: {},
  allocation: tenths(0.4),
  ...given,
});
const columnsOf = (...vms: readonly VmObservation[]) => toColumns(layout, { ...nothingSeen, vms });
const firstOf = (vm: VmObservation) => {
  const { demand, marks } = columnsOf(vm);
  return { cpu: demand[0], memory: demand[1], marks: [...marks.subarray(0, 4)] };
};

test("who used 98 % of a limit wanted at least all of it, unless the source measured what was kept back", () => {
  const usage = { ...tenths(0.2), cpu: 3.92 };
  expect(firstOf(seenVm({ usage }))).toMatchObject({ cpu: 4, marks: [MARKS.atLeast, 0, 0, 0] });
  expect(firstOf(seenVm({ usage: { ...usage, cpu: 3.91 } }))).toMatchObject({ cpu: 3.91, marks: [0, 0, 0, 0] });
  expect(firstOf(seenVm({ usage, unmet: { cpu: 0.5 } }))).toMatchObject({ cpu: 4.42, marks: [0, 0, 0, 0] });
});

test("under pressure usage is at least what was wanted, even far below the limit", () => {
  const pressed: readonly Resource[] = ["memory"];
  const { memory, marks } = firstOf(seenVm({ pressed }));
  expect([memory, marks]).toEqual([tenths(0.2).memory, [0, MARKS.atLeast, 0, 0]]);
});

test("a machine that is off wants nothing, whatever stale counters say", () => {
  expect(firstOf(seenVm({ power: "off" }))).toMatchObject({ cpu: 0, marks: new Array(4).fill(MARKS.off) });
});

test("what is no number came all the same; of two samples the last stands and is marked", () => {
  const broken = seenVm({ usage: { ...tenths(0.2), cpu: Number.NaN } });
  expect(firstOf(broken).marks).toEqual([MARKS.garbled, 0, 0, 0]);
  const twice = columnsOf(seenVm(), seenVm({ usage: tenths(0.3) }));
  expect([twice.demand[0], twice.marks[0], twice.marks[4]]).toEqual([3, MARKS.repeated, 0]);
});

test("the size is the machine's where it is known, else the contract's; unknown without a sample", () => {
  const { sizes } = columnsOf(seenVm({ size: tenths(0.8) }));
  expect([sizes[0], sizes[4]]).toEqual([8, Number.NaN]);
  expect(columnsOf(seenVm()).sizes[0]).toBe(5);
});

test("a late sample says how many ticks ago it belongs; strangers are passed over", () => {
  const late = [
    { vm: vmId(1), usage: tenths(0.1), unmet: { cpu: 0.5 }, at: instant(START - 3 * STEP_MS) },
    { vm: vmId(99), usage: tenths(0.1), unmet: {}, at: instant(START - STEP_MS) },
  ];
  const columns = toColumns(layout, { ...nothingSeen, late });
  expect(columns.late).toHaveLength(4);
  expect(columns.late[0]).toEqual({ series: 4, ticksAgo: 3, demand: 1.5 });
});

test("a range from which nothing is to be learned marks the ticks that it touches, of the VMs that it names", () => {
  const late = [{ vm: vmId(0), usage: tenths(0.1), unmet: {}, at: instant(START - 2 * STEP_MS) }];
  const columns = toColumns(layout, { ...nothingSeen, vms: [seenVm()], late });
  const range = { start: instant(START - 2.5 * STEP_MS), end: instant(START - 2 * STEP_MS), reason: "load test" };
  const leftOut = (at: number, vms = [vmId(0)]) => {
    const given = { layout, at: instant(at), ranges: [{ ...range, vms }] };
    return [...leaveOut(columns, given).marks.subarray(0, 8)].map((mark) => (mark & MARKS.excluded ? 1 : 0)).join("");
  };
  expect(leftOut(START - 2 * STEP_MS)).toBe("11110000");
  expect(leftOut(START - 2 * STEP_MS, [vmId(1)])).toBe("00001111");
  expect([START, START - STEP_MS, START - 3 * STEP_MS].map((at) => leftOut(at))).toEqual(new Array(3).fill("00000000"));
  expect(leaveOut(columns, { layout, at: START, ranges: [range] }).late).toEqual([]);
  expect(leaveOut(columns, { layout, at: START, ranges: [] })).toBe(columns);
});
