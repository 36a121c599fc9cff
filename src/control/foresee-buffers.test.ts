import { expect, test } from "vitest";
import { advance } from "../forecast/demand-engine.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { pooledPromise } from "./cell-state.ts";
import { foreseeBuffers } from "./foresee-buffers.ts";
import { startCell } from "./loop.ts";
import { hoursAhead } from "./pool-memory.ts";
import { layoutOf, START, STEP_MS } from "./small-cell.arbitrary.ts";

const layout = layoutOf({ capacities: [3], vms: [{ host: 0, base: 0.1, ceiling: 0.9 }] });

test("a buffer that is asked for at the same hour of every day is foreseen at that hour, and not at others", () => {
  const { state } = startCell({ layout, promise: pooledPromise(0.99), at: START });
  expect(STEP_MS).toBe(HOUR_MS);
  for (let tick = 0; tick < 6 * 24; tick++) {
    state.excess[0] = tick % 24 === 9 ? 4 : 0.1;
    advance(state.excessEngine, { demand: state.excess, hints: state.excessHints }, state.excessQuantiles);
    state.at = instant(START + (tick + 1) * STEP_MS);
    foreseeBuffers(state, state.at);
    state.tick++;
  }
  const hours = hoursAhead(state.pool, 0, state.at).map(({ buffer }) => buffer.cpu);
  expect(hours).toHaveLength(24);
  expect(hours[9]).toBeGreaterThan(3.5);
  for (const quiet of [0, 3, 6, 12, 18, 22]) expect(hours[quiet]).toBeLessThan(1.5);
});
