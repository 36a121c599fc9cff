// What was used, allocated and held ready over the tick just past goes into the meters.
import type { Instant } from "../model/time.ts";
import { readMeter } from "../pricing/meter.ts";
import type { CellState } from "./cell-state.ts";
import { meterHandOvers } from "./hand-over-memory.ts";
import type { TickInput } from "./tick-input.ts";
import { meterTick } from "./usage/meter-usage.ts";

/**
 * Without a sample nothing is known to have been used, so nothing is charged as used. What was read between the end of the tick and
 * this step, by the fast path or a command, has that time already.
 */
export function account(state: CellState, { demand, used, now }: TickInput): void {
  const { meters, allocations, buffers, handOvers } = state;
  meterTick(state, { demand, now, ...(used && { used }) });
  readMeter(
    meters.used,
    demand.map((used, series) => (Number.isNaN(used) ? 0 : Math.min(used, allocations[series] as number))),
    now,
  );
  readMeter(meters.allocated, allocations, later(now, meters.allocated.readUntil));
  readMeter(meters.buffer, buffers, later(now, meters.buffer.readUntil));
  meterHandOvers(handOvers, now);
}

function later(one: Instant, other: Instant): Instant {
  return one > other ? one : other;
}
