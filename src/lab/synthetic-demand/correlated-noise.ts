// Noise that remembers: what is high now is likely high in ten minutes and may be low tomorrow.
import type { SeededRandom } from "../../model/seeded-random.ts";
import { HOUR_MS, MINUTE_MS } from "../../model/time.ts";
import { drawnPerIndex, type Ingredient, middleOf } from "./ingredient.ts";

/** Minutes, hours and half a day, with the share of the variance that each carries. */
const OCTAVES = [
  { spacingMs: 10 * MINUTE_MS, variance: 0.3 },
  { spacingMs: HOUR_MS, variance: 0.4 },
  { spacingMs: 6 * HOUR_MS, variance: 0.3 },
];

/** A factor around 1, log-normal: exp(spread x noise), with a median of 1. */
export function correlatedNoise(random: SeededRandom, { spread }: { spread: number }): Ingredient {
  const octaves = OCTAVES.map(({ spacingMs, variance }) => ({
    weight: Math.sqrt(variance),
    at: smoothNormal(random.fork(`${spacingMs}`), spacingMs),
  }));
  return (span) => {
    const at = middleOf(span);
    return Math.exp(spread * octaves.reduce((total, octave) => total + octave.weight * octave.at(at), 0));
  };
}

/** Standard normal at every instant: values drawn `spacingMs` apart, blended between them without losing variance. */
export function smoothNormal(random: SeededRandom, spacingMs: number): (at: number) => number {
  const drawn = drawnPerIndex(random, (each) => each.normal());
  return (at) => {
    const index = Math.floor(at / spacingMs);
    const later = at / spacingMs - index;
    return ((1 - later) * drawn(index) + later * drawn(index + 1)) / Math.hypot(1 - later, later);
  };
}
