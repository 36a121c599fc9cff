// What several events do at once: the visitors that each brings add up, while a dip leaves a share of all of them. Plain products
// would turn three matches of a day, at four times the usual demand each, into 64 times.

export interface EffectSize {
  readonly logUplift: number;
  readonly logSd: number;
}

/** Factor on usual demand of everything that lifts it, and of everything that lowers it. */
export interface CombinedFactor {
  readonly up: number;
  readonly down: number;
}

export function combinedFactor(logs: readonly number[]): CombinedFactor {
  let [up, down] = [1, 1];
  for (const log of logs) {
    if (log > 0) up += Math.expm1(log);
    else down *= Math.exp(log);
  }
  return { up, down };
}

/**
 * The part of each in what all do together, as logs that sum up to it: the strongest uplift counts in full, the others add to
 * it; doubt shrinks along with the part.
 */
export function marginalEffects<Effect extends EffectSize>(effects: readonly Effect[]): Effect[] {
  if (effects.filter(({ logUplift }) => logUplift > 0).length < 2) return [...effects];
  const parts = [...effects];
  let up = 1;
  for (const effect of effects.toSorted((left, right) => right.logUplift - left.logUplift)) {
    if (!(effect.logUplift > 0)) break;
    const before = up;
    up += Math.expm1(effect.logUplift);
    const part = Math.log(up / before);
    parts[effects.indexOf(effect)] = { ...effect, logUplift: part, logSd: (effect.logSd * part) / effect.logUplift };
  }
  return parts;
}
