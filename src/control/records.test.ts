import fc from "fast-check";
import { expect, test } from "vitest";
import type { DecisionRecord } from "../model/decision.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { anyCell, anyTicks, layoutOf, runCell, type SmallTick, type TickDone, tenths } from "./small-cell.arbitrary.ts";

const run = { seed: 1, numRuns: 40 };

function named(record: DecisionRecord): string {
  switch (record.kind) {
    case "raise":
    case "trim":
      return `${record.kind} ${record.vm} ${record.resource}`;
    case "buffer":
    case "went-short":
      return `${record.kind} ${record.host} ${record.resource}`;
    case "shadow-vm":
      return `${record.change} ${record.shadowVm}`;
    case "held":
      return `held ${record.vm}`;
    default:
      return record.kind;
  }
}

const CHANGES: readonly string[] = ["raise", "trim", "buffer", "shadow-vm"];

/** Worked out from the columns before and after the step, without looking at the records. */
function expectedNames({ running: { state }, actions }: TickDone): string[] {
  const { layout, allocations, allocationsBefore, buffers, buffersBefore } = state;
  const names: string[] = [];
  for (const [series, allocation] of allocations.entries()) {
    const before = allocationsBefore[series] ?? 0;
    const where = `${layout.vmIds[Math.floor(series / RESOURCE_COUNT)]} ${RESOURCES[series % RESOURCE_COUNT]}`;
    if (allocation !== before) names.push(`${allocation > before ? "raise" : "trim"} ${where}`);
  }
  for (const [place, buffer] of buffers.entries())
    if (buffer !== buffersBefore[place])
      names.push(`buffer ${layout.hostIds[Math.floor(place / RESOURCE_COUNT)]} ${RESOURCES[place % RESOURCE_COUNT]}`);
  for (const action of actions) {
    if (action.kind === "boot-shadow-vm") names.push(`boot ${action.shadowVm}`);
    if (action.kind === "retire-shadow-vm") names.push(`retire ${action.shadowVm}`);
  }
  return names.toSorted();
}

test("one record for every change, and none without", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, (done) => {
        const changes = done.records.filter(({ kind }) => CHANGES.includes(kind));
        expect(changes.map(named).toSorted()).toEqual(expectedNames(done));
        for (const { at } of done.records) expect(at).toBe(done.running.state.at);
      });
    }),
    run,
  );
});

test("every shortfall is named: what VMs wanted beyond what they had, wherever the buffer was smaller", () => {
  let found = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      let first = true;
      runCell({ cell, ticks }, ({ running: { state }, demand, records }) => {
        const { layout, allocationsBefore, buffersBefore } = state;
        const expected: string[] = [];
        for (const [place, buffer] of buffersBefore.entries()) {
          const own = layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? [];
          const beyond = [...own].map((vm) => {
            const series = vm * RESOURCE_COUNT + (place % RESOURCE_COUNT);
            return Math.max((demand[series] ?? Number.NaN) - (allocationsBefore[series] ?? 0), 0) || 0;
          });
          const excess = beyond.reduce((sum, each) => sum + each, 0);
          const above = beyond.filter((each) => each > 0).length;
          if (excess > buffer) expected.push(`${place} ${excess} ${buffer} ${above}`);
        }
        const told = records.flatMap((record) =>
          record.kind === "went-short"
            ? `${layout.hostIds.indexOf(record.host) * RESOURCE_COUNT + RESOURCES.indexOf(record.resource)} ${record.excess} ${record.buffer} ${record.vmsAbove}`
            : [],
        );
        // Before the first step nothing was promised.
        expect(told).toEqual(first ? [] : expected);
        first = false;
        found += told.length;
      });
    }),
    run,
  );
  expect(found).toBeGreaterThan(100);
});

const vm = { host: 0, base: 0.05, ceiling: 1 };
const all = (share: number): SmallTick => ({ demand: new Array(24).fill(share), shadowVms: "as ordered" });

test("a VM that keeps more than it would be lent, since its samples stopped, is said to be held", () => {
  const cell = { capacities: [9], vms: [vm] };
  const { ceiling } = layoutOf(cell);
  const unknown = new Float64Array(RESOURCE_COUNT).fill(Number.NaN);
  const inForce = (tick: number) => ({ allocations: tick === 30 ? ceiling : unknown, buffers: unknown });
  const held: string[][] = [];
  const { state } = runCell(
    { cell, ticks: [...new Array(30).fill(all(0.2)), all(Number.NaN)], inForce },
    ({ records }) => held.push(records.filter(({ kind }) => kind === "held").map(named)),
  );
  expect(held.slice(0, 30).flat()).toEqual([]);
  expect(held.at(-1)).toEqual(["held vm-0"]);
  expect(state.allocations).toEqual(ceiling);
});

test("a lease that was cut says so, and carries its likely demand and its level", () => {
  const cell = { capacities: [0.7], vms: [vm, vm] };
  const last: DecisionRecord[][] = [];
  runCell({ cell, ticks: [...new Array(20).fill(all(0.1)), ...new Array(3).fill(all(0.6))] }, ({ records }) =>
    last.push([...records]),
  );
  const raises = last.flat().filter((record) => record.kind === "raise");
  expect(raises.some((record) => record.kind === "raise" && record.short)).toBe(true);
  for (const record of raises) {
    if (record.kind !== "raise") continue;
    expect(record.level).toBeGreaterThanOrEqual(0.8);
    expect(record.likely).toBeGreaterThan(0);
    expect(record.base).toBe(tenths(0.05)[record.resource]);
  }
});
