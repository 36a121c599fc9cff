// Events and profile as numbers for a neural model: one row a tick. Every number is of order 1, and a row of nothing but zeros
// says that nothing is known, so that series without signals cost no more than the clearing of their rows.
import { EVENT_KINDS, type ExternalEvent } from "../model/event.ts";
import { WORKLOAD_CLASSES } from "../model/fleet.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import type { Resource } from "../model/resources.ts";
import { assert } from "../model/result.ts";
import { HOUR_MS, type Instant, instant } from "../model/time.ts";
import { type EventCalendar, eventsInSight, SIGHT_MS } from "./event-calendar.ts";
import { type EventEffect, effectAt } from "./event-effects.ts";
import { declaredLogUplift } from "./event-phases.ts";
import { declaredLevels } from "./profile-demand.ts";

/**
 * Of one kind of event. `active`: 0 or 1. The times are nearness: 1 = now, falling with the log of the hours to 0 at 48 h.
 * `since-start`: from the start on; `to-start`: before it; `to-end`: while it lasts; `since-end`: after it. `log-uplift`: natural
 * log of the expected factor, summed over events: learned where given, else declared. `confidence`: of the surest in sight.
 */
const EVENT_FEATURES = [
  "active",
  "since-start",
  "to-start",
  "to-end",
  "since-end",
  "log-uplift",
  "confidence",
] as const;

/** `declared`: 0 or 1. `typical`, `peak`: log(1 + declared / scale) for the hour of the tick. The class: 1 for the one declared. */
const PROFILE_FEATURES = ["declared", "typical", "peak"] as const;

export const EVENT_COVARIATES: readonly string[] = EVENT_KINDS.flatMap((kind) =>
  EVENT_FEATURES.map((feature) => `${kind}-${feature}`),
);
export const PROFILE_COVARIATES: readonly string[] = [
  ...PROFILE_FEATURES.map((feature) => `profile-${feature}`),
  ...WORKLOAD_CLASSES.map((workloadClass) => `class-${workloadClass}`),
];

/** What each number of a row is. */
export const COVARIATE_NAMES: readonly string[] = [...EVENT_COVARIATES, ...PROFILE_COVARIATES];
export const COVARIATE_COUNT = COVARIATE_NAMES.length;

/** Rows of a matrix. */
export interface Ticks {
  /** Start of the first tick. */
  readonly from: Instant;
  readonly stepMs: number;
  readonly count: number;
  /** When the forecast is made: events announced later are not seen, wherever the ticks lie. */
  readonly origin: Instant;
}

export interface SeriesSignals {
  readonly calendar: EventCalendar;
  readonly profile?: WorkloadProfile | undefined;
  readonly resource: Resource;
  /** > 0, base units: what the model divides demand by. */
  readonly scale: number;
  /** The learned effect of an event on this series; undefined where nothing was learned. */
  readonly effectOf?: ((event: ExternalEvent) => EventEffect | undefined) | undefined;
}

/**
 * Writes [ticks.count x COVARIATE_COUNT] at the beginning of `into`. Each number is of the middle of its tick. 0.1 to 0.3
 * microseconds a tick with no event in sight, a few with one.
 */
export function fillCovariates(signals: SeriesSignals, ticks: Ticks, into: Float32Array): void {
  assert(into.length >= ticks.count * COVARIATE_COUNT, `${ticks.count} rows of ${COVARIATE_COUNT} fit: ${into.length}`);
  into.fill(0, 0, ticks.count * COVARIATE_COUNT);
  const { calendar, profile } = signals;
  if (calendar.events.length === 0 && profile === undefined) return;
  for (let tick = 0; tick < ticks.count; tick++) {
    const at = instant(ticks.from + (tick + 0.5) * ticks.stepMs);
    const offset = tick * COVARIATE_COUNT;
    for (const event of eventsInSight(calendar, { at, origin: ticks.origin }))
      addEvent(event, { at, signals, row: into.subarray(offset, offset + EVENT_COVARIATES.length) });
    if (profile !== undefined)
      addProfile(profile, { at, signals, row: into.subarray(offset + EVENT_COVARIATES.length) });
  }
}

interface Target {
  readonly at: Instant;
  readonly signals: SeriesSignals;
  readonly row: Float32Array;
}

/** Of several events of a kind the nearest and surest count; their uplifts add up. */
function addEvent(event: ExternalEvent, { at, signals, row }: Target): void {
  const { start, end, kind, confidence = 1 } = event;
  const isActive = start <= at && at < end;
  const values = [
    isActive ? 1 : 0,
    at < start ? 0 : nearness(at - start),
    at < start ? nearness(start - at) : 0,
    isActive ? nearness(end - at) : 0,
    at < end ? 0 : nearness(at - end),
  ];
  const offset = EVENT_KINDS.indexOf(kind) * EVENT_FEATURES.length;
  values.forEach((value, feature) => {
    row[offset + feature] = Math.max(row[offset + feature] as number, value);
  });
  const effect = signals.effectOf?.(event);
  const logUplift = effect === undefined ? declaredLogUplift(event, at) : effectAt(event, effect, at).logUplift;
  row[offset + LOG_UPLIFT] = (row[offset + LOG_UPLIFT] as number) + logUplift;
  row[offset + CONFIDENCE] = Math.max(row[offset + CONFIDENCE] as number, confidence);
}

const LOG_UPLIFT = EVENT_FEATURES.indexOf("log-uplift");
const CONFIDENCE = EVENT_FEATURES.indexOf("confidence");
const SIGHT_LOG = Math.log1p(SIGHT_MS / HOUR_MS);

function nearness(distanceMs: number): number {
  return Math.max(1 - Math.log1p(distanceMs / HOUR_MS) / SIGHT_LOG, 0);
}

function addProfile(profile: WorkloadProfile, { at, signals, row }: Target): void {
  const { resource, scale } = signals;
  const levels = declaredLevels(profile, { resource, at });
  if (levels !== undefined) {
    row[0] = 1;
    row[1] = Math.log1p(levels.typical / scale);
    row[2] = Math.log1p(levels.peak / scale);
  }
  if (profile.workloadClass !== undefined)
    row[PROFILE_FEATURES.length + WORKLOAD_CLASSES.indexOf(profile.workloadClass)] = 1;
}
