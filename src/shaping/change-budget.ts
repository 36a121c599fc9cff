// Which of many wished changes are made this tick: those that gain most, as many as the budget allows. A change that is not
// made is wished again at the next tick, from the forecast of then, if it is still worth it.

/** A wish to change what one series has. */
export interface Change {
  readonly series: number;
  /** What it saves by `costOfAmount`, base units. */
  readonly gain: number;
}

/** Largest gain first; of equal gains the lower series. Changes that gain nothing are never made. */
export function worthwhileChanges<Wish extends Change>({
  changes,
  budget,
}: {
  readonly changes: readonly Wish[];
  readonly budget: number;
}): Wish[] {
  const gaining = changes.filter(({ gain }) => gain > 0);
  if (gaining.length > budget) gaining.sort(byGain);
  return gaining.slice(0, budget);
}

function byGain(left: Change, right: Change): number {
  return right.gain - left.gain || left.series - right.series;
}

/** 23 for each VM and resource a day, measured: 12 times fewer than unlimited changes at nearly the same score. */
export const CHANGES_PER_VM_DAY = 23;

/**
 * How many changes of one resource a host may make in this tick. Fractions add up: over any stretch of ticks the sum is
 * what is allowed for it, rounded to a neighbouring whole number. What is not used is lost.
 */
export function budgetOf(tick: number, allowed: { vms: number; perVmDay: number; ticksPerDay: number }): number {
  const perTick = (allowed.vms * allowed.perVmDay) / allowed.ticksPerDay;
  return Math.floor(perTick * (tick + 1)) - Math.floor(perTick * tick);
}
