// One forecast as a picture: a bar for each window ahead, from what is asked for half of the time to what is hardly ever passed.
import { styleText } from "node:util";
import type { QuantileLevel } from "../model/forecast.ts";
import type { ForecastWindow, ModelForecast, SeriesForecast } from "../model/forecast-report.ts";
import { aheadOf, momentOf, placesOf, SHOWN_LEVELS, spanOf } from "./ahead.ts";
import { type AmountScale, amountScale } from "./amount-scale.ts";
import { quantileBar } from "./quantile-bar.ts";
import { type Screen, wrapped } from "./terminal.ts";

type Page = Pick<Screen, "columns" | "isRich">;

export interface Pictured {
  readonly series: SeriesForecast;
  readonly model: ModelForecast;
}

export interface Drawing {
  readonly levels: readonly QuantileLevel[];
  readonly page: Page;
}

export function pictureLines({ series, model }: Pictured, { levels, page }: Drawing): string[] {
  const { next, halfHour, later } = aheadOf(model);
  const peak = halfHour ? [{ label: "30 min peak", window: halfHour }] : [];
  const rest = later.map((window) => ({ label: momentOf(window, series.stepSeconds), window }));
  const rows: Row[] = [
    ...(next ? [{ label: `next ${spanOf(series.stepSeconds)}`, window: next }] : []),
    ...(later[0]?.kind === "tick" ? [...rest, ...peak] : [...peak, ...rest]),
  ];
  const places = placesOf(levels);
  const amounts = rows.flatMap(({ window }) => [...shownOf(window, places), window.came ?? 0]);
  const scale = amountScale(series.resource, Math.max(0, ...amounts));
  const hasCome = rows.some(({ window }) => window.came !== null);
  const layout = layOut(rows, { page, hasCome, end: Math.max(0, ...amounts), scale, places });
  return [
    headOf(layout, series, scale),
    ...rows.map((row) => lineOf(row, layout)),
    "",
    ...wrapped(legendOf(model, hasCome, page), page.columns),
  ];
}

interface Row {
  readonly label: string;
  readonly window: ForecastWindow;
}

interface Layout {
  readonly page: Page;
  readonly hasCome: boolean;
  /** Amount at the end of a bar, base units. */
  readonly end: number;
  readonly scale: AmountScale;
  readonly places: readonly number[];
  readonly labelWidth: number;
  readonly barWidth: number;
}

const NUMBER_WIDTH = 8;

function layOut(rows: readonly Row[], given: Omit<Layout, "labelWidth" | "barWidth">): Layout {
  const labelWidth = Math.max(...rows.map(({ label }) => label.length));
  const numbers = NUMBER_WIDTH * (SHOWN_LEVELS.length + (given.hasCome ? 1 : 0));
  return { ...given, labelWidth, barWidth: Math.max(0, given.page.columns - labelWidth - 1 - numbers) };
}

function headOf(layout: Layout, { resource }: SeriesForecast, { unit }: AmountScale): string {
  const what = unit === "" ? (resource ?? "") : unit;
  const heads = [...SHOWN_LEVELS.map((level) => `${level * 100}%`), ...(layout.hasCome ? ["came"] : [])];
  const left = what.padEnd(layout.labelWidth + 1 + layout.barWidth);
  return left + heads.map((head) => head.padStart(NUMBER_WIDTH)).join("");
}

function lineOf({ label, window }: Row, layout: Layout): string {
  const { page, hasCome, end, scale, places, labelWidth, barWidth } = layout;
  const values = shownOf(window, places);
  const bar = quantileBar({ values, end, width: barWidth, isRich: page.isRich, mark: window.came });
  const shown = window.quantiles === null ? places.map(() => "-") : values.map(scale.format);
  const came = hasCome ? [window.came === null ? "-" : scale.format(window.came)] : [];
  const numbers = [...shown, ...came].map((text) => text.padStart(NUMBER_WIDTH)).join("");
  const coloured = page.isRich ? styleText("cyan", bar, { validateStream: false }) : bar;
  return `${label.padEnd(labelWidth)} ${coloured}${numbers}`;
}

function shownOf({ quantiles }: ForecastWindow, places: readonly number[]): number[] {
  return quantiles === null ? [] : places.map((place) => quantiles[place] ?? Number.NaN);
}

function legendOf({ windows }: ModelForecast, hasCome: boolean, { isRich }: Page): string {
  const [solid, thin, thinner, mark] = isRich ? ["█", "▒", "░", "┃"] : ["#", "=", "-", "|"];
  const peaks = windows.find(({ kind }) => kind === "peak-1h" || kind === "peak-1d");
  const rows = peaks === undefined ? "" : ` Rows by the ${peaks.kind === "peak-1h" ? "hour" : "day"} are peaks.`;
  const silent = windows.some(({ quantiles }) => quantiles === null) ? " - too little is known to say anything." : "";
  const came = hasCome ? ` ${mark} what came.` : "";
  return `Stays below ${solid} half of the time, ${thin} 9 times of 10, ${thinner} 99 of 100.${came}${rows}${silent} Times are UTC.`;
}
