// From values to places on a chart. A scale maps [from, to] onto [0, length] and goes on beyond both ends.
import { assert } from "../../model/result.ts";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";

export type Scale = (value: number) => number;

interface Domain {
  readonly from: number;
  readonly to: number;
  readonly length: number;
}

export function linearScale({ from, to, length }: Domain): Scale {
  assert(to > from, `a scale runs upwards, got ${from} to ${to}`);
  return (value) => ((value - from) / (to - from)) * length;
}

/** Values at or below 0 have no place on it: -Infinity. */
export function logScale({ from, to, length }: Domain): Scale {
  assert(from > 0 && to > from, `a log scale runs upwards from above 0, got ${from} to ${to}`);
  const span = Math.log(to / from);
  return (value) => (value > 0 ? (Math.log(value / from) / span) * length : Number.NEGATIVE_INFINITY);
}

/** The same scale drawn from the far end: for y axes, whose pixels grow downwards. */
export function reversed(scale: Scale, length: number): Scale {
  return (value) => length - scale(value);
}

const ROUND_STEPS = [1, 2, 2.5, 5, 10];

/** 0 and round steps up to the first one at or above `largest`: at most `countMax` + 1 ticks. */
export function linearTicks({ largest, countMax }: { largest: number; countMax: number }): number[] {
  if (!(largest > 0)) return [0, 1];
  const rough = largest / countMax;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const step = (ROUND_STEPS.find((round) => round * decade >= rough * (1 - 1e-9)) ?? 10) * decade;
  const count = Math.ceil(largest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => cleaned(index * step));
}

const ROUND_LOG = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
const WHOLE_LOG = [1, 2, 5];

/** Round values in [from, to], thinned so that neighbours are `apart` of the axis or more from each other. */
export function logTicks({ from, to, apart }: { from: number; to: number; apart: number }): number[] {
  const scale = logScale({ from, to, length: 1 });
  const kept: number[] = [];
  const rounds = [WHOLE_LOG, ROUND_LOG].map((mantissas) => roundValues({ from, to, mantissas }));
  for (const value of rounds.flat())
    if (kept.every((other) => Math.abs(scale(other) - scale(value)) >= apart)) kept.push(value);
  return kept.sort((left, right) => left - right);
}

function roundValues(wanted: { from: number; to: number; mantissas: readonly number[] }): number[] {
  const first = Math.floor(Math.log10(wanted.from));
  const decades = Math.ceil(Math.log10(wanted.to)) - first + 1;
  const values = Array.from({ length: decades }, (_, index) =>
    wanted.mantissas.map((m) => cleaned(m * 10 ** (first + index))),
  );
  return values.flat().filter((value) => value >= wanted.from * (1 - 1e-9) && value <= wanted.to * (1 + 1e-9));
}

/** The smallest round value at or above: the end of an axis. */
export function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  const mantissa = [...ROUND_LOG, 10].find((round) => round * decade >= value * (1 - 1e-9)) ?? 10;
  return cleaned(mantissa * decade);
}

/** Round UTC hours in [fromMs, toMs], at most `countMax`. */
export function timeTicks({ fromMs, toMs, countMax }: { fromMs: number; toMs: number; countMax: number }): number[] {
  const steps = [1, 2, 3, 6, 12, 24, 48, 96, 192, 384].map((hours) => hours * HOUR_MS);
  const stepMs =
    steps.find((step) => (toMs - fromMs) / step <= countMax) ?? Math.ceil((toMs - fromMs) / countMax / DAY_MS) * DAY_MS;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  const count = Math.max(0, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

/**
 * Places for labels: in the given order of their wishes, at least `gap` apart, within [from, to] as far as they fit,
 * each as near to its wish as the others allow.
 */
export function pushApart(wishes: readonly number[], room: { gap: number; from: number; to: number }): number[] {
  const order = wishes.map((wish, index) => ({ wish, index })).sort((a, b) => a.wish - b.wish || a.index - b.index);
  const places: number[] = wishes.map(() => 0);
  let lowest = room.from;
  for (const { wish, index } of order) {
    places[index] = Math.max(wish, lowest);
    lowest = (places[index] ?? 0) + room.gap;
  }
  let highest = room.to;
  for (const { index } of order.toReversed()) {
    places[index] = Math.min(places[index] ?? 0, highest);
    highest = (places[index] ?? 0) - room.gap;
  }
  return places;
}

/** Without the noise of binary fractions: 0.30000000000000004 is 0.3. */
function cleaned(value: number): number {
  return Number(value.toPrecision(12));
}
