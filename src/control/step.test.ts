import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action } from "../model/action.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { holdsBuffer } from "../shaping/shadow-pool.ts";
import { columnOf } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";
import { startCell } from "./loop.ts";
import {
  afterAction,
  anyCell,
  anyTicks,
  layoutOf,
  runCell,
  type SmallCell,
  type SmallTick,
  START,
  STEP_MS,
  type TickDone,
  tenths,
} from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";
import type { InForce } from "./tick-input.ts";

const ALMOST = 1 + 1e-9;
const run = { seed: 1, numRuns: 60 };

function expectWithinContracts({ layout, allocations }: CellState): void {
  for (const [series, allocation] of allocations.entries()) {
    expect(allocation).toBeGreaterThanOrEqual((layout.base[series] ?? 0) / ALMOST);
    expect(allocation).toBeLessThanOrEqual((layout.ceiling[series] ?? 0) * ALMOST);
  }
}

test("base <= allocation <= ceiling, whatever demand does", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, ({ running }) => expectWithinContracts(running.state));
    }),
    run,
  );
});

test("base <= allocation <= ceiling, even where somebody set something else by hand", () => {
  const hand = fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 1e11, noNaN: true }));
  fc.assert(
    fc.property(anyCell, anyTicks, fc.array(hand, { minLength: 24, maxLength: 24 }), (cell, ticks, hands) => {
      const seriesCount = cell.vms.length * RESOURCE_COUNT;
      const inForce = (tick: number): InForce => ({
        allocations: Float64Array.from({ length: seriesCount }, (_, series) => hands[(series + tick) % 24] ?? 0),
        buffers: new Float64Array(cell.capacities.length * RESOURCE_COUNT).fill(Number.NaN),
      });
      runCell({ cell, ticks, inForce }, ({ running }) => expectWithinContracts(running.state));
    }),
    run,
  );
});

interface Place {
  readonly host: number;
  readonly resource: Resource;
}

function placesOf({ layout }: CellState): Place[] {
  return [...layout.hostIds.keys()].flatMap((host) => RESOURCES.map((resource) => ({ host, resource })));
}

/** What the VMs of a host have of a resource, out of any column of series. */
function sumOver({ layout }: CellState, column: Float64Array, { host, resource }: Place): number {
  const offset = RESOURCES.indexOf(resource);
  return [...(layout.vmsOfHost[host] ?? [])].reduce((sum, vm) => sum + (column[vm * RESOURCE_COUNT + offset] ?? 0), 0);
}

function capacityOf({ layout }: CellState, { host, resource }: Place): number {
  return layout.capacity[host * RESOURCE_COUNT + RESOURCES.indexOf(resource)] ?? 0;
}

test("allocations, buffer and shadow minimums are within the capacity of their host, wherever its bases fit", () => {
  let checked = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, ({ running: { state }, shadowVms }) => {
        for (const place of placesOf(state)) {
          const own = shadowVms.filter((vm) => vm.host === state.layout.hostIds[place.host]);
          const minimums = own.reduce((sum, vm) => sum + vm.minimum[place.resource], 0);
          const capacity = capacityOf(state, place);
          if (sumOver(state, state.layout.base, place) + minimums > capacity) continue;
          const buffer = state.buffers[place.host * RESOURCE_COUNT + RESOURCES.indexOf(place.resource)] ?? 0;
          expect(sumOver(state, state.allocations, place) + buffer + minimums).toBeLessThanOrEqual(capacity * ALMOST);
          checked++;
        }
      });
    }),
    run,
  );
  expect(checked).toBeGreaterThan(1000);
});

test("a buffer is never more than the host's shadow VMs can hold", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, ({ running: { state }, shadowVms }) => {
        for (const { host, resource } of placesOf(state)) {
          const own = shadowVms.filter((vm) => vm.host === state.layout.hostIds[host] && holdsBuffer(vm.state));
          const room = own.reduce((sum, vm) => sum + vm.ceiling[resource] - vm.minimum[resource], 0);
          const buffer = state.buffers[host * RESOURCE_COUNT + RESOURCES.indexOf(resource)] ?? 0;
          expect(buffer).toBeGreaterThanOrEqual(0);
          expect(buffer).toBeLessThanOrEqual(room * ALMOST);
        }
      });
    }),
    run,
  );
});

/** Hosts on which everything handed out passes the capacity of some resource. */
function overfull(done: TickDone, machines: Machines): string[] {
  const { state } = done.running;
  return placesOf(state).flatMap((place) => {
    const own = machines.shadowVms.filter((vm) => vm.host === state.layout.hostIds[place.host]);
    const held = own.reduce((sum, vm) => sum + vm.allocation[place.resource], 0);
    const handedOut = sumOver(state, machines.allocations, place) + held;
    return handedOut > capacityOf(state, place) * ALMOST ? [`${place.host} ${place.resource}`] : [];
  });
}

interface Machines {
  readonly allocations: Float64Array;
  readonly shadowVms: TickDone["shadowVms"];
}

function applyTo(machines: Machines, action: Action, state: CellState): Machines {
  const allocations = machines.allocations.slice();
  if (action.kind === "resize-vm") {
    const vm = state.layout.vmIds.indexOf(action.vm);
    for (const [offset, resource] of RESOURCES.entries())
      allocations[vm * RESOURCE_COUNT + offset] = action.setPoint[resource];
  }
  return { allocations, shadowVms: afterAction(machines.shadowVms, action) };
}

test("done one by one, actions lead where the step wants to go and never pass a capacity on the way", () => {
  let checked = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, (done) => {
        const { state } = done.running;
        let machines: Machines = { allocations: state.allocationsBefore, shadowVms: done.shadowVms };
        const startsWithin = overfull(done, machines).length === 0;
        for (const action of done.actions) {
          machines = applyTo(machines, action, state);
          if (startsWithin) expect(overfull(done, machines)).toEqual([]);
          if (startsWithin) checked++;
        }
        expect(machines.allocations).toEqual(state.allocations);
      });
    }),
    run,
  );
  expect(checked).toBeGreaterThan(1000);
});

test("within a tick shrinks come before grows, and the pool last", () => {
  const order = { shrink: 0, grow: 1, pool: 2 };
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      runCell({ cell, ticks }, ({ actions, running }) => {
        const phases = actions.map(({ phase }) => order[phase]);
        expect(phases).toEqual(phases.toSorted((a, b) => a - b));
        expect(new Set(actions.map(({ id }) => id)).size).toBe(actions.length);
        for (const { deadline, reason } of actions) {
          expect(deadline).toBe(running.state.at + STEP_MS);
          expect(reason.length).toBeGreaterThan(10);
        }
      });
    }),
    run,
  );
});

test("equal inputs give equal actions, records and state, to the bit", () => {
  const told = (given: { cell: SmallCell; ticks: readonly SmallTick[] }) => {
    const all: unknown[] = [];
    const { state } = runCell(given, ({ actions, records }) => all.push(actions, records));
    return { all, state };
  };
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      expect(told({ cell, ticks })).toEqual(told({ cell, ticks }));
    }),
    { seed: 1, numRuns: 20 },
  );
});

test("meters count what was in force, tick by tick", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, (cell, ticks) => {
      const hours: Float64Array[] = [];
      const { state } = runCell({ cell, ticks }, ({ running }) => hours.push(running.state.allocationsBefore.slice()));
      for (const [series, unitHours] of state.meters.allocated.unitHours.entries()) {
        const expected = hours.reduce((sum, column) => sum + (column[series] ?? 0), 0);
        expect(Math.abs(unitHours - expected)).toBeLessThanOrEqual(1e-9 * expected);
      }
    }),
    { seed: 1, numRuns: 20 },
  );
});

const vm = { host: 0, base: 0.05, ceiling: 1 };
const steady = (share: number): SmallTick => ({ demand: new Array(24).fill(share), shadowVms: "as ordered" });
const silent: SmallTick = { demand: new Array(24).fill(Number.NaN), shadowVms: "as ordered" };

test("a VM whose samples stop keeps what it has; one that never had any keeps its ceiling", () => {
  const loud = Array.from({ length: 30 }, (_, tick) => steady(tick === 29 ? 0.9 : 0.2));
  const cell = { capacities: [5], vms: [vm] };
  const before = runCell({ cell, ticks: loud }).state.allocations.slice();
  const after = runCell({ cell, ticks: [...loud, silent, silent, silent] }).state.allocations;
  for (const [series, allocation] of before.entries()) expect(after[series]).toBeGreaterThanOrEqual(allocation);
  const never = runCell({ cell, ticks: [silent, silent] });
  expect(never.state.allocations).toEqual(never.state.layout.ceiling);
});

test("after a day of steady demand a VM has little more than that, and no less", () => {
  const { state } = runCell({ cell: { capacities: [5], vms: [vm, vm] }, ticks: new Array(48).fill(steady(0.3)) });
  for (const [offset, resource] of RESOURCES.entries()) {
    expect(state.allocations[offset]).toBeGreaterThanOrEqual(tenths(0.3)[resource] * (1 - 1e-6));
    expect(state.allocations[offset]).toBeLessThan(tenths(0.4)[resource]);
  }
});

test("a host at rest asks for nothing", () => {
  const { state } = runCell({
    cell: { capacities: [5], vms: [{ ...vm, base: 0 }] },
    ticks: new Array(30).fill(steady(0)),
  });
  const nothing = columnOf([tenths(1e-6), tenths(1e-6)]);
  for (const [index, amount] of [...state.allocations, ...state.buffers].entries())
    expect(amount).toBeLessThan(nothing[index] ?? 0);
});

test("ticks out of order, and forecasts made at another time, are bugs of the caller", () => {
  const layout = layoutOf({ capacities: [1], vms: [vm] });
  const { state, quantiles } = startCell({ layout, promise: { kind: "each", level: 0.9 }, at: START });
  const tickAt = (now: number, origin = now) => {
    const demand = new Float64Array(RESOURCE_COUNT);
    const forecasts = { origin: instant(origin), quantiles };
    return step(state, { kind: "tick", now: instant(now), demand, shadowVms: [], forecasts });
  };
  expect(quantiles).toHaveLength(RESOURCE_COUNT * LEVEL_COUNT);
  tickAt(START + STEP_MS);
  expect(() => tickAt(START + STEP_MS)).toThrow(/order of time/);
  expect(() => tickAt(START + 2 * STEP_MS, START)).toThrow(/nothing after/);
});
