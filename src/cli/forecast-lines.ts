// A forecast in a terminal: one series as a picture of the time ahead, many as a table. Complete at 80 columns; plain ASCII where
// nobody looks at a screen.
import { styleText } from "node:util";
import type { ForecastReport, ModelForecast, SeriesForecast } from "../model/forecast-report.ts";
import { partLines } from "./forecast-parts-table.ts";
import { pictureLines } from "./forecast-picture.ts";
import { type ForecastRow, forecastTable } from "./forecast-table.ts";
import { type Screen, shownOn, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

const COLUMNS_MAX = 120;

/** Lines to print, each at most `columns` wide. */
export function forecastLines(report: ForecastReport, screen: Page): string[] {
  const page = { ...screen, columns: Math.min(screen.columns, COLUMNS_MAX) };
  const rows = report.series.flatMap((series) => series.models.map((model): ForecastRow => ({ series, model })));
  const hasParts = report.series.some(({ eventsAhead }) => eventsAhead !== undefined);
  const { levels } = report;
  if (rows.length === 0) return ["There is nothing to forecast: no VM in the input records what was asked for."];
  if (rows.length > 1 && !hasParts) return [...forecastTable(rows, { levels, page }), ...networkLine(report, page)];
  const blocks = rows.flatMap(({ series, model }, index) => [
    ...(index === 0 ? [] : [""]),
    ...headLines(series, model, page),
    "",
    ...pictureLines({ series, model }, { levels, page }),
    ...(hasParts ? ["", ...partLines({ series, model }, { levels, page })] : []),
  ]);
  return [...blocks, ...networkLine(report, page)];
}

function headLines(series: SeriesForecast, { model, sentence }: ModelForecast, page: Page): string[] {
  const { name, resource, origin, ground } = series;
  const what = [name, ...(resource === null ? [] : [resource])].join(" ");
  const title = `Demand of ${what} from ${minute(origin)} UTC on, by ${model}`;
  const text = (line: string) => wrapped(shownOn(page, line), page.columns);
  const rest = sentence === null ? ground.sentence : `${ground.sentence} ${capital(sentence)}`;
  const bold = (line: string) => (page.isRich ? styleText("bold", line, { validateStream: false }) : line);
  return [...text(title).map(bold), ...text(rest)];
}

function networkLine({ network }: ForecastReport, page: Page): string[] {
  return network === null ? [] : wrapped(`The trained network ${network} was asked too.`, page.columns);
}

/** "2026-03-20 12:00" */
function minute(at: string): string {
  return at.slice(0, 16).replace("T", " ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
