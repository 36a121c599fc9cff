import fc from "fast-check";
import { expect, test } from "vitest";
import { vectorOf } from "../model/resources.arbitrary.ts";
import { add, fits, NOTHING, smaller, subtract } from "../model/resources.ts";
import type { ShadowVmState } from "../model/shadow-vm.ts";
import { holdsBuffer, room, spareOne, spread } from "./shadow-pool.ts";
import { anyShadowVms, even, shadowVm } from "./shadow-vms.arbitrary.ts";

const wholeBuffer = vectorOf(fc.nat({ max: 3000 }));

test("a buffer is held whole where there is room, and each shadow VM stays between its minimum and its ceiling", () => {
  fc.assert(
    fc.property(wholeBuffer, anyShadowVms, (buffer, shadowVms) => {
      const parts = spread(buffer, shadowVms);
      expect(parts.map(({ id }) => id)).toEqual(
        shadowVms.filter(({ state }) => holdsBuffer(state)).map(({ id }) => id),
      );
      let held = NOTHING;
      for (const { id, allocation } of parts) {
        const vm = shadowVms.find((each) => each.id === id);
        if (vm === undefined) throw new Error(`${id} is one of those given`);
        expect(fits(vm.minimum, allocation) && fits(allocation, vm.ceiling)).toBe(true);
        held = add(held, subtract(allocation, vm.minimum));
      }
      expect(held).toEqual(smaller(buffer, room(shadowVms)));
    }),
    { seed: 1 },
  );
});

test("the first ones are filled first", () => {
  const parts = spread(even(7), [
    shadowVm("a", { holds: 5 }),
    shadowVm("b", { holds: 5 }),
    shadowVm("c", { holds: 5 }),
  ]);
  expect(parts.map(({ allocation }) => allocation.cpu)).toEqual([6, 3, 1]);
});

test("the spare one holds nothing where there is such a one, and never lends or serves", () => {
  const of = (...states: readonly ShadowVmState[]) =>
    spareOne(states.map((state, index) => shadowVm(`s${index}`, { holds: 10, state })));
  expect(of("ready", "idle", "ready")).toBe("s1");
  expect(of("ready", "ready", "lending", "handed-over", "booting")).toBe("s1");
  expect(of("lending", "handed-over", "retiring")).toBeUndefined();
});
