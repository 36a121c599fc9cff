// A cell's whole memory as plain data that can be stored and cloned, and back into a newly made cell. What is no memory is left
// out: functions, the layout, and whoever answers for a network.
import { assert } from "../model/result.ts";
import type { RunningCell } from "./loop.ts";

/** Objects, lists, maps, typed arrays and primitives, nothing else. */
export interface CellSnapshot {
  readonly schema: "headroom.cell/1";
  readonly memory: unknown;
}

const LEFT_OUT: readonly string[] = ["layout", "inference"];

/** Shares nothing with the cell: what happens to one later is not seen by the other. */
export function snapshotOf(cell: RunningCell): CellSnapshot {
  return { schema: "headroom.cell/1", memory: copyOf(cell) };
}

/**
 * `cell` was made anew from the same layout, promise and network (`startCell`); afterwards it goes on where the snapshot was
 * taken, to the bit. Throws on a snapshot of another schema.
 */
export function restore(cell: RunningCell, snapshot: CellSnapshot): RunningCell {
  assert(snapshot.schema === "headroom.cell/1", `a snapshot of this version, got ${snapshot.schema}`);
  pour(cell as unknown as Plain, copyOf(snapshot.memory) as Plain);
  return cell;
}

type Plain = Record<string, unknown>;

function copyOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();
  if (Array.isArray(value)) return value.map(copyOf);
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [key, copyOf(each)]));
  if (value instanceof Set) return new Set(value);
  if (!isPlain(value)) return value;
  return Object.fromEntries(memoryOf(value).map(([key, each]) => [key, copyOf(each)]));
}

function memoryOf(value: Plain): [string, unknown][] {
  return Object.entries(value).filter(([key, each]) => !LEFT_OUT.includes(key) && typeof each !== "function");
}

function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null;
}

/** In place, since parts of a cell know each other by reference. */
function pour(target: Plain, source: Plain): void {
  for (const [key] of memoryOf(target)) if (!(key in source)) delete target[key];
  for (const [key, value] of Object.entries(source)) if (!pourInto(target[key], value)) target[key] = value;
}

/** False where what is there cannot take it in. */
function pourInto(before: unknown, value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return pourColumn(before, value as Float64Array);
  if (Array.isArray(value)) return pourList(before, value);
  if (value instanceof Map) return pourMap(before, value);
  if (!isStructure(value) || !isStructure(before)) return false;
  pour(before, value);
  return true;
}

function isStructure(value: unknown): value is Plain {
  return (
    isPlain(value) &&
    !ArrayBuffer.isView(value) &&
    !Array.isArray(value) &&
    !(value instanceof Map || value instanceof Set)
  );
}

function pourColumn(before: unknown, column: Float64Array): boolean {
  if (!ArrayBuffer.isView(before) || (before as Float64Array).length !== column.length) return false;
  (before as Float64Array).set(column);
  return true;
}

/** Structures in a list are poured one by one while the list is as long as before. */
function pourList(before: unknown, list: readonly unknown[]): boolean {
  if (!Array.isArray(before)) return false;
  if (before.length === list.length) pour(before as unknown as Plain, list as unknown as Plain);
  else before.splice(0, before.length, ...list);
  return true;
}

function pourMap(before: unknown, map: ReadonlyMap<unknown, unknown>): boolean {
  if (!(before instanceof Map)) return false;
  before.clear();
  for (const [key, value] of map) before.set(key, value);
  return true;
}
