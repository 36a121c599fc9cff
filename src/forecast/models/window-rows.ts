// The rows of a forecast, window by window.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { Window } from "../forecast-model.ts";

/** [window x level] out of [level] for each window. */
export function windowRows(windows: readonly Window[], quantilesOf: (window: Window) => Float64Array): Float64Array {
  const rows = new Float64Array(windows.length * LEVEL_COUNT);
  for (const [row, window] of windows.entries()) rows.set(quantilesOf(window), row * LEVEL_COUNT);
  return rows;
}

/** For a model to which only the length of a window matters: worked out once for each length. */
export function onceForEachLength(make: (ticks: number) => Float64Array): (window: Window) => Float64Array {
  const known = new Map<number, Float64Array>();
  return ({ ticks }) => {
    const made = known.get(ticks) ?? make(ticks);
    known.set(ticks, made);
    return made;
  };
}
