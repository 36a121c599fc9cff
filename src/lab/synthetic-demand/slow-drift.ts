// What changes over weeks: data grows, caches fill, code gets leaner. A factor around 1 that takes days to move.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { DAY_MS } from "../../model/time.ts";
import { smoothNormal } from "./correlated-noise.ts";
import { type Ingredient, middleOf } from "./ingredient.ts";

const SPACING_MS = 9 * DAY_MS;

export function slowDrift(random: SeededRandom, { spread }: { spread: number }): Ingredient {
  const drift = smoothNormal(random, SPACING_MS);
  return (span) => Math.exp(spread * drift(middleOf(span)));
}
