// Time cut at whole hours of UTC, and whole quantities divided over the pieces. Hours of UTC know no daylight saving and no leap of a
// clock; whoever's month begins when is asked later, of whole pieces.
import { assert } from "../model/result.ts";
import { HOUR_MS } from "../model/time.ts";

export interface TimePiece {
  /** Whole milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** In order, without gap or overlap, none across a whole hour. */
export function hourPieces({ from, to }: TimePiece): readonly TimePiece[] {
  assert(Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to, `time goes on: from ${from} to ${to}`);
  const pieces: TimePiece[] = [];
  for (let begin = from; begin < to; ) {
    const end = Math.min((Math.floor(begin / HOUR_MS) + 1) * HOUR_MS, to);
    pieces.push({ from: begin, to: end });
    begin = end;
  }
  return pieces;
}

export function endsAnHour({ to }: TimePiece): boolean {
  return to % HOUR_MS === 0;
}

/**
 * What of a whole `total`, gathered over `over`, lies in a piece: in proportion to time, whole. Pieces that follow one another add up
 * to the total exactly; where the amount never changed each is exact itself. Both in whole milliseconds.
 */
export function totalWithin(
  total: number,
  { over, piece }: { readonly over: TimePiece; readonly piece: TimePiece },
): number {
  return totalUntil(total, over, piece.to) - totalUntil(total, over, piece.from);
}

function totalUntil(total: number, over: TimePiece, until: number): number {
  const lasts = over.to - over.from;
  const passed = Math.min(Math.max(until - over.from, 0), lasts);
  if (passed === lasts) return total;
  const amount = Math.floor(total / lasts);
  return amount * passed + Math.floor(((total - amount * lasts) * passed) / lasts);
}
