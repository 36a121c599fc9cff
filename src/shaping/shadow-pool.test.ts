import fc from "fast-check";
import { expect, test } from "vitest";
import { amountsOf, vectorOf } from "../model/resources.arbitrary.ts";
import { add, fits, NOTHING, smaller, subtract } from "../model/resources.ts";
import type { ShadowVm, ShadowVmState } from "../model/shadow-vm.ts";
import { fadingPeak, holdsBuffer, planPool, room, spareOne, spread } from "./shadow-pool.ts";
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

const holding10 = (count: number) => Array.from({ length: count }, (_, index) => shadowVm(`s${index}`, { holds: 10 }));

test("the first is booted although nothing is needed yet", () => {
  expect(planPool({ peak: NOTHING, shadowVms: [], fits: true })).toEqual({ kind: "boot" });
});

test("one more is booted before the others are full, if the host has room and none is on its way", () => {
  const full = { peak: even(8.1), shadowVms: holding10(1), fits: true };
  expect(planPool({ ...full, peak: even(8) })).toEqual({ kind: "none" });
  expect(planPool(full)).toEqual({ kind: "boot" });
  expect(planPool({ ...full, peak: { ...even(1), memory: even(9).memory } })).toEqual({ kind: "boot" });
  expect(planPool({ ...full, fits: false })).toEqual({ kind: "none" });
  const coming = [...holding10(1), shadowVm("new", { holds: 10, state: "booting" })];
  expect(planPool({ ...full, peak: even(99), shadowVms: coming })).toEqual({ kind: "none" });
  expect(planPool({ peak: even(1e6), shadowVms: holding10(16), fits: true })).toEqual({ kind: "none" });
});

test("the last is retired when the others would be less than half as full as it takes to boot", () => {
  const spare = { shadowVms: holding10(3), fits: true };
  expect(planPool({ ...spare, peak: even(8) })).toEqual({ kind: "none" });
  expect(planPool({ ...spare, peak: even(7.9) })).toEqual({ kind: "retire", shadowVm: "s2" });
  expect(planPool({ peak: NOTHING, shadowVms: holding10(1), fits: true })).toEqual({ kind: "none" });
});

test("a steady need never makes the pool flap: boots only or retirements only, then rest", () => {
  const peaks = fc.double({ min: 0, max: 150, noNaN: true });
  fc.assert(
    fc.property(peaks, fc.nat({ max: 16 }), (peak, count) => {
      let pool: readonly ShadowVm[] = holding10(count);
      const changes = new Set<string>();
      for (let tick = 0; tick < 40; tick++) {
        const change = planPool({ peak: even(peak), shadowVms: pool, fits: true });
        if (change.kind === "boot") pool = [...pool, shadowVm(`s${pool.length}`, { holds: 10 })];
        if (change.kind === "retire") pool = pool.filter(({ id }) => id !== change.shadowVm);
        if (change.kind !== "none") changes.add(change.kind);
      }
      expect(changes.size).toBeLessThanOrEqual(1);
      expect(planPool({ peak: even(peak), shadowVms: pool, fits: true })).toEqual({ kind: "none" });
    }),
    { seed: 1 },
  );
});

test("the spare one holds nothing where there is such a one, and never lends or serves", () => {
  const of = (...states: readonly ShadowVmState[]) =>
    spareOne(states.map((state, index) => shadowVm(`s${index}`, { holds: 10, state })));
  expect(of("ready", "idle", "ready")).toBe("s1");
  expect(of("ready", "ready", "lending", "handed-over", "booting")).toBe("s1");
  expect(of("lending", "handed-over", "retiring")).toBeUndefined();
});

test("a peak counts fully at once and half after a day", () => {
  let peak = fadingPeak(even(3), even(8), 4);
  expect(peak).toEqual(even(8));
  for (let tick = 0; tick < 4; tick++) peak = fadingPeak(peak, even(1), 4);
  for (const amount of amountsOf(peak)) expect(amount).toBeCloseTo(4, 9);
});
