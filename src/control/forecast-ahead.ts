// What is forecast of one VM's resource beyond the next tick: the peak of the next half hour and those of the next 24 hours, with
// its profile and the events in sight. Worked out when it is asked for, from what the cell knows.
import { hoursOfHistory } from "../forecast/demand-record/knowledge.ts";
import { hourlyPeaksAhead, peakQuantiles } from "../forecast/horizons/ask-horizons.ts";
import { farDay } from "../forecast/horizons/hourly-peaks-ahead.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { DAY_MS, type Instant } from "../model/time.ts";
import type { TickWindow } from "../signals/profile-demand.ts";
import type { RunningCell } from "./loop.ts";
import { seriesPrior } from "./profile-priors.ts";
import { eventFactors, putEventsAhead } from "./signals/event-factors.ts";
import { touchedWorkloads } from "./signals/follow-events.ts";
import { profileCovariates } from "./signals/profile-covariates.ts";

export interface SeriesAhead {
  /** End of the tick just past. */
  readonly origin: Instant;
  /** The half hour first, then each hour. */
  readonly windows: readonly TickWindow[];
  /** [window x level] the largest demand in each; base units, ascending. NaN where nothing is known. */
  readonly rows: Float64Array;
}

/** Of a cell that was started with horizons; one that was not is a bug of whoever asks. */
export function forecastAhead(cell: RunningCell, series: number): SeriesAhead {
  const { engine, signals, state } = cell;
  const { layout, at: origin } = state;
  const hours = farDay(engine.season);
  const windows = [{ from: 0, ticks: engine.season.halfHour }, ...hours];
  const covariates = profileCovariates(signals, { layout, at: origin });
  const { profiles } = signals.declared;
  const hoursOf = (which: number) => hoursOfHistory(engine, which);
  const prior = seriesPrior({ layout, profiles, origin, hoursOf }, series, hours);
  const rows = new Float64Array(windows.length * LEVEL_COUNT);
  rows.set(peakQuantiles(engine).subarray(series * LEVEL_COUNT, (series + 1) * LEVEL_COUNT));
  rows.set(hourlyPeaksAhead({ engine, series, covariates, prior }), LEVEL_COUNT);
  const touched = touchedWorkloads(signals, { layout, from: origin - layout.stepMs, to: origin + DAY_MS }).filter(
    ({ workload }) => layout.vmsOfWorkload[workload]?.includes(Math.floor(series / RESOURCE_COUNT)),
  );
  putEventsAhead(rows, { engine, series, events: eventFactors({ layout, at: origin, touched }), windows });
  return { origin, windows, rows };
}
