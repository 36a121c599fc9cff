// Puts the effects of events on forecasts that know nothing of them: a factor on the quantiles, widened by how unsure the effect
// is. An event that was not announced at the origin is never used.
import type { ExternalEvent } from "../model/event.ts";
import { LEVEL_COUNT, levelIndex, QUANTILE_LEVELS } from "../model/forecast.ts";
import { assert } from "../model/result.ts";
import type { Instant } from "../model/time.ts";
import { type EffectSize, marginalEffects } from "./combine-effects.ts";
import { type EventEffect, effectAt } from "./event-effects.ts";
import { phaseAt, reachOf } from "./event-phases.ts";
import { mixedRow } from "./mixed-row.ts";
import { normalQuantile } from "./normal-quantile.ts";
import type { TickWindow } from "./profile-demand.ts";

export interface ExpectedEvent {
  readonly event: ExternalEvent;
  /** On the resource of the series. */
  readonly effect: EventEffect;
}

export interface EventlessForecast {
  /** Start of the first tick after what is known. */
  readonly origin: Instant;
  readonly stepMs: number;
  readonly windows: readonly TickWindow[];
  /** [window x level of QUANTILE_LEVELS], base units, ascending. */
  readonly rows: Float64Array;
  /**
   * "nothing": the rows are those of a world without events (a season, a profile). "last-tick": the rows go on from the last
   * tick, with whatever an event did to it; then only the change from there is applied.
   */
  readonly rowsKnow: "nothing" | "last-tick";
}

const LEVEL_Z = QUANTILE_LEVELS.map(normalQuantile);

/** New rows of the same shape; the same ones where no event matters. */
export function withEvents(forecast: EventlessForecast, events: readonly ExpectedEvent[]): Float64Array {
  const { rows, windows } = forecast;
  assert(rows.length === windows.length * LEVEL_COUNT, `a row for each window: ${rows.length} for ${windows.length}`);
  const moves = windows.map((window) => eventMoves(forecast, { window, events }));
  if (moves.every((those) => those.length === 0)) return rows;
  const moved = rows.slice();
  for (const [index, those] of moves.entries())
    moveRow(moved.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT), those);
  return moved;
}

/** What events do to any row of one window: the same for all series that they do the same to. Empty: nothing. */
export function eventMoves(
  forecast: Timing,
  { window, events }: { readonly window: TickWindow; readonly events: readonly ExpectedEvent[] },
): readonly EventMove[] {
  const ahead = events.filter(({ event }) => isAhead(event, { ...forecast, window }));
  if (ahead.length === 0) return [];
  return strongestMoves(forecast, { window, events: ahead }).filter(
    ({ logUplift, logSd }) => logUplift !== 0 || logSd !== 0,
  );
}

/** One row of quantiles, in place. */
export function moveRow(row: Float64Array, moves: readonly EventMove[]): void {
  for (const { logUplift, logSd, confidence } of moves) {
    const moved = movedRow(row, { logUplift, logSd });
    // Where the event may not happen, a mixture of the row with it and the row without it.
    row.set(confidence === 1 ? moved : mixedRow({ row: moved, other: row, share: confidence }));
  }
}

/** What events multiply usual demand with at an instant, all that happen together; 1 where there are none. */
export function factorAt(events: readonly ExpectedEvent[], at: number): number {
  if (events.length === 0) return 1;
  const alone = events.map(({ event, effect }) => effectAt(event, effect, at));
  return Math.exp(marginalEffects(alone).reduce((sum, { logUplift }) => sum + logUplift, 0));
}

type Timing = Pick<EventlessForecast, "origin" | "stepMs" | "rowsKnow">;

function isAhead(event: ExternalEvent, { origin, stepMs, window }: Timing & { readonly window: TickWindow }): boolean {
  const { from: begins, to: ends } = reachOf(event);
  return (
    event.announced <= origin && begins < origin + (window.from + window.ticks) * stepMs && ends >= origin - stepMs
  );
}

/** What one event changes of a row. */
export interface EventMove extends EffectSize {
  readonly confidence: number;
}

/** The largest demand of a window most likely falls on the tick that events lift most: their moves there count. */
function strongestMoves(
  forecast: Timing,
  { window, events }: { window: TickWindow; events: readonly ExpectedEvent[] },
): readonly EventMove[] {
  const here = forecast.rowsKnow === "nothing" ? [] : effectsAt(forecast, events, -1);
  let [strongest, most]: [readonly EventMove[], number] = [[], Number.NEGATIVE_INFINITY];
  for (let tick = window.from; tick < window.from + window.ticks; tick++) {
    const moves = effectsAt(forecast, events, tick).map((there, index) => moveTo(there, here[index]));
    const together = moves.reduce((sum, { logUplift, confidence }) => sum + logUplift * confidence, 0);
    if (together > most) [strongest, most] = [moves, together];
  }
  return strongest;
}

interface EffectThere extends EventMove {
  readonly phase: number;
}

/** Of each event in the middle of a tick after the origin, each beside the others. */
function effectsAt({ origin, stepMs }: Timing, events: readonly ExpectedEvent[], tick: number): readonly EffectThere[] {
  const middle = origin + (tick + 0.5) * stepMs;
  const alone = events.map(({ event, effect }) => {
    return { ...effectAt(event, effect, middle), phase: phaseAt(event, middle), confidence: event.confidence ?? 1 };
  });
  return marginalEffects(alone);
}

/** From an effect that is in the rows already. Within a phase only fading changes anything; what stays is known for sure. */
function moveTo(there: EffectThere, here: EffectThere | undefined): EventMove {
  if (here === undefined) return there;
  const isSamePhase = there.phase === here.phase;
  const logSd = isSamePhase ? Math.abs(there.logSd - here.logSd) : Math.max(there.logSd, here.logSd);
  return { logUplift: there.logUplift - here.logUplift, logSd, confidence: there.confidence };
}

/**
 * Quantiles of demand times a log-normal factor. Around the median the logs of both spread independently, so their squared
 * distances add up: exact where demand is log-normal on either side of its median, and ascending always.
 */
function movedRow(row: Float64Array, { logUplift, logSd }: EffectSize): Float64Array {
  const factor = Math.exp(logUplift);
  const median = row[levelIndex(0.5)] as number;
  return row.map((value, level) => {
    const z = LEVEL_Z[level] as number;
    if (!(median > 0) || !(value > 0)) return value * factor * Math.exp(z * logSd);
    return median * factor * Math.exp(Math.sign(z) * Math.hypot(Math.log(value / median), z * logSd));
  });
}
