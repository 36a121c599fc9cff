// How a bad file is told to people: always the file, the line and the column, what was expected and what was there.
import { type Failure, failure, type Result } from "../../model/result.ts";

const SHOWN_CHARACTERS_MAX = 60;

/** What is wrong with one row. `column` counts from 1; without it the whole row is wrong. */
export interface RowProblem {
  readonly column?: number;
  readonly expected: string;
  readonly got: string;
}

export interface Position {
  readonly file: string;
  readonly line: number;
  readonly columns: readonly string[];
}

export function problemText({ file, line, columns }: Position, { column, expected, got }: RowProblem): string {
  const where = column === undefined ? "" : `, column ${column} (${columns[column - 1] ?? "beyond the last"})`;
  return `${file}, line ${line}${where}: expected ${expected}, got ${got}`;
}

/** Text out of a file, safe to print: quoted, escaped and short. */
export function shown(text: string): string {
  const clipped = text.length > SHOWN_CHARACTERS_MAX ? `${text.slice(0, SHOWN_CHARACTERS_MAX)}...` : text;
  return JSON.stringify(clipped);
}

export function badInput(message: string): { readonly ok: false; readonly error: Failure } {
  return failure("bad-input", message);
}

/** What the disk, zlib and the parsers throw, in words. The file is named; a line where it is known. */
export function readingFailed(file: string, thrown: unknown): Result<never> {
  const { code = "", message = String(thrown), lines } = thrown as { code?: string; message?: string; lines?: number };
  const at = lines === undefined ? file : `${file}, line ${lines}`;
  if (code === "ENOENT") return failure("not-found", `${file}: there is no such file or folder`);
  if (code === "EACCES" || code === "EPERM") return failure("unavailable", `${file}: not allowed to read it`);
  if (code === "Z_BUF_ERROR") return badInput(`${file}: the gzip data is cut off; copy or download the file again`);
  if (code.startsWith("Z_")) return badInput(`${file}: the gzip data is damaged (${shown(message)})`);
  if (code === "CSV_MAX_RECORD_SIZE") return badInput(`${at}: expected a line of a trace, got a far too long one`);
  if (code === "CSV_QUOTE_NOT_CLOSED") return badInput(`${at}: a quote is opened and never closed`);
  if (code.includes("QUOTE"))
    return badInput(`${at}: a quote inside a field; quote the whole field and double the quote`);
  return badInput(`${at}: cannot be read (${shown(message)})`);
}
