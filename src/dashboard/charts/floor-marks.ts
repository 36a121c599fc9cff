// Marks on the floor of a chart: one for each tick in which something happened.
import type { FloorMark } from "./chart-model.ts";

export function floorMarks(
  kind: FloorMark["kind"],
  { at, amounts }: { at: readonly number[]; amounts: readonly number[] },
): FloorMark[] {
  return at.flatMap((instant, tick) => ((amounts[tick] ?? 0) > 0 ? [{ kind, at: instant }] : []));
}
