// A series with its events and profile as numbers too, as networks take them.
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { startOfTick } from "../../model/time.ts";
import { windowCovariates } from "../../signals/covariates.ts";
import { eventCalendar } from "../../signals/event-calendar.ts";

/** As they are known at the origin. */
export function withCovariates(one: KnownSeries): KnownSeries {
  const { grid, events, profile, resource } = one;
  if (events.length === 0 && profile === undefined) return one;
  const signals = { calendar: eventCalendar(events), profile, resource };
  const covariates = windowCovariates(signals, { origin: startOfTick(grid, grid.length), stepMs: grid.stepMs });
  return { ...one, covariates };
}
