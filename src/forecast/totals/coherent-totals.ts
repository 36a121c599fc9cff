// Forecasts of parts and of their totals that agree: of the same tick their means add up, of peaks they cannot, and no total is
// forecast where its parts could not bring it.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { reconcileMeans } from "./reconcile-means.ts";
import { meanOf, varianceOf } from "./row-moments.ts";
import { boundsOfTotal, keepWithin } from "./within-parts.ts";

export interface ForecastsOfTotals {
  /** [part x level], of one resource: base units, ascending, >= 0; NaN rows where nothing is known. */
  readonly parts: ArrayLike<number>;
  /** [total x level], as each was forecast as a series of its own. */
  readonly totals: ArrayLike<number>;
  /** [total] its parts. */
  readonly members: readonly ArrayLike<number>[];
}

export interface CoherentForecasts {
  readonly parts: Float64Array;
  readonly totals: Float64Array;
}

/** Forecasts are surer than this share of their mean never. */
const DEVIATION_MIN = 1e-3;

/**
 * Of one tick: the mean of every total is the sum of its parts' means, for all groupings at once; every row is scaled to
 * its reconciled mean, and a total's row lies within what its parts allow. Unknown rows stay unknown and count as nothing.
 */
export function coherentTick({ parts, totals, members }: ForecastsOfTotals): CoherentForecasts {
  const [partRows, totalRows] = [rowsOf(parts), rowsOf(totals)];
  const known = members.filter((_, total) => isKnown(totalRows[total]));
  const knownTotals = totalRows.filter(isKnown);
  const [ofParts, ofTotals] = [momentsOf(partRows), momentsOf(knownTotals)];
  const means = reconcileMeans({
    parts: ofParts.means,
    partVariances: ofParts.variances,
    totals: ofTotals.means,
    totalVariances: ofTotals.variances,
    members: known,
  });
  for (const [part, row] of partRows.entries()) scaleTo(row, means[part] as number);
  for (const [total, row] of knownTotals.entries()) {
    const own = ownRows(partRows, known[total] ?? []);
    const mean = own.reduce((sum, one) => sum + meanOf({ values: one, at: 0 }), 0);
    scaleTo(row, mean);
    keepWithin(row, boundsOfTotal(own), mean);
  }
  return { parts: joined(partRows), totals: joined(totalRows) };
}

/**
 * Of the peak over the same stretch of time: a total peaks at most as high as the sum of its parts' peaks, in the mean and
 * at each level as far as that follows, and at least as high as each of them. Parts stay as they are.
 */
export function coherentPeaks({ parts, totals, members }: ForecastsOfTotals): CoherentForecasts {
  const [partRows, totalRows] = [rowsOf(parts), rowsOf(totals)];
  for (const [total, row] of totalRows.entries()) {
    const own = ownRows(partRows, members[total] ?? []);
    if (!isKnown(row) || own.length === 0) continue;
    const most = own.reduce((sum, one) => sum + meanOf({ values: one, at: 0 }), 0);
    const bounds = boundsOfTotal(own);
    const least = meanOf({ values: bounds.lowest, at: 0 });
    keepWithin(row, bounds, Math.min(Math.max(meanOf({ values: row, at: 0 }), least), most));
  }
  return { parts: joined(partRows), totals: joined(totalRows) };
}

function rowsOf(values: ArrayLike<number>): Float64Array[] {
  const all = Float64Array.from(values);
  return Array.from({ length: all.length / LEVEL_COUNT }, (_, row) =>
    all.subarray(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT),
  );
}

function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * LEVEL_COUNT);
  for (const [place, row] of rows.entries()) all.set(row, place * LEVEL_COUNT);
  return all;
}

function isKnown(row: Float64Array | undefined): row is Float64Array {
  return row !== undefined && !Number.isNaN(row[0]);
}

function ownRows(rows: readonly Float64Array[], members: ArrayLike<number>): Float64Array[] {
  return Array.from(members, (part) => rows[part]).filter(isKnown);
}

function momentsOf(rows: readonly Float64Array[]): { readonly means: Float64Array; readonly variances: Float64Array } {
  const means = Float64Array.from(rows, (row) => (isKnown(row) ? meanOf({ values: row, at: 0 }) : 0));
  const variances = Float64Array.from(rows, (row, place) =>
    isKnown(row) ? varianceOf({ values: row, at: 0 }) + (DEVIATION_MIN * (means[place] as number)) ** 2 : 0,
  );
  return { means, variances };
}

function scaleTo(row: Float64Array, mean: number): void {
  const now = meanOf({ values: row, at: 0 });
  if (!(now > 0)) return;
  for (let level = 0; level < LEVEL_COUNT; level++) row[level] = ((row[level] as number) * mean) / now;
}
