// Plain statistics that tests of synthetic demand look at.

export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Pearson's correlation. */
export function correlation(left: readonly number[], right: readonly number[]): number {
  const [leftMean, rightMean] = [meanOf(left), meanOf(right)];
  const products = { both: 0, left: 0, right: 0 };
  for (const [index, value] of left.entries()) {
    const [a, b] = [value - leftMean, (right[index] ?? 0) - rightMean];
    products.both += a * b;
    products.left += a * a;
    products.right += b * b;
  }
  return products.both / Math.sqrt(products.left * products.right);
}

export function autocorrelation(values: readonly number[], lag: number): number {
  return correlation(values.slice(lag), values.slice(0, values.length - lag));
}
