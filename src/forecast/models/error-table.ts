// Empirical quantiles of past errors, apart for low and high expectations where that is asked for.
import { LEVEL_COUNT, levelIndex, type QuantileLevel } from "../../model/forecast.ts";
import { empiricalQuantiles } from "./empirical-quantiles.ts";

export interface ErrorTable {
  /** Ascending: where one part ends and the next begins, in terms of what is expected. */
  readonly edges: readonly number[];
  /** [part][level] */
  readonly quantiles: readonly Float64Array[];
}

/** Windows of the past, NaN where unknown. */
export interface PastWindows {
  /** What was expected of each. */
  readonly expected: Float64Array;
  /** The peak that came. */
  readonly came: Float64Array;
}

/** A part with fewer errors takes those of all parts together. */
const PART_MIN = 50;

/**
 * What an idle series does next tells nothing about one that
 * is bursting: with `apartAt` = [0.5, 0.9], say, errors are parted by whether the expectation was in the lower half of
 * all, in the next 40 % or in the top tenth. Mondrian conformal prediction: Vovk, Gammerman & Shafer, Algorithmic
 * Learning in a Random World, 2005, section 4.5.
 */
export function errorTable(past: PastWindows, apartAt: readonly QuantileLevel[]): ErrorTable {
  const { expected, came } = past;
  const errors = came.map((peak, index) => peak - (expected[index] as number));
  if (apartAt.length === 0) return { edges: [], quantiles: [empiricalQuantiles(errors)] };
  const heights = empiricalQuantiles(expected.slice());
  const edges = apartAt.map((level) => heights[levelIndex(level)] as number);
  const parts = partedErrors({ errors, expected, edges });
  const isSmall = ({ length }: Float64Array) => length < PART_MIN;
  const all = parts.some(isSmall) ? empiricalQuantiles(errors) : SILENCE;
  return { edges, quantiles: parts.map((part) => (isSmall(part) ? all : empiricalQuantiles(part))) };
}

function partedErrors(given: { errors: Float64Array; expected: Float64Array; edges: readonly number[] }) {
  const { errors, expected, edges } = given;
  const parts = [...edges, Number.POSITIVE_INFINITY].map(() => new Float64Array(errors.length));
  const counts = parts.map(() => 0);
  for (let index = 0; index < errors.length; index++) {
    const error = errors[index] as number;
    if (Number.isNaN(error)) continue;
    const part = partOf(edges, expected[index] as number);
    const count = counts[part] as number;
    (parts[part] as Float64Array)[count] = error;
    counts[part] = count + 1;
  }
  return parts.map((part, index) => part.subarray(0, counts[index]));
}

/** [level] */
export function errorQuantiles({ edges, quantiles }: ErrorTable, expected: number): Float64Array {
  return quantiles[partOf(edges, expected)] ?? SILENCE;
}

const SILENCE = new Float64Array(LEVEL_COUNT).fill(Number.NaN);

function partOf(edges: readonly number[], expected: number): number {
  let part = 0;
  while (part < edges.length && expected > (edges[part] as number)) part++;
  return part;
}
