// Demand as it is when nobody asked nicely: sudden spikes beyond the ceiling, and shifts of level that stay. A function of
// the tick, never of the order of asking.
import { type ResourceVector, scale } from "../../model/resources.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import type { DemandSource } from "../synthetic-demand/workload-demand.ts";

const SPIKE_RATE = 0.01;
const SHIFT_EVERY_TICKS = 120;
const SHIFT_RATE = 0.3;

export function roughen({ demandAt }: DemandSource, random: SeededRandom): DemandSource {
  const levels: number[] = [1];
  const levelOf = (stretch: number): number => {
    for (let next = levels.length; next <= stretch; next++)
      levels.push(nextLevel(levels[next - 1] ?? 1, random.fork(`shift/${next}`)));
    return levels[Math.max(stretch, 0)] ?? 1;
  };
  return {
    demandAt(tick): ResourceVector {
      const spike = random.fork(`spike/${tick}`);
      const height = spike.next() < SPIKE_RATE ? 1 + 4 * spike.next() : 1;
      return scale(demandAt(tick), height * levelOf(Math.floor(tick / SHIFT_EVERY_TICKS)));
    },
  };
}

/** Never so far up or down that nothing else is seen any more. */
function nextLevel(level: number, random: SeededRandom): number {
  if (random.next() >= SHIFT_RATE) return level;
  return Math.min(Math.max(level * (random.next() < 0.5 ? 0.4 : 2.2), 0.1), 3);
}
