// What is drawn over and under the lines of a chart: the ground of the future, "now", marks on the floor, labels at the edge.
import type uPlot from "uplot";
import { clockTime } from "../units.ts";
import type { ChartModel, FloorMark } from "./chart-model.ts";
import type { Palette } from "./palette.ts";

export interface Canvas {
  readonly plot: uPlot;
  readonly model: ChartModel;
  readonly palette: Palette;
  readonly size: "large" | "small";
  /** No room beside the plot for labels. */
  readonly narrow: boolean;
}

const FAMILY = '"HR Sans", system-ui, sans-serif';
const LABEL_GAP = 17;
/** As wide as a mark: none covers another, and their counts stay apart. */
const MERGE_WITHIN = 11;

export function drawUnder({ plot, model, palette }: Canvas): void {
  const { left, top, width, height } = plot.bbox;
  const now = plot.valToPos(model.now, "x", true);
  plot.ctx.fillStyle = palette.future;
  if (now < left + width) plot.ctx.fillRect(now, top, left + width - now, height);
}

export function drawOver(canvas: Canvas): void {
  const { ctx } = canvas.plot;
  ctx.save();
  drawNow(canvas);
  for (const cluster of clusters(canvas)) drawFloorMark(canvas, cluster);
  if (canvas.size === "large" && !canvas.narrow) drawGutter(canvas);
  ctx.restore();
}

function drawNow({ plot, model, palette, size, narrow }: Canvas): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const x = Math.round(plot.valToPos(model.now, "x", true)) + 0.5;
  ctx.strokeStyle = palette.ink;
  ctx.lineWidth = ratio;
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 4 * ratio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (size === "small") return;
  const atEdge = narrow && x > bbox.left + bbox.width - 40 * ratio;
  ctx.font = `600 ${12 * ratio}px ${FAMILY}`;
  ctx.fillStyle = palette.ink;
  ctx.textAlign = atEdge ? "right" : "center";
  ctx.fillText(`now ${clockTime(model.now)}`, x, bbox.top - 9 * ratio);
}

interface Cluster {
  readonly kind: FloorMark["kind"];
  readonly x: number;
  readonly count: number;
}

/** Marks of one kind that would cover each other become one, where the first is, with a count. */
function clusters({ plot, model }: Canvas): readonly Cluster[] {
  return (["from-buffer", "short"] as const).flatMap((kind) => {
    const found: { kind: FloorMark["kind"]; x: number; count: number }[] = [];
    for (const mark of model.floor.filter((each) => each.kind === kind && each.at >= model.from)) {
      const x = plot.valToPos(mark.at, "x", true);
      const before = found.at(-1);
      if (before !== undefined && x - before.x < MERGE_WITHIN * devicePixelRatio) before.count++;
      else found.push({ kind, x, count: 1 });
    }
    return found;
  });
}

function drawFloorMark({ plot, palette, size }: Canvas, { kind, x, count }: Cluster): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const floor = bbox.top + bbox.height - ratio;
  const to = (dx: number, dy: number) => ctx.lineTo(x + dx * ratio, floor - dy * ratio);
  ctx.beginPath();
  if (kind === "short") {
    for (const [dx, dy] of [
      [0, 0],
      [-5, 9],
      [5, 9],
    ] as const)
      to(dx, dy);
    ctx.closePath();
    ctx.fillStyle = palette.bad;
    ctx.strokeStyle = palette.surface;
    ctx.lineWidth = ratio;
  } else {
    for (const [dx, dy] of [
      [0, 9],
      [4, 5],
      [0, 1],
      [-4, 5],
    ] as const)
      to(dx, dy);
    ctx.closePath();
    ctx.fillStyle = palette.surface;
    ctx.strokeStyle = palette.lease;
    ctx.lineWidth = 1.5 * ratio;
  }
  ctx.fill();
  ctx.stroke();
  if (count < 2 || kind !== "short" || size === "small") return;
  ctx.font = `600 ${12 * ratio}px ${FAMILY}`;
  ctx.textAlign = "center";
  ctx.fillStyle = palette.bad;
  ctx.fillText(String(count), x, floor - 13 * ratio);
}

function drawGutter({ plot, model, palette }: Canvas): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const lowest = bbox.top + bbox.height - 4 * ratio;
  const labels = model.gutter
    .map((label) => ({ ...label, y: plot.valToPos(label.value / model.scale.baseUnits, "y", true) + 4 * ratio }))
    .map((label) => ({ ...label, y: Math.max(bbox.top + 8 * ratio, Math.min(lowest, label.y)) }))
    .toSorted((one, other) => one.y - other.y);
  // Pushed down from the top until none covers another, then back up from the floor.
  for (let place = 1; place < labels.length; place++) {
    const [before, label] = [labels[place - 1], labels[place]];
    if (before && label) label.y = Math.max(label.y, before.y + LABEL_GAP * ratio);
  }
  for (let place = labels.length - 1, below = lowest; place >= 0; place--, below -= LABEL_GAP * ratio) {
    const label = labels[place];
    if (label) label.y = Math.min(label.y, below);
  }
  ctx.font = `600 ${13 * ratio}px ${FAMILY}`;
  ctx.textAlign = "left";
  for (const { text, ink, y } of labels) {
    ctx.fillStyle = palette[ink];
    ctx.fillText(text, bbox.left + bbox.width + 9 * ratio, y);
  }
}
