// What profiles and events say of a window ahead, as numbers for a model that can use them. Zeros all along: nothing is known.
// What each number means is fixed where they are made (the signals room); a test holds the counts equal.
import type { Window } from "./forecast-model.ts";

export const COVARIATE_COUNT = 44;

interface CovariateTarget {
  readonly values: Float32Array;
  readonly at: number;
  /** Unit of the log scale of the series, base units: what is declared in base units is told on that scale. */
  readonly scale: number;
}

/** Writes all COVARIATE_COUNT numbers, of order 1, from `at` on. */
export type WriteCovariates = (window: Window, target: CovariateTarget) => void;

/** Of one series of many; undefined: neither profile nor event in sight, all zeros. */
export type CovariatesOf = (series: number) => WriteCovariates | undefined;
