// All that a store in memory keeps, as plain maps and lists, and all of it as bytes and back.
import type {
  ApiKey,
  DocumentKind,
  HeardInput,
  Kept,
  KeptAnswer,
  LoggedChange,
  SampleColumns,
  StoredDecision,
} from "../../control/store-ports.ts";
import type { CellId, CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { UsageBatch } from "../../model/usage-batch.ts";

export type Need = { readonly kind: DocumentKind; readonly id: string };

export interface MemoryTables {
  readonly documents: Map<DocumentKind, Map<string, Kept<unknown> & { readonly needs: readonly Need[] }>>;
  readonly log: LoggedChange[];
  /** As they came. */
  readonly batches: { readonly receivedAt: Instant; readonly columns: SampleColumns }[];
  readonly cells: Map<CellId, CellRow>;
  readonly decisions: { readonly decision: StoredDecision; readonly customer: CustomerId | undefined }[];
  /** By the names of their pieces. */
  readonly usage: Map<string, UsageRow>;
  readonly keys: Map<string, { readonly key: ApiKey; readonly hash: string }>;
  readonly answers: Map<string, AnswerRow>;
  /** The largest of every hour of days long past, at the hour's end. */
  readonly hours: SampleColumns[];
  readonly counters: { decisions: number; usage: number };
}

export interface CellRow {
  epoch: number;
  /** Number of the newest one. */
  step: number;
  heard: HeardInput[];
  checkpoint?: { readonly at: Instant; readonly parts: readonly Uint8Array[] };
}

interface UsageRow {
  readonly id: number;
  readonly batch: UsageBatch;
  isSent: boolean;
}

interface AnswerRow {
  readonly requestHash: string;
  readonly at: Instant;
  readonly answer?: KeptAnswer;
}

export function emptyTables(): MemoryTables {
  return {
    documents: new Map(),
    log: [],
    batches: [],
    cells: new Map(),
    decisions: [],
    usage: new Map(),
    keys: new Map(),
    answers: new Map(),
    hours: [],
    counters: { decisions: 0, usage: 0 },
  };
}

export function isEmpty({ documents, batches, cells, keys, log }: MemoryTables): boolean {
  return documents.size + batches.length + cells.size + keys.size + log.length === 0;
}

export function sizeOf(tables: MemoryTables): number {
  return tables.batches.reduce((sum, { columns }) => sum + columns.at.byteLength + columns.usage.byteLength, 0);
}

/** JSON, one UTF-16 unit after the other; columns and maps say what they are. */
export function toBytes(tables: MemoryTables): Uint8Array {
  const text = JSON.stringify(packed(tables));
  const units = Uint16Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return new Uint8Array(units.buffer);
}

/** Fills empty tables, or leaves them empty and fails with "bad-input". */
export function fromBytes(tables: MemoryTables, parts: readonly Uint8Array[]): Result<void> {
  const bytes = Uint8Array.from(parts.flatMap((part) => [...part]));
  const units = new Uint16Array(bytes.buffer, 0, bytes.length >> 1);
  let text = "";
  for (const unit of units) text += String.fromCharCode(unit);
  let read: MemoryTables;
  try {
    read = unpacked(JSON.parse(text)) as MemoryTables;
  } catch {
    return failure("bad-input", "This is no whole backup of a store in memory.");
  }
  for (const name of ["documents", "cells", "usage", "keys", "answers"] as const)
    for (const [key, value] of read[name]) (tables[name] as Map<unknown, unknown>).set(key, value);
  tables.log.push(...read.log);
  tables.batches.push(...read.batches);
  tables.hours.push(...read.hours);
  tables.decisions.push(...read.decisions);
  Object.assign(tables.counters, read.counters);
  return success(undefined);
}

const COLUMNS = { Uint8Array, Uint32Array, Float32Array, Float64Array };
type ColumnName = keyof typeof COLUMNS;

function packed(value: unknown): unknown {
  if (value instanceof Map) return { "#": "Map", entries: [...value].map(packed) };
  for (const [name, Column] of Object.entries(COLUMNS))
    if (value instanceof Column)
      return { "#": name, values: Array.from(value, (each) => (Number.isNaN(each) ? null : each)) };
  if (Array.isArray(value)) return value.map(packed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)]));
}

function unpacked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpacked);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const kind = fields["#"];
  if (kind === "Map")
    return new Map((fields["entries"] as [unknown, unknown][]).map((each) => unpacked(each) as [unknown, unknown]));
  if (typeof kind === "string")
    return COLUMNS[kind as ColumnName].from((fields["values"] as (number | null)[]).map((each) => each ?? Number.NaN));
  return Object.fromEntries(Object.entries(fields).map(([key, each]) => [key, unpacked(each)]));
}
