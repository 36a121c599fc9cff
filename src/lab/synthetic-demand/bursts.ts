// Bursts nobody announced: at random instants demand jumps, stays for some minutes and drops.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, MINUTE_MS } from "../../model/time.ts";
import { drawnPerIndex, type Ingredient, overlapShare } from "./ingredient.ts";

export interface BurstShape {
  /** Bursts on a mean day; at most one begins in each equal part of the day. */
  readonly perDay: number;
  /** Mean length. Most are shorter; none lasts more than four times as long, or longer than its part of the day. */
  readonly minutes: number;
  /** Heights are uniform between these. */
  readonly heightMin: number;
  readonly heightMax: number;
}

/** Chance that a part of the day has a burst, so that bursts do not come like a clock. */
const CHANCE = 0.6;

export function bursts(random: SeededRandom, shape: BurstShape): Ingredient {
  const partMs = (DAY_MS * CHANCE) / shape.perDay;
  const burstOf = drawnPerIndex(random, (each) => drawBurst(each, shape, partMs));
  return (span) => {
    let height = 0;
    for (let part = Math.floor(span.from / partMs) - 1; part * partMs < span.to; part++) {
      const burst = burstOf(part);
      const from = part * partMs + burst.afterMs;
      height += burst.height * overlapShare(span, { from, to: from + burst.lengthMs });
    }
    return height;
  };
}

function drawBurst(random: SeededRandom, shape: BurstShape, partMs: number) {
  const happens = random.next() < CHANCE;
  const meanMs = shape.minutes * MINUTE_MS;
  return {
    height: happens ? shape.heightMin + random.next() * (shape.heightMax - shape.heightMin) : 0,
    afterMs: random.next() * partMs,
    lengthMs: Math.min(-Math.log(1 - random.next()) * meanMs, 4 * meanMs, partMs),
  };
}
