// The form of a backup: a line that says what it is, then frames [kind u8][length u32][bytes]: one header, rows of one table each, and
// an end with the counts of rows and the SHA-256 of all before it. A file that was cut, mixed up or changed is told from a whole one.
import { createHash } from "node:crypto";
import { failure, type Result, success } from "../../../model/result.ts";

export const FIRST_LINE = Buffer.from("headroom backup 1\n");
export const HEAD_BYTES = 5;
const NULL_LENGTH = -1;

export type FrameKind = "header" | "rows" | "end";
export const FRAME_KINDS: readonly FrameKind[] = ["header", "rows", "end"];

export interface BackupHeader {
  readonly schema: number;
  readonly tables: readonly BackupTable[];
}

export interface BackupTable {
  readonly name: string;
  /** "bytea", or else what PostgreSQL reads from text. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface BackupEnd {
  /** By table. */
  readonly rows: Readonly<Record<string, number>>;
  readonly sha256: string;
}

/** One value of each column: bytes, or the text of anything else; null where there is none. */
export type BackupRow = readonly (Buffer | string | null)[];

/** Frames in, bytes out; knows their checksum so far. */
export function backupWriter() {
  const hash = createHash("sha256");
  const counted = (bytes: Buffer) => {
    hash.update(bytes);
    return bytes;
  };
  return {
    start: (header: BackupHeader) => counted(Buffer.concat([FIRST_LINE, frame("header", jsonOf(header))])),
    rows: (table: number, rows: readonly BackupRow[]) => counted(frame("rows", rowsOf(table, rows))),
    end: (rows: BackupEnd["rows"]) => frame("end", jsonOf({ rows, sha256: hash.digest("hex") })),
  };
}

export function damaged(): Result<never> {
  return failure("bad-input", "The backup is damaged: its bytes are not those that were written. Take another copy.");
}

export function jsonIn(body: Buffer): Result<unknown> {
  try {
    return success(JSON.parse(body.toString()));
  } catch {
    return damaged();
  }
}

/** Undefined where the bytes are no rows of such a table. */
export function rowsIn(
  body: Buffer,
  tables: readonly BackupTable[],
): { readonly table: BackupTable; readonly rows: readonly BackupRow[] } | undefined {
  const table = tables[body[0] ?? tables.length];
  const values = table && valuesIn(body.subarray(1));
  const width = table?.columns.length ?? 0;
  if (table === undefined || values === undefined || values.length % width !== 0) return undefined;
  const isBytes = table.columns.map(({ type }) => type === "bytea");
  const rows = Array.from({ length: values.length / width }, (_, row) =>
    values
      .slice(row * width, (row + 1) * width)
      .map((bytes, column) => (bytes === null || isBytes[column] ? bytes : bytes.toString())),
  );
  return { table, rows };
}

function valuesIn(body: Buffer): (Buffer | null)[] | undefined {
  const values: (Buffer | null)[] = [];
  for (let offset = 0; offset < body.length; ) {
    if (offset + 4 > body.length) return undefined;
    const length = body.readInt32BE(offset);
    const end = offset + 4 + Math.max(0, length);
    if (end > body.length || length < NULL_LENGTH) return undefined;
    values.push(length === NULL_LENGTH ? null : body.subarray(offset + 4, end));
    offset = end;
  }
  return values;
}

function rowsOf(table: number, rows: readonly BackupRow[]): Buffer {
  const parts = [Buffer.of(table)];
  for (const value of rows.flat()) {
    const bytes = value === null ? Buffer.alloc(0) : Buffer.from(value as string);
    const length = Buffer.alloc(4);
    length.writeInt32BE(value === null ? NULL_LENGTH : bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}

function frame(kind: FrameKind, body: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head[0] = FRAME_KINDS.indexOf(kind);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

function jsonOf(value: BackupHeader | BackupEnd): Buffer {
  return Buffer.from(JSON.stringify(value));
}
