// A cell's memory as a stream of parts of a few megabytes, and back: first what it looks like, then its columns one after another.
// What is read is what was written, to the bit; anything else is an error that says so.
import { deserialize, serialize } from "node:v8";
import type { CellSnapshot } from "../../../control/snapshot.ts";
import { failure, type Result, success } from "../../../model/result.ts";

const FORMAT = "headroom.cell-parts/1";
export const PART_BYTES = 4 * 2 ** 20;

const COLUMN_KINDS = {
  Float64Array,
  Float32Array,
  Int32Array,
  Uint32Array,
  Uint16Array,
  Uint8Array,
  Int8Array,
} as const;

type ColumnKind = keyof typeof COLUMN_KINDS;
type Column = InstanceType<(typeof COLUMN_KINDS)[ColumnKind]>;

/** Stands where a column was. */
interface ColumnMark {
  readonly "headroom.column": number;
}

interface Outline {
  readonly format: string;
  readonly schema: string;
  readonly columns: readonly { readonly kind: ColumnKind; readonly length: number }[];
  readonly memory: unknown;
}

/** The snapshot must not change while it is read. */
export function* snapshotParts({ schema, memory }: CellSnapshot): Generator<Uint8Array> {
  const columns: Column[] = [];
  const outlined = outlineOf(memory, columns);
  const outline: Outline = {
    format: FORMAT,
    schema,
    columns: columns.map((column) => ({ kind: column.constructor.name as ColumnKind, length: column.length })),
    memory: outlined,
  };
  yield serialize(outline);
  for (const column of columns)
    for (let from = 0; from < column.byteLength; from += PART_BYTES)
      yield new Uint8Array(column.buffer, column.byteOffset + from, Math.min(PART_BYTES, column.byteLength - from));
}

/** "bad-input": what was written by another version, or is not whole. */
export async function snapshotFromParts(parts: AsyncIterable<Result<Uint8Array>>): Promise<Result<CellSnapshot>> {
  let outline: Outline | undefined;
  let filler: ColumnFiller | undefined;
  for await (const part of parts) {
    if (!part.ok) return part;
    if (filler !== undefined) {
      if (!filler.take(part.value)) return NOT_WHOLE;
      continue;
    }
    const read = readOutline(part.value);
    if (!read.ok) return read;
    outline = read.value;
    filler = fillColumns(outline);
  }
  if (outline === undefined || filler === undefined || !filler.isFull()) return NOT_WHOLE;
  const memory = withColumns(outline.memory, filler.columns);
  return success({ schema: outline.schema as CellSnapshot["schema"], memory });
}

const NOT_WHOLE = failure(
  "bad-input",
  "The memory of a cell is not whole: go back to a backup, or let the cell start anew.",
);

function readOutline(bytes: Uint8Array): Result<Outline> {
  try {
    const outline = deserialize(bytes) as Partial<Outline>;
    if (outline.format === FORMAT && outline.columns !== undefined) return success(outline as Outline);
    return failure(
      "bad-input",
      `The memory of a cell is in the form ${String(outline.format)}, this version reads ${FORMAT}.`,
    );
  } catch {
    return NOT_WHOLE;
  }
}

function outlineOf(value: unknown, columns: Column[]): unknown {
  if (isColumn(value)) return { "headroom.column": columns.push(value) - 1 } satisfies ColumnMark;
  if (Array.isArray(value)) return value.map((each) => outlineOf(each, columns));
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, outlineOf(each, columns)]));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, outlineOf(each, columns)]));
}

function withColumns(value: unknown, columns: readonly Column[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withColumns(each, columns));
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, withColumns(each, columns)]));
  if (!isPlain(value)) return value;
  if ("headroom.column" in value) return columns[value["headroom.column"] as number];
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withColumns(each, columns)]));
}

function isColumn(value: unknown): value is Column {
  return ArrayBuffer.isView(value) && value.constructor.name in COLUMN_KINDS;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !(value instanceof Set);
}

interface ColumnFiller {
  readonly columns: readonly Column[];
  /** False where there is more than there should be. */
  take(bytes: Uint8Array): boolean;
  isFull(): boolean;
}

function fillColumns(outline: Outline): ColumnFiller {
  const columns = outline.columns.map(({ kind, length }) => new COLUMN_KINDS[kind](length));
  let [column, filled] = [0, 0];
  const skipFull = () => {
    while (column < columns.length && filled === columns[column]?.byteLength) [column, filled] = [column + 1, 0];
  };
  skipFull();
  return {
    columns,
    take(bytes) {
      const target = columns[column];
      if (target === undefined || filled + bytes.length > target.byteLength) return false;
      new Uint8Array(target.buffer, filled, bytes.length).set(bytes);
      filled += bytes.length;
      skipFull();
      return true;
    },
    isFull: () => column === columns.length,
  };
}
