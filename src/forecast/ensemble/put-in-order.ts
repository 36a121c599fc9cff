// Quantiles that were found level by level, so that some may cross, made ascending.

/**
 * Sorted in place: never a higher pinball loss than before (Chernozhukov, Fernández-Val & Galichon, "Quantile and
 * probability curves without crossing", Econometrica 78, 2010). By insertion, since rows are nearly in order.
 */
export function putInOrder(row: Float64Array): void {
  for (let level = 1; level < row.length; level++) {
    const value = row[level] as number;
    let place = level;
    for (; place > 0 && (row[place - 1] as number) > value; place--) row[place] = row[place - 1] as number;
    row[place] = value;
  }
}
