// What the events of a series add to it, found together with seasons and trend.
import { solvePositiveDefinite } from "../linear-system.ts";
import { type EventColumn, eventColumns } from "./event-columns.ts";
import type { RecentHistory } from "./recent-history.ts";
import type { TickOffset } from "./seasonal-path.ts";

/** As if so many ticks had said that an effect is what was declared, or none. */
const RIDGE = 0.3;
/** Each effect takes one more decomposition: beyond this number, those seen in the fewest ticks stay as declared. */
const LEARNED_MAX = 30;

/**
 * Partial regression: what `restOf` (all but trend and seasons) leaves of the values is set against what it leaves of the
 * columns of the events, so that an effect is not lost to a season that has swallowed part of it. Speckman, "Kernel
 * smoothing in partial linear models", Journal of the Royal Statistical Society B 50, 1988; by ridge regression (Hoerl &
 * Kennard, Technometrics 12, 1970) towards the uplifts that were declared.
 */
export function eventShift(
  { known, values }: RecentHistory,
  given: { values: Float64Array; restOf: (values: Float64Array) => Float64Array },
): TickOffset {
  const first = known.grid.length - values.length;
  const columns = eventColumns(known.events, known.grid).map((column) => seenColumn(column, { first, values }));
  const learned = columns.filter(({ ticks }) => ticks > 0).sort((left, right) => right.ticks - left.ticks);
  const effects = new Map(columns.map(({ column }) => [column, column.declared]));
  const kept = learned.slice(0, LEARNED_MAX);
  if (kept.length > 0) {
    const rests = kept.map(({ shares }) => given.restOf(shares));
    const rest = given.restOf(given.values).map((value, tick) => (Number.isNaN(values[tick]) ? Number.NaN : value));
    const found = ridgeEffects({ rests, rest, declared: kept.map(({ column }) => column.declared) });
    for (const [index, { column }] of kept.entries()) effects.set(column, found[index] as number);
  }
  return (tick) => {
    let shift = 0;
    for (const [column, effect] of effects) shift += effect * column.at(first + tick);
    return shift;
  };
}

function seenColumn(column: EventColumn, { first, values }: { first: number; values: Float64Array }) {
  const shares = values.map((_, tick) => column.at(first + tick));
  const ticks = shares.reduce((sum, share, tick) => sum + (Number.isNaN(values[tick]) ? 0 : share), 0);
  return { column, shares, ticks };
}

function ridgeEffects(given: { rests: readonly Float64Array[]; rest: Float64Array; declared: readonly number[] }) {
  const { rests, rest, declared } = given;
  const size = rests.length;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  for (const [row, left] of rests.entries()) {
    for (const [column, other] of rests.slice(0, row + 1).entries())
      matrix[row * size + column] = knownProduct(left, other, rest) + (row === column ? RIDGE : 0);
    right[row] = knownProduct(left, rest, rest) + RIDGE * (declared[row] as number);
  }
  return solvePositiveDefinite(matrix, right);
}

/** Over the ticks in which `known` is. */
function knownProduct(left: Float64Array, right: Float64Array, known: Float64Array): number {
  let sum = 0;
  for (let tick = 0; tick < left.length; tick++)
    if (!Number.isNaN(known[tick])) sum += (left[tick] as number) * (right[tick] as number);
  return sum;
}
