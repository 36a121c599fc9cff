import fc from "fast-check";
import { expect, test } from "vitest";
import type { ActionOutcome } from "../model/action.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import { releaseGrows } from "./release-grows.ts";
import { afterAction, anyCell, anyTicks, runCell, type TickDone } from "./small-cell.arbitrary.ts";

const ALMOST = 1 + 1e-9;

interface Machines {
  readonly allocations: Float64Array;
  readonly shadowVms: TickDone["shadowVms"];
}

function over({ running: { state } }: TickDone, { allocations, shadowVms }: Machines): boolean {
  const { layout } = state;
  return [...layout.capacity.entries()].some(([place, capacity]) => {
    const host = Math.floor(place / RESOURCE_COUNT);
    const resource = RESOURCES[place % RESOURCE_COUNT] ?? "cpu";
    const own = shadowVms.filter((vm) => vm.host === layout.hostIds[host]);
    const held = own.reduce((sum, vm) => sum + vm.allocation[resource], 0);
    const vms = [...(layout.vmsOfHost[host] ?? [])];
    const lent = vms.reduce((sum, vm) => sum + (allocations[vm * RESOURCE_COUNT + (place % RESOURCE_COUNT)] ?? 0), 0);
    return held + lent > capacity * ALMOST;
  });
}

function apply({ running: { state } }: TickDone, machines: Machines, action: TickDone["actions"][number]): Machines {
  const allocations = machines.allocations.slice();
  if (action.kind === "resize-vm")
    for (const [offset, resource] of RESOURCES.entries())
      allocations[state.layout.vmIds.indexOf(action.vm) * RESOURCE_COUNT + offset] = action.setPoint[resource];
  return { allocations, shadowVms: afterAction(machines.shadowVms, action) };
}

function outcomeOf({ running }: TickDone, { id: action }: TickDone["actions"][number], isDone: boolean): ActionOutcome {
  const head = { action, at: running.state.at };
  return isDone ? { ...head, kind: "done" } : { ...head, kind: "failed", message: "no answer" };
}

/** Whether a grow that was sent passed a capacity, and how many were sent and not. */
function live(done: TickDone, fates: readonly boolean[]): { over: boolean; sent: number; withheld: number } {
  const { state } = done.running;
  const isDone = (index: number) => fates[index % fates.length] ?? false;
  const shrinks = done.actions.filter(({ phase }) => phase === "shrink");
  const outcomes = shrinks.map((shrink, index) => outcomeOf(done, shrink, isDone(index)));
  const start: Machines = { allocations: state.allocationsBefore, shadowVms: done.shadowVms };
  let machines = shrinks.filter((_, index) => isDone(index)).reduce((now, shrink) => apply(done, now, shrink), start);
  const { released, withheld } = releaseGrows(state, { actions: done.actions, outcomes });
  let isOver = false;
  for (const action of released) {
    machines = apply(done, machines, action);
    isOver ||= over(done, machines);
  }
  return { over: isOver && !over(done, start), sent: released.length, withheld: withheld.length };
}

test("whichever shrinks fail, the grows and boots that are sent never pass a capacity, and without a failure all are sent", () => {
  const sum = { sent: 0, withheld: 0 };
  fc.assert(
    fc.property(anyCell, anyTicks, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }), (cell, ticks, fates) => {
      runCell({ cell, ticks }, (done) => {
        const { over: isOver, sent, withheld } = live(done, fates);
        expect(isOver).toBe(false);
        const others = done.actions.filter(({ phase }) => phase !== "shrink");
        expect(sent + withheld).toBe(others.length);
        if (fates.every(Boolean)) expect(withheld).toBe(0);
        sum.sent += sent;
        sum.withheld += withheld;
      });
    }),
    { seed: 1, numRuns: 40 },
  );
  expect(sum.sent).toBeGreaterThan(300);
  expect(sum.withheld).toBeGreaterThan(0);
}, 20_000);
