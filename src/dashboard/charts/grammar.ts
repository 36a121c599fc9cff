// How each layer looks: used = solid ink line, allowed = step with a light floor, base, leased, buffer = stacked steps,
// forecast = dashes and a fan. Never told apart by colour alone.
import uPlot from "uplot";
import { type ChartModel, type Layer, stacked, type Values } from "./chart-model.ts";
import { faded, hatching, type Palette } from "./palette.ts";

/** A value holds for the whole tick that ends at its instant. */
const step = uPlot.paths.stepped?.({ align: -1 });
const line = uPlot.paths.linear?.();

interface Stroke {
  readonly values: Values;
  readonly series: uPlot.Series;
}
interface Drawing {
  readonly strokes: readonly Stroke[];
  /** Fills between two strokes of this drawing, upper one first. */
  readonly fills: readonly { readonly between: readonly [number, number]; readonly fill: uPlot.Band["fill"] }[];
}

export interface DrawnChart {
  readonly series: uPlot.Series[];
  readonly bands: uPlot.Band[];
}

/** Changes when the chart has to be built anew instead of only getting new values. */
export function shapeOf({ layers }: ChartModel): string {
  return layers.map(({ kind }) => kind).join();
}

export function drawChart({ layers }: ChartModel, palette: Palette): DrawnChart {
  const series: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const layer of layers) {
    const { strokes, fills } = drawLayer(layer, palette);
    for (const { between, fill } of fills)
      bands.push({ series: [series.length + between[0], series.length + between[1]], ...(fill && { fill }) });
    series.push(...strokes.map((stroke) => ({ points: { show: false }, spanGaps: false, ...stroke.series })));
  }
  return { series, bands };
}

/** In the order of the series of `drawChart`, in the unit of the chart. */
export function chartData({ at, layers, scale }: ChartModel, palette: Palette): uPlot.AlignedData {
  const inUnit = (value: number | null): number | null => (value === null ? null : value / scale.baseUnits);
  return [
    [...at],
    ...layers.flatMap((layer) => drawLayer(layer, palette).strokes.map(({ values }) => values.map(inUnit))),
  ];
}

function drawLayer(layer: Layer, palette: Palette): Drawing {
  switch (layer.kind) {
    case "stack":
      return drawStack(layer, palette);
    case "allowed":
      return one(layer.values, { ...stepped, stroke: palette.lease, width: 1.7, fill: faded(palette.lease, 0.1) });
    case "base-line":
      return one(layer.values, { ...straight, stroke: palette.base, width: 1 });
    case "ceiling":
      return one(layer.values, { ...straight, stroke: palette.ink3, width: 1.5, dash: [1.5, 3.5] });
    case "fan":
      return drawFan(layer, palette);
    case "used":
      return one(layer.values, { ...straight, stroke: palette.ink, width: 1.5 });
  }
}

const stepped: uPlot.Series = step ? { paths: step } : {};
const straight: uPlot.Series = line ? { paths: line } : {};

function one(values: Values, series: uPlot.Series): Drawing {
  return { strokes: [{ values, series }], fills: [] };
}

function drawStack({ base, leased, buffer }: Extract<Layer, { kind: "stack" }>, palette: Palette): Drawing {
  const ground = { ...stepped, stroke: palette.ink3, width: 0.9, fill: palette["base-s"] };
  return {
    strokes: [
      { values: stacked(base, leased, buffer), series: { ...stepped, stroke: palette.lease, width: 1.6 } },
      { values: stacked(base, leased), series: { ...stepped, stroke: faded(palette.lease, 0.55), width: 0.8 } },
      { values: base, series: ground },
    ],
    fills: [
      { between: [0, 1], fill: (plot) => hatching(plot.ctx, palette) },
      { between: [1, 2], fill: faded(palette.lease, 0.26) },
    ],
  };
}

function drawFan({ quantiles }: Extract<Layer, { kind: "fan" }>, palette: Palette): Drawing {
  const edge = { ...straight, width: 0, stroke: palette.fc };
  const { oneIn100, oneIn20, highMiddle, likely, lowMiddle, low } = quantiles;
  return {
    strokes: [
      { values: oneIn100, series: { ...straight, stroke: faded(palette.fc, 0.55), width: 1, dash: [1, 3] } },
      { values: oneIn20, series: edge },
      { values: highMiddle, series: edge },
      { values: lowMiddle, series: edge },
      { values: low, series: edge },
      { values: likely, series: { ...straight, stroke: palette.fc, width: 1.8, dash: [6, 4] } },
    ],
    fills: [
      { between: [0, 1], fill: faded(palette.fc, 0.07) },
      { between: [1, 2], fill: faded(palette.fc, 0.15) },
      { between: [2, 3], fill: faded(palette.fc, 0.3) },
      { between: [3, 4], fill: faded(palette.fc, 0.15) },
    ],
  };
}
