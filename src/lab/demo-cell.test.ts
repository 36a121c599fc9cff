import { expect, test } from "vitest";
import { checkCell } from "../model/fleet.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { DAY_MS, TICK_MS_DEFAULT } from "../model/time.ts";
import { type DemoCell, demoCell } from "./demo-cell.ts";

const TICKS = 288 * 9;
const EVERY = 6;
const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Demand per host and resource for every sixth tick of nine days. */
function hostDemand({ cell, demand }: DemoCell, host: string): Record<Resource, number>[] {
  const sources = cell.vms.flatMap((vm) => (vm.host === host ? [demand.get(vm.id)] : []));
  return Array.from({ length: TICKS / EVERY }, (_, index) => {
    const sum = { cpu: 0, memory: 0, network: 0, storage: 0 };
    for (const source of sources) {
      const asked = source?.demandAt(index * EVERY);
      for (const resource of RESOURCES) sum[resource] += asked?.[resource] ?? Number.NaN;
    }
    return sum;
  });
}

test.each([1, 2, 3])("cell %i is sound, and its hosts hold bases and peaks but not all ceilings", (seed) => {
  const demo = demoCell(seed);
  const { cell } = demo;
  expect(checkCell(cell)).toEqual({ ok: true, value: cell });
  expect([cell.vms.length, cell.customers.length, cell.hosts.length]).toEqual([60, 5, 4]);
  const fixedPerUsed = { cpu: 0, memory: 0, network: 0, storage: 0 };
  const ticks = cell.hosts.map(({ id }) => hostDemand(demo, id));
  for (const resource of RESOURCES) {
    const used = sumOf(ticks.flat().map((each) => each[resource])) / (TICKS / EVERY);
    fixedPerUsed[resource] = sumOf(cell.vms.map(({ ceiling }) => ceiling[resource])) / used;
    for (const [index, host] of cell.hosts.entries()) {
      const vms = cell.vms.filter((vm) => vm.host === host.id);
      const peak = Math.max(...(ticks[index] ?? []).map((each) => each[resource]));
      expect(peak).toBeLessThan(host.capacity[resource]);
      expect(sumOf(vms.map(({ base }) => base[resource]))).toBeLessThan(0.6 * host.capacity[resource]);
      expect(sumOf(vms.map(({ ceiling }) => ceiling[resource]))).toBeGreaterThan(host.capacity[resource]);
    }
  }
  for (const resource of RESOURCES) {
    expect(fixedPerUsed[resource]).toBeGreaterThan(4);
    expect(fixedPerUsed[resource]).toBeLessThan(9);
  }
});

test("the same seed gives the same bytes, another seed another fleet", () => {
  const bytes = (seed: number) => {
    const { cell, demand } = demoCell(seed);
    return JSON.stringify([cell, [...demand].map(([vm, source]) => [vm, source.demandAt(0), source.demandAt(500)])]);
  };
  expect(bytes(5)).toBe(bytes(5));
  expect(bytes(5)).not.toBe(bytes(6));
});

test.each([1, 7, 60, 137, 1_000])("a fleet of %i VMs is as sound", (vms) => {
  const { cell, demand } = demoCell(1, { vms, stepMs: TICK_MS_DEFAULT });
  expect(checkCell(cell).ok).toBe(true);
  expect(demand.size).toBe(vms);
  for (const host of cell.hosts) expect(cell.vms.filter((vm) => vm.host === host.id).length).toBeLessThanOrEqual(15);
});

test("two sales come in the first week, each announced days before by a customer of the cell, both too modestly", () => {
  const { cell, events, grid, declared } = demoCell(1);
  expect(events).toHaveLength(2);
  for (const [index, { id, customer, from, to, uplift }] of events.entries()) {
    expect(cell.customers.map((each) => each.id)).toContain(customer);
    expect(from).toBeGreaterThan(grid.startMs + 3 * DAY_MS);
    expect(to).toBeLessThan(grid.startMs + 7 * DAY_MS);
    const told = declared.events[index];
    expect(told).toMatchObject({ id, start: from, end: to, customers: [customer], announced: grid.startMs });
    expect(told?.declaredUplift).toBeLessThan(uplift);
  }
});

test("the profiles that are declared are true of the week before: half is below typical, 95 % below the peak", () => {
  const { cell, declared, demand } = demoCell(1);
  expect(declared.profiles.size).toBeGreaterThan(2);
  const ticks = 168 * 12;
  for (const [vm, profile] of declared.profiles) {
    expect(cell.vms.map(({ id }) => id)).toContain(vm);
    const { typical = [], peak = [] } = profile.demand.network ?? {};
    const asked = Array.from({ length: ticks }, (_, tick) => demand.get(vm)?.demandAt(tick - ticks).network ?? 0);
    const below = (levels: ArrayLike<number>) =>
      asked.filter((value, tick) => value <= (levels[Math.floor(tick / 12)] ?? 0)).length / ticks;
    expect(below(typical)).toBeCloseTo(0.5, 1);
    expect(Math.abs(below(peak) - 0.95)).toBeLessThan(0.05);
  }
});
