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
  const ahead = events.filter(({ event }) => isAhead(event, forecast));
  if (ahead.length === 0) return rows;
  const moved = rows.slice();
  windows.forEach((window, index) => {
    const row = moved.subarray(index * LEVEL_COUNT, (index + 1) * LEVEL_COUNT);
    const moves = strongestMoves(forecast, { window, events: ahead });
    for (const move of moves) if (move.logUplift !== 0 || move.logSd !== 0) moveRow(row, move);
  });
  return moved;
}

function isAhead(event: ExternalEvent, { origin, stepMs, windows }: EventlessForecast): boolean {
  const { from: begins, to: ends } = reachOf(event);
  const until = windows.reduce((latest, { from, ticks }) => Math.max(latest, from + ticks), 0);
  return event.announced <= origin && begins < origin + until * stepMs && ends >= origin - stepMs;
}

interface Move extends EffectSize {
  readonly confidence: number;
}

/** The largest demand of a window most likely falls on the tick that events lift most: their moves there count. */
function strongestMoves(
  forecast: EventlessForecast,
  { window, events }: { window: TickWindow; events: readonly ExpectedEvent[] },
): readonly Move[] {
  const here = forecast.rowsKnow === "nothing" ? [] : effectsAt(forecast, events, -1);
  let [strongest, most]: [readonly Move[], number] = [[], Number.NEGATIVE_INFINITY];
  for (let tick = window.from; tick < window.from + window.ticks; tick++) {
    const moves = effectsAt(forecast, events, tick).map((there, index) => moveTo(there, here[index]));
    const together = moves.reduce((sum, { logUplift, confidence }) => sum + logUplift * confidence, 0);
    if (together > most) [strongest, most] = [moves, together];
  }
  return strongest;
}

interface EffectThere extends Move {
  readonly phase: number;
}

/** Of each event in the middle of a tick after the origin, each beside the others. */
function effectsAt(
  { origin, stepMs }: EventlessForecast,
  events: readonly ExpectedEvent[],
  tick: number,
): readonly EffectThere[] {
  const middle = origin + (tick + 0.5) * stepMs;
  const alone = events.map(({ event, effect }) => {
    return { ...effectAt(event, effect, middle), phase: phaseAt(event, middle), confidence: event.confidence ?? 1 };
  });
  return marginalEffects(alone);
}

/** From an effect that is in the rows already. Within a phase only fading changes anything; what stays is known for sure. */
function moveTo(there: EffectThere, here: EffectThere | undefined): Move {
  if (here === undefined) return there;
  const isSamePhase = there.phase === here.phase;
  const logSd = isSamePhase ? Math.abs(there.logSd - here.logSd) : Math.max(there.logSd, here.logSd);
  return { logUplift: there.logUplift - here.logUplift, logSd, confidence: there.confidence };
}

/** In place. Where the event may not happen, a mixture of the row with it and the row without it. */
function moveRow(row: Float64Array, { logUplift, logSd, confidence }: Move): void {
  const moved = movedRow(row, { logUplift, logSd });
  row.set(confidence === 1 ? moved : mixedRow({ row: moved, other: row, share: confidence }));
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
