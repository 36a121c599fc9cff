// One uPlot for one chart model: axes, layers, overlays. It asks for the model whenever it draws, so that new values need no new plot.
import uPlot from "uplot";
import { axisNumber, clockTime } from "../units.ts";
import { niceTop, timeLabels, timeLabelText, yLabels } from "./axes.ts";
import { type ChartModel, peakOf } from "./chart-model.ts";
import { chartData, drawChart } from "./grammar.ts";
import { type Canvas, drawOver, drawUnder } from "./overlays.ts";
import type { Palette } from "./palette.ts";

export type ChartSize = "large" | "small";

export interface PlotSetting {
  readonly element: HTMLElement;
  readonly width: number;
  readonly height: number;
  readonly size: ChartSize;
  readonly palette: Palette;
  /** The model to draw, whichever is newest. */
  readonly model: () => ChartModel;
  /** Column under the cursor; undefined when it left. */
  readonly onCursor: (column: number | undefined) => void;
  /** Charts with the same key share their cursor. */
  readonly cursorKey: string;
}

const AXIS_LEFT = 44;
const GUTTER = 96;
const NARROW_BELOW = 520;
const PIXELS_PER_TIME_LABEL = 74;
const HALF_TIME_LABEL = 18;

export function createPlot(setting: PlotSetting): uPlot {
  const { element, width, height, size, palette, model, cursorKey } = setting;
  const narrow = width < NARROW_BELOW;
  const gutter = size === "small" || narrow ? 10 : GUTTER;
  const canvas = (plot: uPlot): Canvas => ({ plot, model: model(), palette, size, narrow });
  const topOfPlot = (): number => niceTop((peakOf(model()) / model().scale.baseUnits) * 1.06);
  const options: uPlot.Options = {
    ...drawChart(model(), palette),
    width,
    height,
    ms: 1,
    padding: [size === "small" ? 8 : 26, gutter, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [model().from, model().to] },
      y: { range: () => [0, topOfPlot()] },
    },
    axes: [timeAxis(setting, { plotWidth: width - AXIS_LEFT - gutter, gutter }), amountAxis(setting, topOfPlot)],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: cursorKey } },
    hooks: {
      drawClear: [(plot) => drawUnder(canvas(plot))],
      draw: [(plot) => drawOver(canvas(plot))],
      setCursor: [
        (plot) => setting.onCursor((plot.cursor.left ?? -1) < 0 ? undefined : (plot.cursor.idx ?? undefined)),
      ],
    },
  };
  return new uPlot(options, chartData(model(), palette), element);
}

// uPlot reads the line height out of the font string: whole pixels only.
const FONT = '12px "HR Sans", system-ui, sans-serif';

function timeAxis(
  { size, palette, model }: PlotSetting,
  { plotWidth, gutter }: { readonly plotWidth: number; readonly gutter: number },
): uPlot.Axis {
  const countMax = Math.max(2, Math.floor(plotWidth / PIXELS_PER_TIME_LABEL));
  /** The last label may not be cut off by the edge of the chart. */
  const fits = (at: number): boolean => {
    const { from, to } = model();
    return ((to - at) / (to - from)) * plotWidth + gutter >= HALF_TIME_LABEL;
  };
  return {
    stroke: palette.ink3,
    font: FONT,
    size: size === "small" ? 26 : 42,
    gap: 4,
    grid: { show: false },
    ticks: { stroke: palette.rule2, size: 4, width: 1 },
    border: { show: true, stroke: palette.rule2, width: 1 },
    splits: () => timeLabels(model(), countMax).filter(fits),
    values: (_, instants) =>
      instants.map((at, place) => (size === "small" ? clockTime(at) : timeLabelText(at, place === 0))),
  };
}

function amountAxis({ size, palette }: PlotSetting, topOfPlot: () => number): uPlot.Axis {
  return {
    stroke: palette.ink3,
    font: FONT,
    size: AXIS_LEFT,
    gap: 6,
    grid: { stroke: palette.rule, width: 1 },
    ticks: { show: false },
    border: { show: false },
    splits: () => [...yLabels(topOfPlot(), size === "small")],
    values: (_, values) => values.map(axisNumber),
  };
}
