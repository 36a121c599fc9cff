// What a demand engine keeps for the horizons beyond the next tick, and what happens to it in the parts of a tick.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { QuantileRow } from "../fill-quantiles.ts";
import { fromLogScale } from "../log-scale.ts";
import { BATCH_SERIES, turnsHour } from "../lstm/network-expert.ts";
import type { Moment, SeasonTicks } from "../season-ticks.ts";
import { createHalfHourPeaks, type HalfHourPeaks } from "./half-hour-peak.ts";
import {
  createHourlyPeaks,
  type HourlyPeaks,
  issueHours,
  keepNetworkHours,
  LESSONS,
  learnFromHour,
} from "./hourly-peaks-ahead.ts";
import { noteClarity, type TickClarity } from "./unclear-ticks.ts";

export interface Horizons {
  readonly halfHour: HalfHourPeaks;
  readonly hourly: HourlyPeaks;
  /** Series whose hour turns at the same tick. */
  readonly batchSeries: number;
}

export function createHorizons(size: {
  readonly floors: Float64Array;
  readonly hasNetwork: boolean;
  readonly batchSeries?: number | undefined;
}): Horizons {
  const { floors, hasNetwork, batchSeries = BATCH_SERIES } = size;
  return {
    halfHour: createHalfHourPeaks({ seriesCount: floors.length, hasNetwork }),
    hourly: createHourlyPeaks({ floors, hasNetwork }),
    batchSeries,
  };
}

/** After the tick just past stands in the history. */
export function noteTick({ halfHour, hourly, batchSeries }: Horizons, moment: Moment, clarity: TickClarity): void {
  noteClarity(halfHour.unclear, moment.series, clarity);
  noteClarity(hourly.unclear, moment.series, clarity);
  const { series, next, season } = moment;
  if (turnsHour({ batchSeries, series, next, season })) learnFromHour(hourly, moment);
}

/** After the network was asked. */
export function issueAhead({ hourly, batchSeries }: Horizons, moment: Moment): void {
  const { series, next, season } = moment;
  if (turnsHour({ batchSeries, series, next, season })) issueHours(hourly, moment);
}

/** What the network said of the lessons' windows comes on the scale of the largest demand. */
export function farTaker(
  { hourly }: Horizons,
  seen: { readonly next: number; readonly season: SeasonTicks; readonly scales: Float64Array },
): (series: number, rows: QuantileRow) => void {
  return (series, rows) => {
    const scale = seen.scales[series] as number;
    for (let place = 0; place < inBaseUnits.length; place++)
      inBaseUnits[place] = fromLogScale(rows.values[rows.at + place] as number, scale);
    keepNetworkHours(hourly, { ...seen, series }, { values: inBaseUnits, at: 0 });
  };
}

const inBaseUnits = new Float32Array(LESSONS.length * LEVEL_COUNT);
