// Trend, seasons as sines and cosines, and events, by ridge regression; part of what is left over is
// carried on.
import { SEASON_MS } from "../../model/season.ts";
import type { ForecastModel } from "../forecast-model.ts";
import { solvePositiveDefinite } from "../linear-system.ts";
import { type Carrying, carriedPath, chooseCarrying } from "./carried-rest.ts";
import { eventColumns } from "./event-columns.ts";
import { ERRORS_APART_AT, forecastByErrors } from "./peak-model.ts";
import type { HistorySetting, RecentHistory } from "./recent-history.ts";
import { expectPath } from "./seasonal-path.ts";

/**
 * Dynamic harmonic regression: Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., sections 7.4 and
 * 10.5, with ridge regression (Hoerl & Kennard, Technometrics 12, 1970) in place of least squares, residuals
 * that are carried on (`carriedPath`) in place of ARIMA, and empirical quantiles of the errors in place of normal ones. Events
 * enter as columns, see `eventColumns`; their effects are drawn towards the uplift that was declared.
 */
export function fourierEvents({ scale, season }: HistorySetting): ForecastModel {
  return forecastByErrors<Carrying>({
    name: scale === "log" ? "fourier-events" : "fourier-events-linear",
    setting: { scale, season },
    errorsApartAt: ERRORS_APART_AT,
    expect: (history, learned) => {
      const offset = regressed(history);
      const carrying = learned ?? chooseCarrying(history, offset);
      const path = expectPath(carriedPath(history.values, { offset, carrying }));
      return {
        ...path,
        components: (window) => {
          const [carried, regression] = path.components(window).map(({ value }) => value);
          return [
            { name: "trend, season and events", role: "level", value: regression ?? Number.NaN },
            { name: "recent errors", role: "recent-errors", value: carried ?? Number.NaN },
          ];
        },
        learned: carrying,
        explain: () =>
          `Trend, waves of a season of ${history.season} ticks and ${history.known.events.length} events; ` +
          `${Math.round(carrying.share * 100)} % of what was left over last is carried on.`,
      };
    },
  });
}

/** As if so many ticks had said that a coefficient is 0, or what was declared. */
const RIDGE = 0.3;
/** Lets a history without a single sample be solved, to nothing. */
const TINY = 1e-9;

/** What the regression says of a tick of the history, or of one to come. */
function regressed(history: RecentHistory): (tick: number) => number {
  const terms = termsOf(history);
  const { size, declared } = terms;
  const matrix = new Float64Array(size * size);
  const right = declared.map((effect) => effect * RIDGE);
  const row = new Float64Array(size);
  history.values.forEach((value, tick) => {
    if (Number.isNaN(value)) return;
    terms.write(tick, row);
    addProducts({ matrix, right, row, value });
  });
  for (let term = 0; term < size; term++)
    matrix[term * size + term] = (matrix[term * size + term] as number) + (term === 0 ? TINY : RIDGE);
  const coefficients = solvePositiveDefinite(matrix, right);
  const said: number[] = [];
  return (tick) => {
    for (let next = said.length; next <= tick; next++) said.push(dotOf(terms.write(next, row), coefficients));
    return said[tick] ?? Number.NaN;
  };
}

function addProducts(sums: { matrix: Float64Array; right: Float64Array; row: Float64Array; value: number }): void {
  const { matrix, right, row, value } = sums;
  const size = row.length;
  for (let left = 0; left < size; left++) {
    const term = row[left] as number;
    if (term === 0) continue;
    right[left] = (right[left] as number) + term * value;
    const start = left * size;
    for (let other = 0; other <= left; other++)
      matrix[start + other] = (matrix[start + other] as number) + term * (row[other] as number);
  }
}

function dotOf(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index++) sum += (left[index] as number) * (right[index] as number);
  return sum;
}

interface Terms {
  readonly size: number;
  /** [term] what is believed of its coefficient before a sample was seen. */
  readonly declared: Float64Array;
  /** Writes the terms of a tick and returns them: 1, trend, cosine and sine of each frequency, events. */
  write(tick: number, row: Float64Array): Float64Array;
}

const SEASON_HARMONICS = 8;
const WEEK_HARMONICS = 3;
const YEAR_HARMONICS = 6;

function termsOf({ known, values, season, day }: RecentHistory): Terms {
  const first = known.grid.length - values.length;
  const yearTicks = SEASON_MS.year / known.grid.stepMs;
  const cycles = [
    ...harmonicsOf(season, Math.min(SEASON_HARMONICS, Math.floor((season - 1) / 2))),
    ...(season === day && values.length >= 14 * season ? harmonicsOf(7 * season, WEEK_HARMONICS) : []),
    ...(season < yearTicks && values.length >= yearTicks ? harmonicsOf(yearTicks, YEAR_HARMONICS) : []),
  ];
  const events = eventColumns(known.events, known.grid);
  const size = 2 + 2 * cycles.length + events.length;
  const declared = new Float64Array(size);
  declared.set(
    events.map((event) => event.declared),
    size - events.length,
  );
  const write = (tick: number, row: Float64Array): Float64Array => {
    row[0] = 1;
    row[1] = tick / values.length;
    let term = 2;
    for (const ticks of cycles) {
      const angle = (2 * Math.PI * (first + tick)) / ticks;
      row[term++] = Math.cos(angle);
      row[term++] = Math.sin(angle);
    }
    for (const event of events) row[term++] = event.at(first + tick);
    return row;
  };
  return { size, declared, write };
}

/** Ticks of the whole cycle, of half of it, of a third ... */
function harmonicsOf(ticks: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => ticks / (index + 1));
}
