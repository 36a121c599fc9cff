// Two rows of quantiles become one: what holds if it is not known which of the two is true.
import { LEVEL_COUNT, QUANTILE_LEVELS, quantileAt, rarity } from "../model/forecast.ts";

interface TwoRows {
  /** Ascending, [LEVEL_COUNT]. */
  readonly row: Float64Array;
  readonly other: Float64Array;
  /** 0..1, how sure it is that `row` is true. */
  readonly share: number;
}

const HALVINGS = 50;
/** Of the value: closer than that is the same. */
const CLOSE = 1e-9;
const RARITIES = QUANTILE_LEVELS.map(rarity);

/** Quantiles of the mixture of both distributions, by halving the range between the two values of each level. */
export function mixedRow({ row, other, share }: TwoRows): Float64Array {
  let floor = 0;
  return Float64Array.from(QUANTILE_LEVELS, (level) => {
    const [left, right] = [quantileAt(row, level), quantileAt(other, level)];
    if (Number.isNaN(left + right)) return Number.NaN;
    let [low, high] = [Math.min(left, right), Math.max(left, right)];
    for (let step = 0; step < HALVINGS && high - low > CLOSE * high; step++) {
      const middle = (low + high) / 2;
      if (share * levelOf(row, middle) + (1 - share) * levelOf(other, middle) < level) low = middle;
      else high = middle;
    }
    floor = Math.max(floor, high);
    return floor;
  });
}

/** Share of demand at or below `value`: the inverse of `quantileAt`, 0 below the first quantile. */
function levelOf(row: Float64Array, value: number): number {
  if (value < (row[0] as number)) return 0;
  let above = 0;
  while (above < LEVEL_COUNT && (row[above] as number) <= value) above++;
  const below = Math.max(above, 1) - 1;
  const [low, level] = [row[below] as number, QUANTILE_LEVELS[below] as number];
  if (above < LEVEL_COUNT) {
    const share = (value - low) / ((row[above] as number) - low);
    return level + share * ((QUANTILE_LEVELS[above] as number) - level);
  }
  const [last, beforeLast] = [RARITIES[below] as number, RARITIES[LEVEL_COUNT - 2] as number];
  const slope = (low - (row[LEVEL_COUNT - 2] as number)) / (last - beforeLast);
  return slope > 0 ? 1 - Math.exp(-(last + (value - low) / slope)) : 1;
}
