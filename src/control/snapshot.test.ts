import fc from "fast-check";
import { expect, test } from "vitest";
import { pooledPromise } from "./cell-state.ts";
import { startCell } from "./loop.ts";
import { anyCell, anyTicks, layoutOf, runCell, START, tickOnce } from "./small-cell.arbitrary.ts";
import { restore, snapshotOf } from "./snapshot.ts";

test("a cell that goes on from a snapshot is the one that never stopped, to the bit", () => {
  fc.assert(
    fc.property(anyCell, anyTicks, anyTicks, (cell, before, after) => {
      const running = runCell({ cell, ticks: before });
      const stored = structuredClone(snapshotOf(running));
      const fresh = startCell({ layout: layoutOf(cell), promise: pooledPromise(0.99), at: START });
      const reloaded = restore(fresh, stored);
      expect(snapshotOf(reloaded)).toEqual(snapshotOf(running));
      for (const [tick, each] of after.entries()) {
        const given = { tick: before.length + tick, asked: each.demand, shadowVms: [] };
        expect(tickOnce(reloaded, given)).toEqual(tickOnce(running, given));
      }
      expect(snapshotOf(reloaded)).toEqual(snapshotOf(running));
    }),
    { seed: 1, numRuns: 15 },
  );
}, 30_000);

test("a snapshot shares nothing with its cell", () => {
  const layout = layoutOf({ capacities: [2], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
  const cell = startCell({ layout, promise: pooledPromise(0.99), at: START });
  const taken = snapshotOf(cell);
  const copy = structuredClone(taken);
  tickOnce(cell, { tick: 0, asked: [0.3, 0.3, 0.3, 0.3], shadowVms: [] });
  expect(taken).toEqual(copy);
  expect(snapshotOf(cell)).not.toEqual(taken);
});
