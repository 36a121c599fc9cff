import fc from "fast-check";
import { expect, test } from "vitest";
import type { VmId } from "../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, resourceVector } from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { instant, MINUTE_MS } from "../model/time.ts";
import { toldOnce } from "./at-most.ts";
import { vectorAt } from "./cell-layout.ts";
import { type CellState, pooledPromise } from "./cell-state.ts";
import { startCell } from "./loop.ts";
import { noGuardrails } from "./permissions.ts";
import { releaseGrows } from "./release-grows.ts";
import {
  anyCell,
  anyTicks,
  layoutOf,
  readyShadowVm,
  runCell,
  type SmallTick,
  START,
  STEP_MS,
  tenths,
  vmId,
} from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";
import type { PressedSample } from "./tick-input.ts";

const ALMOST = 1 + 1e-9;
type Pressed = Omit<PressedSample, "allocation"> & Partial<PressedSample>;
const cpu = (vm: number, demand: number): Pressed => ({ vm: vmId(vm), resource: "cpu", demand });

/** VMs have what they were last told to have, unless it is said. */
function press(state: CellState, asked: readonly Pressed[], after = MINUTE_MS) {
  const has = (vm: string) => vectorAt(state.allocations, Math.max(state.layout.vmIds.indexOf(vm as VmId), 0));
  const pressed = asked.map((each) => ({ allocation: has(each.vm), ...each }));
  const decided = step(state, { kind: "pressure", now: instant(state.at + after), pressed });
  return { actions: [...decided.actions], records: [...decided.records] };
}

const shadow = "shadow" as ShadowVmId;

/** Two VMs with a core each on a full host of 10 cores, of which a shadow VM holds 4; nothing was ever forecast. */
function fullHost() {
  const vms = [0, 1].map(() => ({ host: 0, base: 0.1, ceiling: 1 }));
  const { state } = startCell({
    layout: layoutOf({ capacities: [0.61], vms }),
    promise: pooledPromise(0.99),
    at: START,
  });
  state.allocations.fill(1);
  state.allocationsBefore.fill(1);
  state.buffers[0] = 3.9;
  state.buffersBefore[0] = 3.9;
  state.shadowVms = [{ ...readyShadowVm(shadow, "host-0" as never), allocation: tenths(0.4) }];
  state.told.set(shadow, toldOnce(tenths(0.4)));
  for (const column of [state.hands.low, state.hands.high]) column.fill(1);
  return state;
}

test("with no forecast at all a VM that runs out gets buffer at once: the shadow VM shrinks, then the VM grows", () => {
  const state = fullHost();
  const { actions, records } = press(state, [cpu(0, 1.6)]);
  expect(state.allocations[0]).toBe(2);
  expect(state.buffers[0]).toBeLessThan(3);
  expect(actions.map(({ kind, phase }) => `${phase} ${kind}`)).toEqual(["shrink resize-shadow-vm", "grow resize-vm"]);
  expect(records).toMatchObject([{ kind: "relief", vm: "vm-0", from: 1, to: 2 }]);
});

test("a grow is not sent while the shadow VM did not shrink for it", () => {
  const state = fullHost();
  const { actions } = press(state, [cpu(0, 1.6)]);
  const [shrink] = actions;
  const outcome = { action: shrink?.id as never, at: state.at };
  const failed = releaseGrows(state, { actions, outcomes: [{ ...outcome, kind: "failed", message: "no answer" }] });
  expect(failed.released).toEqual([]);
  expect(failed.withheld).toHaveLength(1);
  const done = releaseGrows(state, { actions, outcomes: [{ ...outcome, kind: "done" }] });
  expect(done.released).toEqual(actions.slice(1));
});

test("pressure again takes more, until the ceiling; a guardrail that forbids it is named", () => {
  const state = fullHost();
  for (let event = 1; event < 5; event++) press(state, [cpu(0, 9)], event * MINUTE_MS);
  expect(state.allocations[0]).toBeGreaterThan(4);
  state.guardrails = { ...noGuardrails(state.layout), killSwitch: true };
  const before = state.allocations.slice();
  const { actions, records } = press(state, [cpu(0, 9)], 9 * MINUTE_MS);
  expect(actions).toEqual([]);
  expect(state.allocations).toEqual(before);
  expect(records).toMatchObject([{ kind: "relief", why: "The kill switch is on: everything stays as it is." }]);
});

test("a shadow VM that was not seen to have grown gives no more than it was seen to have", () => {
  const state = fullHost();
  // Its set-point, 4 cores, made use of room that a shrink of a VM was to leave and may not have left.
  state.shadowVms = state.shadowVms.map((vm) => ({ ...vm, allocation: tenths(0.2) }));
  state.allocationsBefore[RESOURCE_COUNT] = 3;
  const { actions } = press(state, [cpu(0, 9)]);
  expect(actions).toMatchObject([{ phase: "shrink", setPoint: { cpu: expect.closeTo(1) } }, { phase: "grow" }]);
  expect(state.allocations[0]).toBe(2);
});

test("a blackout told nobody to hold more: what shadow VMs are told starts from what they have, each of them", () => {
  const state = fullHost();
  const [first, second] = [shadow, "second" as ShadowVmId];
  state.shadowVms = [first, second].map((id, index) => {
    return { ...readyShadowVm(id, "host-0" as never), allocation: tenths([0.01, 0.4][index] ?? 0) };
  });
  state.told.clear();
  for (const { id, allocation } of state.shadowVms) state.told.set(id, toldOnce(allocation));
  const { actions } = press(state, [cpu(0, 1.6)]);
  expect(actions.map((action) => ("shadowVm" in action ? action.shadowVm : action.kind))).toEqual([
    second,
    "resize-vm",
  ]);
});

test("a grow that was withheld does not slip out with the relief of another resource", () => {
  const state = fullHost();
  const had = vectorAt(state.allocations, 0);
  // Decided at the last tick, and never sent: what was to shrink for it is still there.
  state.allocations[1] = 4 * 2 ** 30;
  state.hands.high[1] = 4 * 2 ** 30;
  state.allocationsBefore[RESOURCE_COUNT + 1] = 6 * 2 ** 30;
  const { actions } = press(state, [{ ...cpu(0, 1.6), allocation: had }]);
  expect(actions.at(-1)).toMatchObject({ phase: "grow", setPoint: resourceVector({ ...had, cpu: 2 }) });
  expect(state.allocations[1]).toBe(1);
});

const anyPressure = fc.array(
  fc.record({
    vm: fc.nat({ max: 5 }),
    resource: fc.constantFrom(...RESOURCES),
    demand: fc.double({ min: 0, max: 1e10, noNaN: true }),
  }),
  { maxLength: 6 },
);

test("whatever is pressed, capacity holds, contracts hold, nobody loses anything and meters have no gap", () => {
  let relieved = 0;
  fc.assert(
    fc.property(anyCell, anyTicks, anyPressure, (cell, ticks, pressure) => {
      const loud: SmallTick[] = ticks.map((tick) => ({ ...tick, shadowVms: "as ordered" }));
      const expected = new Float64Array(cell.vms.length * RESOURCE_COUNT);
      const { state: last } = runCell({ cell, ticks: loud }, ({ running: { state } }) => {
        const { layout } = state;
        comeTrue(state);
        const before = state.allocations.slice();
        const wasOver = overfull(state);
        const pressed = pressure.map((each) => ({ ...each, vm: vmId(each.vm) }));
        const { records } = press(state, pressed, STEP_MS / 4);
        relieved += records.filter((record) => record.kind === "relief" && record.to > record.from).length;
        for (const [series, amount] of state.allocations.entries()) {
          const had = before[series] ?? 0;
          expect(amount).toBeGreaterThanOrEqual(had);
          expect(amount).toBeLessThanOrEqual(Math.max(layout.ceiling[series] ?? 0, had) * ALMOST);
          expected[series] =
            (expected[series] ?? 0) + (state.tick < loud.length ? had / 4 + (3 * amount) / 4 : had / 4);
        }
        if (!wasOver) expect(overfull(state)).toBe(false);
      });
      // The first tick was lived through with what VMs had before.
      for (const [series, hours] of last.meters.allocated.unitHours.entries()) {
        const all = (expected[series] ?? 0) + (last.layout.ceiling[series] ?? 0);
        expect(Math.abs(hours - all)).toBeLessThanOrEqual(1e-9 * all);
      }
    }),
    { seed: 1, numRuns: 25 },
  );
  expect(relieved).toBeGreaterThan(20);
}, 20_000);

/** What the last tick decided is in force by now. */
function comeTrue(state: CellState): void {
  const { allocations, allocationsBefore, hands, told } = state;
  for (const column of [allocationsBefore, hands.low, hands.high]) column.set(allocations);
  for (const [id, { now }] of told) told.set(id, toldOnce(now));
  state.shadowVms = state.shadowVms.map((vm) => ({ ...vm, allocation: told.get(vm.id)?.now ?? vm.allocation }));
}

function overfull({ layout, allocations, buffers, shadowVms, pool }: CellState): boolean {
  return [...layout.capacity.keys()].some((place) => {
    const host = layout.hostIds[Math.floor(place / RESOURCE_COUNT)];
    const offset = place % RESOURCE_COUNT;
    const vms = [...(layout.vmsOfHost[Math.floor(place / RESOURCE_COUNT)] ?? [])];
    const lent = vms.reduce((total, vm) => total + (allocations[vm * RESOURCE_COUNT + offset] ?? 0), 0);
    const coming = [...pool.lives.values()].filter((life) => life.host === host && life.stage === "requested");
    const shadowCount = coming.length + shadowVms.filter((vm) => vm.host === host).length;
    const minimums = shadowCount * layout.shadowVm.minimum[RESOURCES[offset] ?? "cpu"];
    return lent + minimums + (buffers[place] ?? 0) > (layout.capacity[place] ?? 0) * ALMOST;
  });
}
