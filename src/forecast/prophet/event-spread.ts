// How far one occurrence of an event may differ from what events of its kind have done so far.
import type { EventTerm } from "./terms.ts";

/** Counts as so many occurrences that differ no more than ordinary stretches of their length do. */
const PRIOR_OCCURRENCES = 2;
/** Ordinary stretches that are looked at for one length. */
const STRETCHES_MAX = 400;

/** `shares` [history] is how much of each tick the term covers; one array for each term. */
export interface TermCover {
  readonly term: EventTerm;
  readonly shares: Float64Array;
}

/**
 * Variance that the next occurrence of each term has on top of the ordinary errors, on the scale of the errors. The mean
 * error over an occurrence differs between occurrences `excess` times as much as that over ordinary stretches as long
 * (pooled over terms, since few ever have many); the effect itself is a mean over n occurrences: excess (1 + 1/n) - 1.
 */
export function eventSpread(errors: Float64Array, covers: readonly TermCover[]): Map<EventTerm, number> {
  const occurrences = covers.map(({ shares }) => occurrencesIn(errors, shares));
  let [squares, free] = [PRIOR_OCCURRENCES, PRIOR_OCCURRENCES];
  const ordinary = occurrences.map((ofTerm) => {
    const length = Math.round(ofTerm.reduce((sum, { ticks }) => sum + ticks, 0) / Math.max(ofTerm.length, 1));
    return ordinaryVariance(errors, Math.max(length, 1));
  });
  occurrences.forEach((ofTerm, term) => {
    for (const { mean } of ofTerm) squares += mean ** 2 / Math.max(ordinary[term] as number, Number.MIN_VALUE);
    free += Math.max(ofTerm.length - 1, 0);
  });
  const excess = squares / free;
  return new Map(
    covers.map(({ term }, index) => {
      const count = Math.max(occurrences[index]?.length ?? 0, 1);
      return [term, (ordinary[index] as number) * Math.max(excess * (1 + 1 / count) - 1, 0)];
    }),
  );
}

interface Occurrence {
  readonly mean: number;
  readonly ticks: number;
}

/** Runs of covered ticks. */
function occurrencesIn(errors: Float64Array, shares: Float64Array): Occurrence[] {
  const found: Occurrence[] = [];
  let [sum, ticks] = [0, 0];
  for (let tick = 0; tick <= errors.length; tick++) {
    const error = errors[tick] ?? Number.NaN;
    if ((shares[tick] ?? 0) > 0) {
      if (!Number.isNaN(error)) [sum, ticks] = [sum + error, ticks + 1];
    } else if (ticks > 0) {
      found.push({ mean: sum / ticks, ticks });
      [sum, ticks] = [0, 0];
    }
  }
  return found;
}

/** Mean square of the mean error over stretches of so many ticks. */
function ordinaryVariance(errors: Float64Array, length: number): number {
  const stride = Math.max(1, Math.floor((errors.length - length) / STRETCHES_MAX));
  let [squares, stretches] = [0, 0];
  for (let start = 0; start + length <= errors.length; start += stride) {
    let [sum, known] = [0, 0];
    for (let tick = start; tick < start + length; tick++) {
      const error = errors[tick] as number;
      if (!Number.isNaN(error)) [sum, known] = [sum + error, known + 1];
    }
    if (known === 0) continue;
    squares += (sum / known) ** 2;
    stretches++;
  }
  return stretches > 0 ? squares / stretches : 0;
}
