// Max-min fairness: nobody gets more than wanted, nothing is left while somebody wants, and whoever got less than wanted got
// no less than anybody else.

/** Progressive filling (Bertsekas & Gallager, Data Networks, 1992, section 6.5.2). `wants` >= 0; same order out. */
export function maxMinShare(available: number, wants: readonly number[]): number[] {
  const shares = wants.map(() => 0);
  const smallestFirst = [...wants.entries()].filter(([, want]) => want > 0).sort((left, right) => left[1] - right[1]);
  let left = available;
  for (const [rank, [index, want]] of smallestFirst.entries()) {
    const share = Math.min(want, left / (smallestFirst.length - rank));
    shares[index] = share;
    left = Math.max(left - share, 0);
  }
  return shares;
}
