// A chart over time in the page: follows its model, its width and the theme; its cursor can be moved by mouse and by keys.
import "uplot/dist/uPlot.min.css";
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type uPlot from "uplot";
import { HOUR_MS } from "../../model/time.ts";
import { useTheme } from "../theme.ts";
import type { ChartModel } from "./chart-model.ts";
import { chartData, shapeOf } from "./grammar.ts";
import { readPalette } from "./palette.ts";
import { type ChartSize, createPlot } from "./plot.ts";
import { Tooltip } from "./tooltip.tsx";

export interface TimeChartProps {
  readonly model: ChartModel;
  /** The sentence that says what is seen. */
  readonly label: string;
  readonly height: number;
  readonly size?: ChartSize;
  readonly cursorKey: string;
}

export function TimeChart({ model, label, height, size = "large", cursorKey }: TimeChartProps): ReactNode {
  const { theme } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const newest = useRef(model);
  const width = useWidthOf(box);
  const [column, setColumn] = useState<number>();
  const [pointedAt, setPointedAt] = useState<"mouse" | "keys">();
  newest.current = model;
  const shape = shapeOf(model);

  // biome-ignore lint/correctness/useExhaustiveDependencies: theme and shape are what the plot is built from
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null || width === 0) return;
    const setting = { element, width, height, size, cursorKey, palette: readPalette() };
    const created = createPlot({ ...setting, model: () => newest.current, onCursor: setColumn });
    plot.current = created;
    return () => {
      created.destroy();
      plot.current = undefined;
    };
  }, [theme, shape, width, height, size, cursorKey]);

  useEffect(() => plot.current?.setData(chartData(model, readPalette())), [model]);

  const moveCursor = (event: KeyboardEvent): void => {
    const target = columnAfterKey(event.key, { model, column });
    if (target === undefined) return;
    event.preventDefault();
    setPointedAt("keys");
    const at = model.at[target];
    if (at !== undefined) plot.current?.setCursor({ left: plot.current.valToPos(at, "x"), top: 20 });
  };
  const leave = (): void => {
    setPointedAt(undefined);
    plot.current?.setCursor({ left: -10, top: -10 });
  };
  return (
    <div className="chart">
      <div
        ref={box}
        style={{ height }}
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move the cursor over the values
        tabIndex={0}
        onKeyDown={moveCursor}
        onBlur={leave}
        onMouseEnter={() => setPointedAt("mouse")}
        onMouseLeave={leave}
      />
      {size === "large" && model.above && <p className="above">↑ {model.above}</p>}
      {pointedAt !== undefined && column !== undefined && (
        <Tooltip model={model} column={column} live={pointedAt === "keys"} plot={plot.current} />
      )}
    </div>
  );
}

/** Arrows move by a tick, page keys by an hour, within what is seen; undefined for any other key. */
function columnAfterKey(
  key: string,
  { model, column }: { model: ChartModel; column: number | undefined },
): number | undefined {
  const [first = 0, second = first + 1] = model.at.slice(-2);
  const hour = Math.max(1, Math.round(HOUR_MS / (second - first)));
  const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: -hour, PageDown: hour }[key];
  if (move === undefined) return undefined;
  const firstSeen = model.at.findIndex((at) => at >= model.from);
  const lastSeen = model.at.findLastIndex((at) => at <= model.to);
  const start = column ?? model.at.findLastIndex((at) => at <= model.now);
  return Math.max(firstSeen, Math.min(lastSeen, start + move));
}

function useWidthOf(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.floor(element.clientWidth));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
