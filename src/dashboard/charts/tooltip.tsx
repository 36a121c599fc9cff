// Values under the cursor, with the marks of the legend; beside the cursor, never over its own column.
import type { ReactNode } from "react";
import type uPlot from "uplot";
import { Mark } from "../marks.tsx";
import { clockTime, dayName } from "../units.ts";
import { type ChartModel, rowsAt } from "./chart-model.ts";

const WIDTH = 216;
const DISTANCE = 14;

interface TooltipProps {
  readonly model: ChartModel;
  readonly column: number;
  /** Read out loud as it changes. */
  readonly live: boolean;
  readonly plot: uPlot | undefined;
}

export function Tooltip({ model, column, live, plot }: TooltipProps): ReactNode {
  const at = model.at[column];
  const rows = rowsAt(model, column);
  if (at === undefined || plot === undefined || rows.length === 0) return null;
  const x = plot.over.offsetLeft + plot.valToPos(at, "x");
  const fitsRight = x + DISTANCE + WIDTH <= plot.root.clientWidth;
  const left = fitsRight ? x + DISTANCE : Math.max(0, x - DISTANCE - WIDTH);
  return (
    <div className="tooltip" style={{ left, width: WIDTH }} aria-live={live ? "polite" : "off"}>
      <h3>
        {dayName(at)} {clockTime(at)}
        {at > model.now && " · forecast"}
      </h3>
      <dl className="number">
        {rows.map(({ mark, words, value }) => (
          <div key={words}>
            <dt>
              <Mark name={mark} />
              {words}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
