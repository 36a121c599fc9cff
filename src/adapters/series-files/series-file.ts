// One series out of one CSV file: a time and an amount a row, on a regular grid, gaps left open.
import { type Result, success } from "../../model/result.ts";
import { holdThroughShortGaps, type Series, series } from "../../model/series.ts";
import { HOUR_MS, timeGrid } from "../../model/time.ts";
import { stemOf } from "../trace-files/file-names.ts";
import { badInput, shown } from "../trace-files/problems.ts";
import { emptyTable, type RowTable } from "../trace-files/row-table.ts";
import { headerText, isHeader, type RowLayout, readRows } from "../trace-files/rows.ts";
import { samplesOfRows } from "../trace-files/ticks.ts";
import { takeTimeAndValue } from "../trace-files/time-and-value.ts";
import { headerOf } from "./header.ts";

const ROWS_MAX = 2_000_000;

const LAYOUTS: readonly RowLayout[] = [
  ["time", "value"],
  ["timestamp", "value"],
  ["ds", "y"],
].map((columns) => ({ columns, delimiter: ",", quotes: true, rowsMax: ROWS_MAX }));

export interface SeriesFile {
  /** The file's name without folders and endings. */
  readonly name: string;
  readonly series: Series;
  /** What was done to make a grid of the rows, and a person should know: one sentence each. */
  readonly notices: readonly string[];
}

/**
 * Rows `time,value`, `timestamp,value` or `ds,y` in any order, plain or gzip; the tick is their median distance in whole
 * seconds. Rows of one tick are averaged; gaps of at most an hour hold the value before them, longer ones stay unknown.
 * Fails with "not-found", or with "bad-input" naming file, line and column.
 */
export async function readSeriesFile(file: string): Promise<Result<SeriesFile>> {
  const header = await headerOf(file);
  if (!header.ok) return header;
  const layout = layoutOf(header.value);
  if (layout === undefined) return badInput(wrongHeaderText(file, header.value));
  const table = emptyTable(2);
  const take = (fields: readonly string[]) => takeTimeAndValue(table, fields as readonly [string, string]);
  const counts = await readRows({ file, lenient: false, layout, take });
  if (!counts.ok) return counts;
  return seriesOf(file, table);
}

/** By its header alone; false for what cannot be read. */
export async function isSeriesFile(file: string): Promise<boolean> {
  const header = await headerOf(file);
  return header.ok && layoutOf(header.value) !== undefined;
}

function layoutOf(header: readonly string[]): RowLayout | undefined {
  return LAYOUTS.find((known) => isHeader(known, header));
}

function wrongHeaderText(file: string, header: readonly string[]): string {
  const expected = LAYOUTS.map(headerText).join(" or ");
  return `${file}, line 1: expected ${expected}, got ${shown(header.join(","))}`;
}

function seriesOf(file: string, table: RowTable): Result<SeriesFile> {
  const name = stemOf(file);
  const vm = { vm: name, table, resources: ["cpu"] as const, demand: sampleOf, sizes: {} };
  const counts = { rowsRead: table.rowCount, skippedRows: 0, notices: [] };
  const samples = samplesOfRows({ file, counts, vms: [vm] });
  if (!samples.ok) return samples;
  const { stepMs, segments } = samples.value;
  const [segment] = segments;
  const sums = segment?.sums.cpu;
  if (segment === undefined || sums === undefined) return badInput(`${file}: there are no rows below the header`);
  const values = sums.map((sum, tick) => sum / (segment.counts[tick] || Number.NaN));
  const filled = holdThroughShortGaps(values, Math.floor(HOUR_MS / stepMs));
  const missing = values.filter(Number.isNaN).length;
  const notices = [
    ...(filled > 0 ? [`${file}: ${filled} ticks without a sample hold the value before them`] : []),
    ...(missing > 0 ? [`${file}: ${missing} of ${values.length} ticks have no sample; they are not scored`] : []),
  ];
  const grid = timeGrid({ startMs: segment.firstTick * stepMs, stepMs, length: values.length });
  return success({ name, series: series(grid, values), notices });
}

function sampleOf(row: Float64Array, into: Float64Array): void {
  into[0] = row[1] as number;
}
