// Many forecasts as a table, a row each: near peaks in numbers, the day ahead as a line.
import { styleText } from "node:util";
import type { QuantileLevel } from "../model/forecast.ts";
import type { ForecastWindow, ModelForecast, SeriesForecast } from "../model/forecast-report.ts";
import { type Ahead, aheadOf, busiestOf, momentOf, placesOf, spanOf } from "./ahead.ts";
import { type AmountScale, amountScale } from "./amount-scale.ts";
import { sparkline } from "./quantile-bar.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

export interface ForecastRow {
  readonly series: SeriesForecast;
  readonly model: ModelForecast;
}

interface Table {
  readonly levels: readonly QuantileLevel[];
  readonly page: Page;
}

/** One row with all that its cells need. */
interface Measured extends ForecastRow {
  readonly name: string;
  readonly ahead: Ahead;
  readonly scale: AmountScale;
}

/** Under a head of two lines. The lower its rank, the longer it is kept where room is short. */
interface Column {
  readonly rank: number;
  readonly head: readonly [string, string];
  readonly width: number;
  readonly cell: (row: Measured) => string;
  readonly isText?: true;
}

export function forecastTable(given: readonly ForecastRow[], { levels, page }: Table): string[] {
  const [median = 0, high = 0, highest = 0] = placesOf(levels);
  const hasModels = given.some(({ series }) => series.models.length > 1);
  const rows = given.map((row) => measured(row, { hasModels, highest, page }));
  const nameWidth = Math.min(NAME_MAX, Math.max("series".length, ...rows.map(({ name }) => name.length)));
  const columns = columnsOf(rows, { median, high, highest, isRich: page.isRich });
  const kept = fitting(columns, page.columns - nameWidth);
  const line = (left: string, cells: readonly string[]) =>
    `${clipped(left, nameWidth)}${cells.map((cell, at) => placed(cell, kept[at])).join("")}`.trimEnd();
  const origins = [...new Set(given.map(({ series }) => series.origin))];
  const from = `Demand from ${(origins[0] ?? "").slice(0, 16).replace("T", " ")} UTC on`;
  const title = origins.length > 1 ? "Demand from the end of each series on" : from;
  return [
    page.isRich ? styleText("bold", title, { validateStream: false }) : title,
    "",
    `${"".padEnd(nameWidth)}${groupHeads(kept)}`.trimEnd(),
    line(
      "series",
      kept.map(({ head: [, lower] }) => lower),
    ),
    ...rows.map((row) =>
      line(
        row.name,
        kept.map(({ cell }) => cell(row)),
      ),
    ),
    "",
    ...wrapped(FOOTNOTE, page.columns),
  ];
}

const FOOTNOTE =
  "The next tick, and peaks. 50%, 90%, 99%: stays below it half of the time, 9 times of 10, 99 of 100. The line: 99% level of " +
  "each window ahead; largest: the highest of them, and when (UTC). -: too little is known. A series alone is shown in full " +
  "(--vm, --resource).";

const NAME_MAX = 28;

/** Once above all columns that it is the head of. */
function groupHeads(columns: readonly Column[]): string {
  const groups: { readonly title: string; width: number }[] = [];
  for (const { head, width } of columns) {
    const last = groups.at(-1);
    if (last?.title === head[0]) last.width += width;
    else groups.push({ title: head[0], width });
  }
  return groups.map(({ title, width }) => title.padStart(width)).join("");
}

function measured(
  row: ForecastRow,
  { hasModels, highest, page }: { hasModels: boolean; highest: number; page: Page },
): Measured {
  const { series, model } = row;
  const name = [series.name, series.resource ?? "", hasModels ? model.model : ""]
    .filter((part) => part !== "")
    .join(" ");
  const largest = Math.max(0, ...model.windows.map(({ quantiles }) => quantiles?.[highest] ?? 0));
  return { ...row, name: shownOn(page, name), ahead: aheadOf(model), scale: amountScale(series.resource, largest) };
}

interface Places {
  readonly median: number;
  readonly high: number;
  readonly highest: number;
  readonly isRich: boolean;
}

const NUMBER_WIDTH = 7;

function columnsOf(rows: readonly Measured[], { median, high, highest, isRich }: Places): Column[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { ahead, series } = first;
  const quantile = (of: (ahead: Ahead) => ForecastWindow | undefined, place: number) => (row: Measured) => {
    const amount = of(row.ahead)?.quantiles?.[place];
    return amount === undefined ? "-" : row.scale.format(amount);
  };
  const numbers = (title: string, of: (ahead: Ahead) => ForecastWindow | undefined, ranks: readonly number[]) =>
    ([median, high, highest] as const).map(
      (place, at): Column => ({
        rank: ranks[at] ?? 9,
        head: [title, ["50%", "90%", "99%"][at] ?? ""],
        width: NUMBER_WIDTH,
        cell: quantile(of, place),
      }),
    );
  const line = ({ ahead: { later } }: Measured) =>
    sparkline(
      later.map(({ quantiles }) => quantiles?.[highest] ?? null),
      isRich,
    );
  const length = Math.max(...rows.map((row) => row.ahead.later.length));
  const span = ahead.later[0] ? spanOf((Date.parse(ahead.later[0].end) - Date.parse(ahead.later[0].start)) / 1000) : "";
  const hasNear = ahead.halfHour !== undefined;
  const nextRanks = hasNear ? [8, 9, 5] : [1, 4, 0];
  return [
    {
      rank: 0,
      head: ["", "unit"],
      width: 2 + Math.max(4, ...rows.map(({ scale }) => scale.unit.length)),
      cell: ({ scale }) => `  ${scale.unit}`,
      isText: true,
    },
    ...(ahead.next ? numbers(spanOf(series.stepSeconds), ({ next }) => next, nextRanks) : []),
    ...(hasNear ? numbers("30 min", ({ halfHour }) => halfHour, [1, 4, 0]) : []),
    ...(length > 1
      ? [
          {
            rank: 2,
            head: [`by the ${span}`, ""] as const,
            width: length + 2,
            cell: (row: Measured) => `  ${line(row)}`,
            isText: true as const,
          },
        ]
      : []),
    ...(length > 1 ? largestColumns(highest) : []),
  ];
}

function largestColumns(highest: number): Column[] {
  const busiest = ({ ahead: { later } }: Measured) => busiestOf(later, highest);
  return [
    {
      rank: 3,
      head: ["largest", ""],
      width: NUMBER_WIDTH + 1,
      cell: (row) => {
        const amount = busiest(row)?.quantiles?.[highest];
        return amount === undefined ? "-" : row.scale.format(amount);
      },
    },
    {
      rank: 6,
      head: ["largest", ""],
      width: 10,
      cell: (row) => {
        const window = busiest(row);
        return window?.quantiles ? momentOf(window, row.series.stepSeconds) : "";
      },
    },
  ];
}

function fitting(columns: readonly Column[], room: number): Column[] {
  const kept = new Set<Column>();
  let used = 0;
  for (const column of columns.toSorted((left, right) => left.rank - right.rank)) {
    used += column.width;
    if (used > room) break;
    kept.add(column);
  }
  return columns.filter((column) => kept.has(column));
}

function placed(cell: string, column: Column | undefined): string {
  const { width, isText } = column ?? { width: 0 };
  return isText ? cell.padEnd(width) : cell.padStart(width);
}

function clipped(name: string, width: number): string {
  return name.length > width ? `${name.slice(0, width - 2)}..` : name.padEnd(width);
}
