// Events and profile as numbers for a neural model: one row for a window of ticks ahead, about the tick that events lift most.
// Every number is of order 1. Who has neither event nor profile in sight gets no rows at all, and it costs next to nothing.
import { EVENT_KINDS, type ExternalEvent } from "../model/event.ts";
import { WORKLOAD_CLASSES } from "../model/fleet.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import type { Resource } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, type Instant } from "../model/time.ts";
import { type EventCalendar, eventsInSight, SIGHT_MS } from "./event-calendar.ts";
import { type EventEffect, effectAt } from "./event-effects.ts";
import { declaredLogUplift } from "./event-phases.ts";
import { declaredLevels, type TickWindow } from "./profile-demand.ts";

/**
 * Of one kind of event. `active`: 0 or 1. The times are nearness: 1 = now, falling with the log of the hours to 0 at 48 h.
 * `since-start`: from the start on; `to-start`: before it; `to-end`: while it lasts; `since-end`: after it. `log-uplift`: natural
 * log of the factor that is expected from the last tick before the origin to this one, summed over events: what an event has
 * done already is in the history. Learned where given, else declared. `confidence`: of the surest in sight.
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

/** `declared`: 0 or 1. `typical`, `peak`: of the hour of the tick, on the log scale. The class: 1 for the one declared. */
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

export interface SeriesSignals {
  readonly calendar: EventCalendar;
  readonly profile?: WorkloadProfile | undefined;
  /** Left out: not known; then only the class of a profile is told. */
  readonly resource?: Resource | undefined;
  /** The learned effect of an event on this series; undefined where nothing was learned. */
  readonly effectOf?: ((event: ExternalEvent) => EventEffect | undefined) | undefined;
}

/** When the forecast is made: the start of tick 0. Events announced later are not seen. */
export interface ForecastOrigin {
  readonly origin: Instant;
  readonly stepMs: number;
}

/** Writes a row of COVARIATE_COUNT numbers from `at` on. `scale`: base units > 0, the unit of the log scale of the series. */
type WriteRow = (
  window: TickWindow,
  target: { readonly values: Float32Array; readonly at: number; readonly scale: number },
) => void;

/** For windows that end within a day after the origin. Undefined: nothing is in sight, every row would be zeros. */
export function windowCovariates(signals: SeriesSignals, when: ForecastOrigin): WriteRow | undefined {
  const { calendar, profile } = signals;
  const { origin, stepMs } = when;
  const events =
    calendar.events.length === 0 ? NONE : eventsInSight(calendar, { at: origin, until: origin + DAY_MS, origin });
  if (events.length === 0 && profile === undefined) return undefined;
  // Within days of an instant there are only instants: they need no check, tick by tick.
  const middleOf = (tick: number) => (origin + (tick + 0.5) * stepMs) as Instant;
  const before = events.map((event) => logUpliftAt(signals, event, middleOf(-1)));
  return (window, { values, at: place, scale }) => {
    values.fill(0, place, place + COVARIATE_COUNT);
    const at = middleOf(strongestTick({ signals, events, middleOf }, window));
    for (const [index, event] of events.entries())
      if (isInSight(event, at))
        addEvent(event, { at, logUplift: logUpliftAt(signals, event, at) - (before[index] as number), values, place });
    if (profile !== undefined)
      writeProfile(profile, { at, resource: signals.resource, scale, values, place: place + EVENT_COVARIATES.length });
  };
}

const NONE: readonly ExternalEvent[] = [];

interface EventsSeen {
  readonly signals: SeriesSignals;
  readonly events: readonly ExternalEvent[];
  readonly middleOf: (tick: number) => Instant;
}

/** The largest demand of a window most likely falls there; of equal ticks the middle one. */
function strongestTick({ signals, events, middleOf }: EventsSeen, { from, ticks }: TickWindow): number {
  const middle = from + Math.floor(ticks / 2);
  if (events.length === 0 || ticks === 1) return middle;
  const liftAt = (tick: number) => {
    let lift = 0;
    for (const event of events) lift += (event.confidence ?? 1) * logUpliftAt(signals, event, middleOf(tick));
    return lift;
  };
  let strongest = middle;
  let most = liftAt(middle);
  for (let tick = from; tick < from + ticks; tick++) {
    const lift = liftAt(tick);
    if (lift > most) [strongest, most] = [tick, lift];
  }
  return strongest;
}

function logUpliftAt({ effectOf }: SeriesSignals, event: ExternalEvent, at: Instant): number {
  const effect = effectOf?.(event);
  return effect === undefined ? declaredLogUplift(event, at) : effectAt(event, effect, at).logUplift;
}

function isInSight({ start, end }: ExternalEvent, at: Instant): boolean {
  return start < at + SIGHT_MS && end > at - SIGHT_MS;
}

interface EventRow {
  readonly at: Instant;
  readonly logUplift: number;
  readonly values: Float32Array;
  readonly place: number;
}

/** Of several events of a kind the nearest and surest count; their uplifts add up. */
function addEvent(event: ExternalEvent, { at, logUplift, values, place }: EventRow): void {
  const { start, end, kind, confidence = 1 } = event;
  const first = place + EVENT_KINDS.indexOf(kind) * EVENT_FEATURES.length;
  const raise = (feature: number, value: number) => {
    if (value > (values[first + feature] as number)) values[first + feature] = value;
  };
  if (at < start) raise(TO_START, nearness(start - at));
  else raise(SINCE_START, nearness(at - start));
  if (at >= end) raise(SINCE_END, nearness(at - end));
  else if (at >= start) {
    raise(ACTIVE, 1);
    raise(TO_END, nearness(end - at));
  }
  raise(CONFIDENCE, confidence);
  values[first + LOG_UPLIFT] = (values[first + LOG_UPLIFT] as number) + logUplift;
}

const [ACTIVE, SINCE_START, TO_START, TO_END, SINCE_END, LOG_UPLIFT, CONFIDENCE] = EVENT_FEATURES.map(
  (_, place) => place,
) as unknown as readonly [number, number, number, number, number, number, number];
const SIGHT_LOG = Math.log1p(SIGHT_MS / HOUR_MS);

function nearness(distanceMs: number): number {
  return Math.max(1 - Math.log1p(distanceMs / HOUR_MS) / SIGHT_LOG, 0);
}

interface ProfileRow {
  readonly at: Instant;
  readonly resource: Resource | undefined;
  readonly scale: number;
  readonly values: Float32Array;
  readonly place: number;
}

function writeProfile(profile: WorkloadProfile, { at, resource, scale, values, place }: ProfileRow): void {
  const levels = resource === undefined ? undefined : declaredLevels(profile, { resource, at });
  if (levels !== undefined) {
    values[place] = 1;
    values[place + 1] = onLogScale(levels.typical, scale);
    values[place + 2] = onLogScale(levels.peak, scale);
  }
  if (profile.workloadClass !== undefined)
    values[place + PROFILE_FEATURES.length + WORKLOAD_CLASSES.indexOf(profile.workloadClass)] = 1;
}

/** The scale that demand is forecast on: a test holds the two equal. */
const CURVATURE = 20;

function onLogScale(amount: number, scale: number): number {
  return Math.log1p((CURVATURE * amount) / scale) / Math.log1p(CURVATURE);
}
