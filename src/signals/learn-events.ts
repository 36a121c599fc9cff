// Learns the effects of past events out of one series. Where events overlap, each is measured against what the others are
// expected to do, again and again until they share what happened (backfitting: Hastie & Tibshirani, Generalized Additive Models,
// chapter 4; the expectation step is the shrunk effect).
import type { ExternalEvent } from "../model/event.ts";
import type { Series } from "../model/series.ts";
import { combinedFactor } from "./combine-effects.ts";
import {
  type EffectQuestion,
  type EventEffect,
  type EventEffects,
  effectAt,
  emptyEffects,
  expectedEffect,
  observeEvent,
} from "./event-effects.ts";
import { PHASE_COUNT, reachOf, ticksTouched } from "./event-phases.ts";
import { measureEvent } from "./measure-event.ts";

export interface EventHistory extends Omit<EffectQuestion, "event"> {
  readonly series: Series;
  /** [series.grid.length] what was due without any event, base units, NaN where unknown: `usualDemand`, or a forecast. */
  readonly usual: Float64Array;
  /** All that touched the series. */
  readonly events: readonly ExternalEvent[];
  /** Those of them to learn from, each once for ever: what is over and was not learned from yet. Left out: all. */
  readonly fresh?: readonly ExternalEvent[];
}

const ROUNDS = 4;

/** Returns how many events taught something. Equal input gives equal effects, whatever the order of the events. */
export function learnEvents(effects: EventEffects, history: EventHistory): number {
  const { events, fresh = events } = history;
  let ratios = events.map((event) => measure(history, event, []));
  for (let round = 0; round < ROUNDS && events.length > 1; round++) ratios = shared(history, ratios);
  let learned = 0;
  for (const [index, event] of events.entries()) {
    const logRatio = ratios[index];
    if (logRatio === undefined || logRatio.every(Number.isNaN) || !fresh.includes(event)) continue;
    if (observeEvent(effects, { ...questionOf(history, event), logRatio })) learned++;
  }
  return learned;
}

interface Other {
  readonly event: ExternalEvent;
  readonly effect: EventEffect;
}

/** A step towards what is left for each event when the others do what the last round says; shorter the more overlap. */
function shared(history: EventHistory, ratios: readonly Float64Array[]): Float64Array[] {
  const scratch = emptyEffects();
  history.events.forEach((event, index) => {
    const logRatio = ratios[index] ?? new Float64Array(PHASE_COUNT).fill(Number.NaN);
    observeEvent(scratch, { ...questionOf(history, event), logRatio });
  });
  const effects = history.events.map((event) => expectedEffect(scratch, questionOf(history, event)));
  return history.events.map((event, index) => {
    const others = history.events.flatMap((other, at): Other[] => {
      const effect = effects[at];
      return at === index || effect === undefined || !overlap(event, other) ? [] : [{ event: other, effect }];
    });
    const left = measure(history, event, others);
    return left.map((value, phase) => {
      const before = ratios[index]?.[phase] ?? value;
      return before + (value - before) / (1 + others.length);
    });
  });
}

/**
 * What is left for the event beside the others. A dip is a share of what they leave, but visitors add to theirs: where the event
 * lifts demand, theirs are taken off first.
 */
function measure({ series, usual }: EventHistory, event: ExternalEvent, others: readonly Other[]): Float64Array {
  const { grid, values } = series;
  if (others.length === 0) return measureEvent({ event, grid, observed: values, expected: usual });
  const [expected, observed] = [usual.slice(), values.slice()];
  const { from, to } = ticksTouched(event, grid);
  for (let tick = Math.max(from, 0); tick < Math.min(to, grid.length); tick++) {
    const middle = grid.startMs + (tick + 0.5) * grid.stepMs;
    const { up, down } = combinedFactor(others.map((other) => effectAt(other.event, other.effect, middle).logUplift));
    const due = usual[tick] as number;
    expected[tick] = due * up * down;
    observed[tick] = Math.max((values[tick] as number) / down - due * (up - 1), 0);
  }
  const asShare = measureEvent({ event, grid, observed: values, expected });
  const asVisitors = measureEvent({ event, grid, observed, expected: usual });
  return asShare.map((share, phase) => (share > 0 ? (asVisitors[phase] as number) : share));
}

function questionOf({ resource, customer, workload }: EventHistory, event: ExternalEvent): EffectQuestion {
  return { event, resource, customer, ...(workload === undefined ? {} : { workload }) };
}

function overlap(left: ExternalEvent, right: ExternalEvent): boolean {
  return reachOf(left).from < reachOf(right).to && reachOf(right).from < reachOf(left).to;
}
