// Rings of the last demand of many series, two bytes a value: what a float keeps down to 1/8 of the series' floor and up to
// 2^28 times it, to 12 bits. Rounded up, by at most 1/4096, so that demand that never changes is never forecast too low.
import { assert } from "../model/result.ts";

export interface DemandHistory {
  readonly length: number;
  /** [series x length]; the value of tick t lies at t modulo length. */
  readonly codes: Uint16Array;
  /** [series] what the codes count from: the upper bits of a float an eighth of the floor. */
  readonly bases: Int32Array;
}

/** Bits of a float's mantissa that are dropped. */
const DROPPED = 12;
const ROUND_UP = (1 << DROPPED) - 1;
const CODE_MAX = 0xffff;
const OCTAVES_BELOW_FLOOR = 3;

const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** `floors` [series] > 0, base units. */
export function createDemandHistory(size: { length: number; floors: ArrayLike<number> }): DemandHistory {
  const { length, floors } = size;
  const bases = Int32Array.from(floors, (floor) => {
    assert(floor > 0, `a floor is above zero, got ${floor}`);
    floats[0] = floor / 2 ** OCTAVES_BELOW_FLOOR;
    return (bits[0] as number) >>> DROPPED;
  });
  return { length, codes: new Uint16Array(floors.length * length), bases };
}

/** Demand >= 0. */
export function writeDemand(history: DemandHistory, at: { series: number; tick: number }, demand: number): void {
  floats[0] = demand;
  const code = (((bits[0] as number) + ROUND_UP) >>> DROPPED) - (history.bases[at.series] as number);
  history.codes[at.series * history.length + (at.tick % history.length)] =
    code < 0 ? 0 : code > CODE_MAX ? CODE_MAX : code;
}

/** `tick` may be negative: rings have no beginning. Of what was written lately. */
export function readDemand({ length, codes, bases }: DemandHistory, series: number, tick: number): number {
  const code = codes[series * length + (((tick % length) + length) % length)] as number;
  if (code === 0) return 0;
  bits[0] = (code + (bases[series] as number)) << DROPPED;
  return floats[0] as number;
}

/** A part of one series: `count` ticks ending before tick `end`. The caller keeps within what was written. */
export interface Stretch {
  readonly series: number;
  readonly end: number;
  readonly count: number;
}

/** Copies a stretch to `target` from `at` on; returns the position after it. */
export function copyDemand(
  history: DemandHistory,
  stretch: Stretch,
  { values, at }: { values: Float32Array; at: number },
): number {
  return copyDemandBits(history, stretch, {
    bits: new Int32Array(values.buffer, values.byteOffset, values.length),
    at,
  });
}

/** The same as the bits of floats: of demand, which is never negative, bits compare as the numbers do. */
export function copyDemandBits(
  { length, codes, bases }: DemandHistory,
  { series, end, count }: Stretch,
  { bits: target, at }: { bits: Int32Array; at: number },
): number {
  const base = bases[series] as number;
  const start = series * length;
  let from = (((end - count) % length) + length) % length;
  for (let place = at; place < at + count; place++) {
    const code = codes[start + from] as number;
    target[place] = code === 0 ? 0 : (code + base) << DROPPED;
    if (++from === length) from = 0;
  }
  return at + count;
}
