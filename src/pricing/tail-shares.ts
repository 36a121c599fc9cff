// Each customer's marginal share of what is held jointly: how much the tail of the sum would change with it. Euler's allocation for
// expected shortfall, E[X_i | X in its tail] / E[X | X in its tail], which sums to the whole since X is the sum of the X_i.
// Source: Tasche, Capital Allocation to Business Units and Sub-Portfolios: the Euler Principle (2007). Derived in docs/pricing.md.

/** A tail event counts half as much after so many more of its place have come. */
const EVENTS_UNTIL_HALF = 64;
const KEEP = 0.5 ** (1 / EVENTS_UNTIL_HALF);

/**
 * `members`: the series that share a place. Where the sum of what they needed beyond their own reaches its tail, each is remembered
 * by what it contributed. Returns whether it did.
 */
export function rememberTail(
  tail: Float64Array,
  seen: { readonly members: ArrayLike<number>; readonly excess: Float64Array; readonly tailFrom: number },
): boolean {
  const { members, excess, tailFrom } = seen;
  let sum = 0;
  for (let index = 0; index < members.length; index++) sum += excess[members[index] as number] as number;
  if (sum <= 0 || sum < tailFrom) return false;
  for (let index = 0; index < members.length; index++) {
    const series = members[index] as number;
    tail[series] = (tail[series] as number) * KEEP + (excess[series] as number);
  }
  return true;
}

/**
 * [member] weights by which what is held is divided. Before anything came to a tail what each may yet need stands in, and without
 * that its size. Nobody's weight is negative.
 */
export function tailWeights(
  tail: Float64Array,
  {
    members,
    mayNeed,
    size,
  }: {
    readonly members: readonly number[];
    readonly mayNeed: (series: number) => number;
    readonly size: (series: number) => number;
  },
): Float64Array {
  for (const weightOf of [(series: number) => tail[series] as number, mayNeed, size]) {
    const weights = Float64Array.from(members, weightOf);
    if (weights.some((weight) => weight > 0)) return weights;
  }
  return new Float64Array(members.length).fill(1);
}
