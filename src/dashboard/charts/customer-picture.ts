// A customer's last and next hours on one axis: what was used and allowed, then what is likely and how wrong that can be.
import type { CustomerChart, Fan } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import { amountText, amountWithUnit, isLimited, type Scale } from "../units.ts";
import { niceTop } from "./axes.ts";
import {
  type ChartModel,
  type FanQuantiles,
  type GutterLabel,
  type Layer,
  peakOf,
  type Values,
} from "./chart-model.ts";
import { floorMarks } from "./floor-marks.ts";

export interface CustomerPictureOptions {
  readonly chart: CustomerChart;
  readonly resource: Resource;
  readonly scale: Scale;
  /** How far it looks, back as well as ahead. */
  readonly spanMs: number;
}

export function customerPicture({ chart, resource, scale, spanMs }: CustomerPictureOptions): ChartModel {
  const fan = chart.forecast[resource];
  const now = chart.at.at(-1) ?? 0;
  const ahead = fan.at.map(() => null);
  const at = [...chart.at, ...fan.at];
  const quantiles = fanQuantiles(fan, chart.used[resource]);
  const layers: Layer[] = [
    { kind: "base-line", values: at.map(() => chart.base[resource]) },
    { kind: "allowed", values: [...chart.allowed[resource], ...ahead] },
    ...(fan.at.length > 0 ? [{ kind: "fan", quantiles } as const] : []),
    { kind: "used", values: [...chart.used[resource], ...ahead] },
  ];
  const model: ChartModel = {
    at,
    now,
    from: now - spanMs,
    to: now + spanMs,
    layers,
    floor: [
      ...floorMarks("from-buffer", { at: chart.at, amounts: chart.fromBuffer[resource] }),
      ...floorMarks("short", { at: chart.at, amounts: chart.short[resource] }),
    ],
    gutter: gutterOf({ quantiles, base: chart.base[resource], scale }),
    above: undefined,
    scale,
  };
  return withCeiling(model, chart.ceiling[resource]);
}

/** A dotted line where it fits into the plot, a note where it would squash it, nothing where there is none. */
function withCeiling(model: ChartModel, ceiling: number): ChartModel {
  if (!isLimited(ceiling)) return model;
  const { scale, layers, at } = model;
  if (ceiling > niceTop(peakOf(model) / scale.baseUnits) * scale.baseUnits)
    return { ...model, above: `ceiling ${amountWithUnit(ceiling, scale)}` };
  return { ...model, layers: [{ kind: "ceiling", values: at.map(() => ceiling) }, ...layers] };
}

/** Grows out of the last value used. */
function fanQuantiles({ levels, quantiles }: Fan, used: readonly number[]): FanQuantiles {
  const past: (number | null)[] = [...used.slice(1).map(() => null), used.at(-1) ?? null];
  const path = (level: number): Values => {
    const place = nearestLevel(levels, level);
    return [...past, ...quantiles.map((row) => row[place] ?? null)];
  };
  return {
    low: path(0.05),
    lowMiddle: path(0.25),
    likely: path(0.5),
    highMiddle: path(0.75),
    oneIn20: path(0.95),
    oneIn100: path(0.99),
  };
}

function nearestLevel(levels: readonly number[], wanted: number): number {
  return levels.reduce(
    (best, level, place) => (Math.abs(level - wanted) < Math.abs((levels[best] ?? 9) - wanted) ? place : best),
    0,
  );
}

function gutterOf(given: { quantiles: FanQuantiles; base: number; scale: Scale }): readonly GutterLabel[] {
  const { quantiles, base, scale } = given;
  const label = (values: Values, ink: GutterLabel["ink"], words: (value: number) => string): GutterLabel[] => {
    const value = values.at(-1);
    return value === null || value === undefined ? [] : [{ value, text: words(value), ink }];
  };
  return [
    ...label(quantiles.oneIn100, "fc", () => "1 in 100"),
    ...label(quantiles.likely, "fc", (value) => `likely ${amountText(value, scale)}`),
    ...label(quantiles.low, "fc", () => "1 in 20 below"),
    ...label([base], "ink3", (value) => `base ${amountText(value, scale)}`),
  ];
}
