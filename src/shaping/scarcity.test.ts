import fc from "fast-check";
import { expect, test } from "vitest";
import { share } from "./scarcity.ts";

const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e12, noNaN: true }));
const wish = fc.record({ capacity: amount, fixed: amount, leases: amount, buffer: amount });

test("never hands out more than the room beside what is fixed", () => {
  fc.assert(
    fc.property(wish, (wanted) => {
      const granted = share(wanted);
      const room = Math.max(wanted.capacity - wanted.fixed, 0);
      expect(granted.leaseShare * wanted.leases + granted.buffer).toBeLessThanOrEqual(room * (1 + 1e-12));
      expect(granted.leaseShare >= 0 && granted.leaseShare <= 1).toBe(true);
      expect(granted.buffer >= 0 && granted.buffer <= wanted.buffer).toBe(true);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("exactly what was asked for when all fits; else nothing of the room is wasted", () => {
  fc.assert(
    fc.property(wish, (wanted) => {
      const granted = share(wanted);
      const room = Math.max(wanted.capacity - wanted.fixed, 0);
      if (wanted.leases + wanted.buffer <= room) expect(granted).toEqual({ leaseShare: 1, buffer: wanted.buffer });
      else expect(granted.leaseShare * wanted.leases + granted.buffer).toBeGreaterThanOrEqual(room * (1 - 1e-12));
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("the buffer gives way before any lease does", () => {
  expect(share({ capacity: 10, fixed: 4, leases: 5, buffer: 3 })).toEqual({ leaseShare: 1, buffer: 1 });
  expect(share({ capacity: 10, fixed: 4, leases: 8, buffer: 3 })).toEqual({ leaseShare: 0.75, buffer: 0 });
  expect(share({ capacity: 3, fixed: 4, leases: 8, buffer: 3 })).toEqual({ leaseShare: 0, buffer: 0 });
});
