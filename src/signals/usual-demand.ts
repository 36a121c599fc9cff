// What demand would have been at the time of an event: the same time of the weeks around it that had no event, each brought to
// the level of the days next to the event.
import type { ExternalEvent } from "../model/event.ts";
import { quantileOfSorted, type Series } from "../model/series.ts";
import { DAY_MS, ticksPer, WEEK_MS } from "../model/time.ts";
import { type Reach, ticksTouched } from "./event-phases.ts";

/** Weeks on either side. More would bring in another season, fewer would trust a single odd day. */
const WEEKS = 4;
/** Days on either side, where there are not weeks enough. */
const DAYS = 6;
/** Days on either side that tell the level. */
const LEVEL_DAYS = 3;
/** Fewer values than this have no median worth the name. */
const VALUES_MIN = 3;

/**
 * [grid.length] medians of the same time in up to four weeks before and four after, ticks touched by any of `events` left out;
 * where there are fewer than three of those, of the days around. Each week or day is scaled by how the quiet days next to the
 * event stand to those as far from it, so that growth and steps are not taken for its doing. NaN where nothing helps, and outside
 * of `spans`.
 */
export function usualDemand(
  { grid, values }: Series,
  { events, spans = events }: { readonly events: readonly ExternalEvent[]; readonly spans?: readonly ExternalEvent[] },
): Float64Array {
  const ticksOf = (event: ExternalEvent): Reach => {
    const { from, to } = ticksTouched(event, grid);
    return { from: Math.max(from, 0), to: Math.min(to, grid.length) };
  };
  const quiet = values.slice();
  for (const event of events) {
    const { from, to } = ticksOf(event);
    if (from < to) quiet.fill(Number.NaN, from, to);
  }
  const [week, day] = [ticksPer(WEEK_MS, grid.stepMs), ticksPer(DAY_MS, grid.stepMs)];
  const usual = new Float64Array(grid.length).fill(Number.NaN);
  for (const span of spans) {
    const range = ticksOf(span);
    const margin = LEVEL_DAYS * day;
    const [weeks, days] = [steps(week, WEEKS), steps(day, DAYS)].map((offsets) =>
      scaled(quiet, { offsets, range, margin }),
    );
    for (let tick = range.from; tick < range.to; tick++)
      usual[tick] = medianAt(quiet, tick, weeks ?? []) ?? medianAt(quiet, tick, days ?? []) ?? Number.NaN;
  }
  return usual;
}

/** A way to look from the event at another time: so many ticks away, there times `scale`. */
interface Look {
  readonly offset: number;
  readonly scale: number;
}

function steps(ticks: number, count: number): readonly number[] {
  return Array.from({ length: 2 * count + 1 }, (_, step) => (step - count) * ticks).filter((offset) => offset !== 0);
}

interface Neighbourhood {
  readonly offsets: readonly number[];
  readonly range: Reach;
  /** Ticks before and after the range that tell the level. */
  readonly margin: number;
}

function scaled(quiet: Float64Array, { offsets, range, margin }: Neighbourhood): readonly Look[] {
  return offsets.map((offset) => {
    const before = medianRatio(quiet, { from: range.from - margin, to: range.from }, offset);
    const after = medianRatio(quiet, { from: range.to, to: range.to + margin }, offset);
    return { offset, scale: Math.exp(((before ?? after ?? 0) + (after ?? before ?? 0)) / 2) };
  });
}

/** Median log of demand over demand `offset` ticks later; undefined where too little is known. */
function medianRatio(quiet: Float64Array, { from, to }: Reach, offset: number): number | undefined {
  const logs: number[] = [];
  for (let tick = from; tick < to; tick++) {
    const log = Math.log((quiet[tick] ?? Number.NaN) / (quiet[tick + offset] ?? Number.NaN));
    if (Number.isFinite(log)) logs.push(log);
  }
  return median(logs);
}

function medianAt(quiet: Float64Array, tick: number, looks: readonly Look[]): number | undefined {
  const found: number[] = [];
  for (const { offset, scale } of looks) {
    const value = (quiet[tick + offset] ?? Number.NaN) * scale;
    if (!Number.isNaN(value)) found.push(value);
  }
  return median(found);
}

function median(values: readonly number[]): number | undefined {
  return values.length < VALUES_MIN ? undefined : quantileOfSorted(Float64Array.from(values).sort(), 0.5);
}
