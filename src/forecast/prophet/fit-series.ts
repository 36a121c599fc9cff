// One series, fitted: its Prophet on the scale it is modelled on, and the errors that this left.
import { announcedBy, type ExternalEvent } from "../../model/event.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, startOfTick, type TimeGrid, ticksPer, WEEK_MS } from "../../model/time.ts";
import type { KnownSeries } from "../forecast-model.ts";
import { buildDesign, TREND_SETTING, type TrendSetting } from "./build-design.ts";
import { calendarSeasons } from "./calendar-seasons.ts";
import { eventSpread } from "./event-spread.ts";
import { eventTerms, nameOf } from "./event-terms.ts";
import { expectationAt, expectedAt, fitProphet, type ProphetFit, viewAt } from "./fit-prophet.ts";
import { knownRows, type Rows, ticksOf } from "./known-rows.ts";
import type { ProphetSettings } from "./prophet-settings.ts";
import { type Carry, carryResiduals } from "./residual-carry.ts";
import type { SharedDesigns, SharedPart } from "./shared-designs.ts";
import { columnsAt, type EventTerm, type Moments, type Season } from "./terms.ts";
import { type ValueScale, valueScale } from "./value-scale.ts";

export interface FittedSeries {
  readonly fit: ProphetFit;
  readonly scale: ValueScale;
  readonly grid: TimeGrid;
  readonly carry: Carry;
  /** [history] those of the carry; unknown ones are drawn from the known ones. */
  readonly errors: Float64Array;
  /** Variance that an occurrence of each event has on top. */
  readonly spread: ReadonlyMap<EventTerm, number>;
  /** Events that never occurred in the history but whose effect was declared. */
  readonly declared: readonly ExternalEvent[];
}

/** Fewer rows than this say nothing about tomorrow. */
const ROWS_LEAST = 24;

/** Undefined where too little is known, or where the optimizer finds nothing. */
export function fitSeries(
  known: KnownSeries,
  { settings, designs }: { settings: ProphetSettings; designs: SharedDesigns },
): FittedSeries | undefined {
  const { grid } = known;
  const scale = valueScale(settings.values, known.values);
  const values = known.values.map((value) => scale.to(value));
  const rows = knownRows({ grid, values }, settings.fitStepMs);
  if (rows.values.length < ROWS_LEAST) return undefined;
  const events = announcedBy(known.events, startOfTick(grid, grid.length));
  const shared = designs({ grid, events, moments: rows.moments }, () => sharedPart({ grid, rows, events, settings }));
  const found = fitWithCarry({ grid, values, rows, shared, settings });
  if (found === undefined) return undefined;
  const { fit, carry } = found;
  const occurred = new Set(shared.covers.map(({ term }) => term.name));
  return {
    fit,
    scale,
    grid,
    carry,
    errors: filled(carry.errors, seededRandom(settings.seed)),
    spread: eventSpread(carry.errors, shared.covers),
    declared: events.filter((event) => event.declaredUplift !== undefined && !occurred.has(nameOf(event))),
  };
}

function sharedPart(given: {
  grid: TimeGrid;
  rows: Rows;
  events: readonly ExternalEvent[];
  settings: ProphetSettings;
}): SharedPart {
  const { grid, rows, events, settings } = given;
  const { moments } = rows;
  const trend = settings.trend === "auto" ? trendFor(moments) : settings.trend;
  const terms = [...seasonsFor(moments, settings), ...eventTerms(events, settings.events)];
  const design = buildDesign({ moments, terms, trend });
  const ticks = ticksOf(grid, { from: 0, count: grid.length });
  const covers = design.shape.terms
    .filter((term): term is EventTerm => term.kind === "event")
    .map((term) => ({ term, shares: columnsAt([term], ticks) }));
  return { design, history: viewAt(design.shape, ticks), covers };
}

const YEAR_DAYS = 365;

function trendFor({ instants }: Moments): TrendSetting {
  const spanMs = (instants.at(-1) ?? 0) - (instants[0] ?? 0);
  return { ...TREND_SETTING, growth: spanMs >= YEAR_DAYS * DAY_MS ? "linear" : "flat" };
}

function seasonsFor(moments: Moments, { seasons }: ProphetSettings): readonly Season[] {
  return "orders" in seasons ? calendarSeasons(moments, seasons) : seasons;
}

interface FitAndCarry {
  readonly fit: ProphetFit;
  readonly carry: Carry;
}

/**
 * With events in the history the fit is done again on what the carry leaves: the effect of an event is then measured
 * against the days just before it, not against a level or a season that has moved since.
 */
function fitWithCarry(given: {
  grid: TimeGrid;
  values: Float64Array;
  rows: Rows;
  shared: SharedPart;
  settings: ProphetSettings;
}): FitAndCarry | undefined {
  const { grid, values, rows, shared, settings } = given;
  const { optimizer } = settings;
  const first = fitProphet(shared.design, { values: rows.values, optimizer });
  if (!first.ok) return undefined;
  const carry = carryAfter(first.value, given);
  if (shared.covers.length === 0 || settings.noise === "normal") return { fit: first.value, carry };
  const expected = expectedAt(expectationAt(first.value, shared.history));
  const uncarried = values.map((_, tick) => (expected[tick] as number) + (carry.errors[tick] as number));
  const leftRows = knownRows({ grid, values: uncarried }, settings.fitStepMs);
  const again = fitProphet(shared.design, { values: leftRows.values, optimizer });
  const fit = again.ok ? again.value : first.value;
  return { fit, carry: carryAfter(fit, given) };
}

function carryAfter(
  fit: ProphetFit,
  given: { grid: TimeGrid; values: Float64Array; shared: SharedPart; settings: ProphetSettings },
): Carry {
  const { grid, values, shared, settings } = given;
  const expected = expectedAt(expectationAt(fit, shared.history));
  const residuals = values.map((value, tick) => value - (expected[tick] as number));
  const odd = Uint8Array.from(values, (_, tick) =>
    shared.covers.some(({ shares }) => (shares[tick] as number) > 0) ? 1 : 0,
  );
  const periods = [WEEK_MS, DAY_MS]
    .filter((period) => grid.stepMs < period)
    .map((period) => ticksPer(period, grid.stepMs));
  const { seasonKeep, levelKeep } = settings;
  return carryResiduals({ residuals, odd }, { periods, seasonKeep, levelKeep });
}

function filled(errors: Float64Array, random: SeededRandom): Float64Array {
  const known = errors.filter((error) => !Number.isNaN(error));
  return errors.map((error) => (Number.isNaN(error) ? (known[random.below(known.length)] ?? 0) : error));
}
