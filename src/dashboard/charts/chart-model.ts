// What a chart over time shows, as data: layers by meaning, never by colour. The grammar decides how each one looks.
import type { MarkName } from "../marks.tsx";
import { exactAmount, type Scale } from "../units.ts";

/** [column] one value for each instant of the chart; null where there is none. Base units. */
export type Values = readonly (number | null)[];

export type Layer =
  | { readonly kind: "stack"; readonly base: Values; readonly leased: Values; readonly buffer: Values }
  | { readonly kind: "allowed"; readonly values: Values }
  | { readonly kind: "base-line" | "ceiling"; readonly values: Values }
  | { readonly kind: "fan"; readonly quantiles: FanQuantiles }
  | { readonly kind: "used"; readonly values: Values };

export interface FanQuantiles {
  readonly low: Values;
  readonly lowMiddle: Values;
  readonly likely: Values;
  readonly highMiddle: Values;
  readonly oneIn20: Values;
  readonly oneIn100: Values;
}

export interface FloorMark {
  readonly kind: "short" | "from-buffer";
  readonly at: number;
}

export interface GutterLabel {
  readonly value: number;
  readonly text: string;
  readonly ink: "ink" | "lease" | "fc" | "ink3";
}

export interface ChartModel {
  /** End of each tick, past and to come, ascending, milliseconds since 1970. */
  readonly at: readonly number[];
  readonly now: number;
  readonly from: number;
  readonly to: number;
  /** Painted in this order. */
  readonly layers: readonly Layer[];
  readonly floor: readonly FloorMark[];
  /** Direct labels at the right edge. */
  readonly gutter: readonly GutterLabel[];
  /** What lies far above the plot: "fixed sizes hold 589 cores". */
  readonly above: string | undefined;
  readonly scale: Scale;
}

/** Largest value that the plot has to hold: what lies outside its time span does not count. */
export function peakOf({ at, from, to, layers }: ChartModel): number {
  const isSeen = at.map((instant) => instant >= from && instant <= to);
  let peak = 0;
  for (const layer of layers)
    for (const [column, value] of topOf(layer).entries()) if (isSeen[column]) peak = Math.max(peak, value ?? 0);
  return peak;
}

function topOf(layer: Layer): Values {
  switch (layer.kind) {
    case "stack":
      return stacked(layer.base, layer.leased, layer.buffer);
    case "fan":
      return layer.quantiles.oneIn100;
    case "allowed":
    case "base-line":
    case "ceiling":
    case "used":
      return layer.values;
  }
}

/** The sum, column by column; null where the first has no value. */
export function stacked(first: Values, ...others: readonly Values[]): Values {
  return first.map((value, column) =>
    value === null ? null : others.reduce((sum, other) => sum + (other[column] ?? 0), value),
  );
}

export interface CursorRow {
  readonly mark: MarkName;
  readonly words: string;
  readonly value: string;
}

/** What the chart says at one column, in the words and marks of the legend. */
export function rowsAt({ layers, scale }: ChartModel, column: number): readonly CursorRow[] {
  const row = (mark: MarkName, words: string, values: Values): CursorRow[] => {
    const value = values[column];
    return value === null || value === undefined ? [] : [{ mark, words, value: exactAmount(value, scale) }];
  };
  const rows = (layer: Layer): CursorRow[] => {
    switch (layer.kind) {
      case "stack":
        return [
          ...row("buffer", "ready in all", stacked(layer.base, layer.leased, layer.buffer)),
          ...row("leased", "of it leased", layer.leased),
          ...row("base", "of it base", layer.base),
        ];
      case "allowed":
        return row("allowed", "allowed", layer.values);
      case "base-line":
      case "ceiling":
        return [];
      case "fan":
        return [
          ...row("forecast", "likely", layer.quantiles.likely),
          ...row("forecast", "1 in 20 above", layer.quantiles.oneIn20),
          ...row("forecast", "1 in 100 above", layer.quantiles.oneIn100),
        ];
      case "used":
        return row("used", "used", layer.values);
    }
  };
  return layers.toReversed().flatMap(rows);
}
