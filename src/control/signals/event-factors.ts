// Events and the demand engine. The engine lives in a world without events: what a known event is taken to do is divided out of
// every sample before the engine learns from it, and multiplied into every forecast after. So all its experts, also those that
// quote yesterday or last week, are judged by demand they could know, a campaign of today is no season of tomorrow, and what is
// served goes on from the last tick: an uplift that is wrong shows in the demand that is left, and the experts follow that.
import type { DemandEngine } from "../../forecast/demand-engine.ts";
import { isLearnedFrom } from "../../forecast/demand-record/demand-records.ts";
import { OFF } from "../../forecast/demand-record/sample-kind.ts";
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import type { Instant } from "../../model/time.ts";
import { type EventMove, type ExpectedEvent, eventMoves, factorAt, moveRow } from "../../signals/apply-effect.ts";
import type { TickWindow } from "../../signals/profile-demand.ts";
import type { CellLayout } from "../cell-layout.ts";
import type { ObservedColumns } from "../observe.ts";
import type { TouchedWorkload } from "./follow-events.ts";

/** What events are taken to have done to the series of a cell. */
export interface EventFactors {
  readonly layout: CellLayout;
  /** End of the tick just past. */
  readonly at: Instant;
  readonly touched: readonly TouchedWorkload[];
  /** [series] in the tick just past; 1 where there was none. */
  readonly factors: Float64Array;
}

export function eventFactors(given: Omit<EventFactors, "factors">): EventFactors {
  const { layout, at } = given;
  const factors = new Float64Array(layout.base.length).fill(1);
  for (const { series, events } of touchedSeries(given)) {
    const factor = factorThen(events, at - layout.stepMs / 2);
    for (const each of series) factors[each] = factor;
  }
  return { ...given, factors };
}

/** An event that may well not happen is not taken out of what came: it counts as a burst, and is forecast all the same. */
const LIKELY = 0.5;

function factorThen(events: readonly ExpectedEvent[], middle: number): number {
  return factorAt(
    events.filter(({ event }) => (event.confidence ?? 1) >= LIKELY),
    middle,
  );
}

/** The demand that would have come without events, late samples too. */
export function withoutEvents(columns: ObservedColumns, events: EventFactors): ObservedColumns {
  const { layout, at, factors } = events;
  if (events.touched.length === 0) return columns;
  const demand = columns.demand.map((value, series) => value / (factors[series] as number));
  const eventsOf = new Map<number, readonly ExpectedEvent[]>();
  for (const { series, events: those } of touchedSeries(events)) for (const each of series) eventsOf.set(each, those);
  const late = columns.late.map((sample) => {
    const middle = at - (sample.ticksAgo + 0.5) * layout.stepMs;
    return { ...sample, demand: sample.demand / factorThen(eventsOf.get(sample.series) ?? [], middle) };
  });
  return { ...columns, demand, late };
}

interface Eventless {
  readonly engine: DemandEngine;
  /** Of all that has a part in the window. */
  readonly events: EventFactors;
  readonly window: TickWindow;
}

/**
 * Puts events on the engine's `quantiles` [series x level] for a window after the tick just past, in place: first what they did in that
 * tick, then the change from there. Where no sample came the whole effect, with all doubt, is put on at once.
 */
export function putEventsOn(quantiles: Float64Array, { engine, events: given, window }: Eventless): void {
  const { factors } = given;
  const { kinds } = engine.records;
  for (const { series, events } of touchedSeries(given)) {
    const moves = movesIn(given, { window, events });
    for (const each of series) {
      const row = quantiles.subarray(each * LEVEL_COUNT, (each + 1) * LEVEL_COUNT);
      putOnRow(row, { moves, kind: kinds[each] as number, factor: factors[each] as number });
    }
  }
}

interface SeriesAhead {
  readonly engine: DemandEngine;
  readonly series: number;
  /** Of all that has a part in the windows. */
  readonly events: EventFactors;
  readonly windows: readonly TickWindow[];
}

/** The same for several windows of one series: `rows` [window x level], in place. */
export function putEventsAhead(rows: Float64Array, { engine, series, events: given, windows }: SeriesAhead): void {
  const touched = [...touchedSeries(given)].find((those) => those.series.includes(series));
  if (touched === undefined) return;
  const about = { kind: engine.records.kinds[series] as number, factor: given.factors[series] as number };
  for (const [index, window] of windows.entries()) {
    const moves = movesIn(given, { window, events: touched.events });
    putOnRow(rows.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT), { ...about, moves });
  }
}

/** What events do to a window. */
interface WindowMoves {
  /** On top of what they did in the tick just past. */
  readonly change: readonly EventMove[];
  readonly whole: readonly EventMove[];
  readonly isNext: boolean;
}

function movesIn(
  { at: origin, layout }: EventFactors,
  given: { readonly window: TickWindow; readonly events: readonly ExpectedEvent[] },
): WindowMoves {
  const timing = { origin, stepMs: layout.stepMs };
  return {
    change: eventMoves({ ...timing, rowsKnow: "last-tick" }, given),
    whole: eventMoves({ ...timing, rowsKnow: "nothing" }, given),
    isNext: given.window.from === 0,
  };
}

function putOnRow(
  row: Float64Array,
  { moves, kind, factor }: { readonly moves: WindowMoves; readonly kind: number; readonly factor: number },
): void {
  if (kind === OFF || Number.isNaN(row[0] as number)) return;
  if (isLearnedFrom(kind)) goOn(row, { factor, moves: moves.change, isNext: moves.isNext });
  else moveRow(row, moves.whole);
}

const MEDIAN = levelIndex(0.5);

/**
 * A fall that an event foretells is believed once it was seen: for one tick the levels above the median stay where they were.
 * Too much for a tick costs little; an uplift that was never there, taken back, would cost the VM what it needs.
 */
function goOn(row: Float64Array, given: { factor: number; moves: readonly EventMove[]; isNext: boolean }): void {
  const { factor, moves, isNext } = given;
  if (factor !== 1) for (let level = 0; level < LEVEL_COUNT; level++) row[level] = (row[level] as number) * factor;
  if (moves.length === 0) return;
  const before = row.slice();
  moveRow(row, moves);
  if (!isNext) return;
  for (let level = MEDIAN + 1; level < LEVEL_COUNT; level++)
    row[level] = Math.max(row[level] as number, before[level] as number);
}

interface TouchedSeries {
  /** All of one resource of one workload: events do the same to each. */
  readonly series: readonly number[];
  readonly events: readonly ExpectedEvent[];
}

function* touchedSeries({ layout, touched }: Pick<EventFactors, "layout" | "touched">): Generator<TouchedSeries> {
  for (const { workload, events } of touched)
    for (const [resource, those] of events.entries()) {
      const series = Array.from(layout.vmsOfWorkload[workload] ?? [], (vm) => vm * RESOURCE_COUNT + resource);
      yield { series, events: those };
    }
}
