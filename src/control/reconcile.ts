// The world over memory: what machines really have is where the next decision starts from. A set-point that failed, came
// half through or was undone by hands costs one tick, never correctness, since the next step states it again.
import type { CellState } from "./cell-state.ts";
import type { InForce } from "./tick-input.ts";

/** Amounts that nobody knows stay as remembered. */
export function adopt({ allocations, buffers }: CellState, inForce: InForce): void {
  adoptKnown(allocations, inForce.allocations);
  adoptKnown(buffers, inForce.buffers);
}

function adoptKnown(remembered: Float64Array, seen: Float64Array): void {
  for (let index = 0; index < remembered.length; index++) {
    const amount = seen[index] as number;
    if (!Number.isNaN(amount)) remembered[index] = amount;
  }
}
