// Rows of a delimited file, streamed. Bad rows stop the reading, or are skipped and counted; a broken file always stops it.
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import { type Result, success } from "../../model/result.ts";
import { openBytes } from "./file-bytes.ts";
import { badInput, problemText, type RowProblem, readingFailed, shown } from "./problems.ts";

const LINE_BYTES_MAX = 64 * 1024;

/** How a format lays out its rows. */
export interface RowLayout {
  /** Names in the header row, in order; upper and lower case are the same. */
  readonly columns: readonly string[];
  readonly delimiter: string;
  readonly quotes: boolean;
  /** More rows than any honest file has: the bound on memory. */
  readonly rowsMax: number;
}

export interface RowSource {
  readonly file: string;
  readonly layout: RowLayout;
  readonly lenient: boolean;
  /** Takes a row that has as many fields as columns, or says what is wrong with it. */
  readonly take: (fields: readonly string[]) => RowProblem | undefined;
}

export interface RowCounts {
  readonly rowsRead: number;
  readonly skippedRows: number;
  readonly notices: readonly string[];
}

/**
 * Reads all rows of a file with a header row, one after the other. Blank lines are no rows.
 * Fails with "bad-input", also when `lenient`, on a wrong header, a line of more than 64 KiB, a quote never closed,
 * damaged gzip and too many rows: nothing after such a break can be trusted.
 */
export async function readRows(source: RowSource): Promise<Result<RowCounts>> {
  const bytes = await openBytes(source.file);
  if (!bytes.ok) return bytes;
  const reading = { source, line: 0, rowsRead: 0, skippedRows: 0, firstSkipped: "", refused: "" };
  try {
    await pipeline(bytes.value, parserOf(source.layout), async (records: AsyncIterable<string[]>) => {
      for await (const fields of records) {
        takeRecord(reading, fields);
        if (reading.refused !== "") break;
      }
    });
  } catch (thrown) {
    // Stopping early makes the pipeline complain too; only a complaint of its own counts.
    if (reading.refused === "") return readingFailed(source.file, thrown);
  }
  if (reading.refused !== "") return badInput(reading.refused);
  if (reading.line === 0) return badInput(`${source.file}: the file is empty; expected ${headerText(source.layout)}`);
  return success({ rowsRead: reading.rowsRead, skippedRows: reading.skippedRows, notices: noticesOf(reading) });
}

interface Reading {
  readonly source: RowSource;
  line: number;
  rowsRead: number;
  skippedRows: number;
  firstSkipped: string;
  /** Why reading stops; empty while it goes on. */
  refused: string;
}

function parserOf({ delimiter, quotes }: RowLayout): ReturnType<typeof parse> {
  return parse({
    bom: true,
    delimiter,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    max_record_size: LINE_BYTES_MAX,
    ...(quotes ? { trim: true } : { quote: null, escape: null }),
  });
}

function takeRecord(reading: Reading, fields: readonly string[]): void {
  const { source } = reading;
  const line = reading.line + 1;
  reading.line += linesOf(source.layout, fields);
  if (line === 1) {
    if (!isHeader(source.layout, fields)) reading.refused = wrongHeaderText(source, fields);
    return;
  }
  if (fields.length === 1 && fields[0] === "") return;
  const problem = wrongWidth(source.layout, fields) ?? source.take(fields);
  if (problem === undefined) {
    reading.rowsRead++;
  } else {
    const text = problemText({ file: source.file, line, columns: source.layout.columns }, problem);
    if (!source.lenient) reading.refused = text;
    if (reading.skippedRows++ === 0) reading.firstSkipped = text;
  }
  if (reading.rowsRead + reading.skippedRows > source.layout.rowsMax)
    reading.refused = `${source.file}, line ${line}: more than ${source.layout.rowsMax} rows; split the file`;
}

/** A quoted field may span lines; the next row begins as many lines further down. */
function linesOf(layout: RowLayout, fields: readonly string[]): number {
  if (!layout.quotes) return 1;
  return fields.reduce((lines, field) => lines + (field.includes("\n") ? field.split("\n").length - 1 : 0), 1);
}

export function isHeader({ columns }: RowLayout, fields: readonly string[]): boolean {
  const matches = (name: string, at: number) => name.toLowerCase() === fields[at]?.trim().toLowerCase();
  return fields.length === columns.length && columns.every(matches);
}

function wrongWidth({ columns }: RowLayout, fields: readonly string[]): RowProblem | undefined {
  if (fields.length === columns.length) return undefined;
  const column = Math.min(fields.length, columns.length) + 1;
  return { column, expected: `${columns.length} columns`, got: `${fields.length}` };
}

export function headerText({ columns, delimiter }: RowLayout): string {
  return `the header ${shown(columns.join(delimiter))}`;
}

function wrongHeaderText({ file, layout }: RowSource, fields: readonly string[]): string {
  const { columns } = layout;
  const different = columns.findIndex((name, at) => name.toLowerCase() !== fields[at]?.trim().toLowerCase());
  const at = different < 0 ? columns.length : different;
  const name = columns[at];
  const expected = name === undefined ? "the end of the header" : `${JSON.stringify(name)} in the header`;
  const field = fields[at];
  const got = field === undefined ? "the end of the line" : shown(field);
  return problemText({ file, line: 1, columns }, { column: at + 1, expected, got });
}

function noticesOf({ skippedRows, firstSkipped }: Reading): string[] {
  return skippedRows === 0 ? [] : [`${skippedRows} rows skipped; the first problem: ${firstSkipped}`];
}
