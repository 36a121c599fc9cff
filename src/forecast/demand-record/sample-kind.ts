// What one raw sample of one series is worth, decided from its marks and its height alone.

/** In the order of their counters. */
export const SAMPLE_KINDS = ["ok", "censored", "missing", "off", "excluded", "absurd"] as const;
export type SampleKind = (typeof SAMPLE_KINDS)[number];

export const [OK, CENSORED, MISSING, OFF, EXCLUDED, ABSURD] = [0, 1, 2, 3, 4, 5] as const;

/** Bits that a source sets on a sample; 0 = nothing special. */
export const MARKS = {
  /** The machine was held back and nobody measured by how much: it wanted at least this. */
  atLeast: 1,
  /** Powered off all through the tick. */
  off: 2,
  /** Somebody said: do not learn from this. */
  excluded: 4,
  /** Another sample of the same tick came before; this one stands. */
  repeated: 8,
  /** A sample came, and it is no number. */
  garbled: 16,
} as const;

/** What a float of four bytes holds: demand is kept as such. */
const DEMAND_MAX = 2 ** 127;
/** A VM never takes more than this many times its size: it is a broken meter or a wrong unit. */
const SIZES_MAX = 50;
/** Where no size is known: so many times the largest demand of the last 7 days ... */
const PEAKS_MAX = 1000;
/** ... but an idle VM that wakes is no broken meter: its largest demand counts as this many floors at least. */
const FLOORS_MIN = 1000;

export interface SampleContext {
  /** The most the VM may get, base units; NaN or 0 where nobody knows. */
  readonly size: number;
  /** Largest demand of the last 7 days, base units; NaN while there is less than a day of it. */
  readonly largest: number;
  /** The smallest demand worth telling from nothing. */
  readonly floor: number;
  /** Samples without a break, before this one, that were absurd. */
  readonly absurdRun: number;
}

/**
 * What is impossible twice in a row and comes a third time is a new truth, unless it passes the size of the machine.
 */
const BELIEVED_AFTER = 2;

/** `demand` in base units, NaN = no sample. An index into SAMPLE_KINDS. */
export function kindOfSample(demand: number, marks: number, context: SampleContext): number {
  const isExcluded = (marks & MARKS.excluded) !== 0;
  if ((marks & MARKS.off) !== 0) return OFF;
  if ((marks & MARKS.garbled) !== 0) return ABSURD;
  if (Number.isNaN(demand)) return isExcluded ? EXCLUDED : MISSING;
  if (isAbsurd(demand, context)) return ABSURD;
  if (isExcluded) return EXCLUDED;
  return (marks & MARKS.atLeast) !== 0 ? CENSORED : OK;
}

function isAbsurd(demand: number, { size, largest, floor, absurdRun }: SampleContext): boolean {
  if (!(demand >= 0 && demand <= DEMAND_MAX)) return true;
  if (size > 0) return demand > SIZES_MAX * size;
  if (Number.isNaN(largest) || absurdRun >= BELIEVED_AFTER) return false;
  return demand > PEAKS_MAX * Math.max(largest, FLOORS_MIN * floor);
}
