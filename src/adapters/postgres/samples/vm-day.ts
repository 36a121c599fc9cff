// The samples of one VM on one day, packed: 4 to 7 bytes for all four values. A sample carries the end of what was measured, so
// that midnight belongs to the day that it ends.
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { DAY_MS, HOUR_MS } from "../../../model/time.ts";
import { largerCode, MISSING_CODE } from "./amount-code.ts";
import { squeezed, unsqueezed } from "./squeezed-bytes.ts";

const VERSION = 1;

/** Ascending by time, one row for each. */
export interface VmDay {
  /** Milliseconds since the day began, 1 to DAY_MS. */
  readonly offsets: Uint32Array;
  /** [resource x row] */
  readonly codes: readonly Uint16Array[];
}

export function dayOf(at: number): number {
  return Math.ceil(at / DAY_MS) - 1;
}

export function packDay({ offsets, codes }: VmDay): Buffer {
  // Differences repeat where samples come regularly, and deflate finds that.
  const steps = offsets.map((offset, row) => offset - (row === 0 ? 0 : (offsets[row - 1] as number)));
  return squeezed(VERSION, [Uint32Array.of(offsets.length), steps, ...codes]);
}

export function unpackDay(body: Uint8Array): VmDay {
  const read = unsqueezed(VERSION, body);
  const [rows = 0] = read.u32(1);
  const offsets = read.u32(rows);
  for (let row = 1; row < rows; row++) offsets[row] = (offsets[row] as number) + (offsets[row - 1] as number);
  return { offsets, codes: Array.from({ length: RESOURCE_COUNT }, () => read.u16(rows)) };
}

/** Of two samples of one instant the later one given stands. */
export function mergedDay(parts: readonly VmDay[]): VmDay {
  const given = joinedDays(parts);
  const { offsets, codes } = given;
  if (offsets.every((offset, row) => row === 0 || (offsets[row - 1] as number) < offset)) return given;
  // Stable: what was given later stays behind.
  const rows = Array.from(offsets.keys()).sort((one, other) => (offsets[one] as number) - (offsets[other] as number));
  const standing = rows.filter((row, place) => offsets[rows[place + 1] ?? -1] !== offsets[row]);
  const chosen = (column: Uint16Array) => Uint16Array.from(standing, (row) => column[row] as number);
  return { offsets: Uint32Array.from(standing, (row) => offsets[row] as number), codes: codes.map(chosen) };
}

/** One after the other, as they were given: for who sorts or takes the largest anyway. */
export function joinedDays(parts: readonly VmDay[]): VmDay {
  const rows = parts.reduce((sum, { offsets }) => sum + offsets.length, 0);
  const offsets = new Uint32Array(rows);
  const codes = Array.from({ length: RESOURCE_COUNT }, () => new Uint16Array(rows));
  let begin = 0;
  for (const part of parts) {
    offsets.set(part.offsets, begin);
    for (const [column, own] of codes.entries()) own.set(part.codes[column] ?? [], begin);
    begin += part.offsets.length;
  }
  return { offsets, codes };
}

/** The largest of every hour, at the hour's end. Of hours it makes the same hours. */
export function hoursOfDay({ offsets, codes }: VmDay): VmDay {
  const hours = [...new Set(Array.from(offsets, (offset) => Math.ceil(offset / HOUR_MS)))].sort((a, b) => a - b);
  const places = new Map(hours.map((hour, place) => [hour, place]));
  const largest = codes.map(() => new Uint16Array(hours.length).fill(MISSING_CODE));
  for (const [row, offset] of offsets.entries()) {
    const place = places.get(Math.ceil(offset / HOUR_MS)) as number;
    for (const [column, own] of largest.entries())
      own[place] = largerCode(own[place] as number, codes[column]?.[row] ?? MISSING_CODE);
  }
  return { offsets: Uint32Array.from(hours, (hour) => hour * HOUR_MS), codes: largest };
}
