// From what the models said to the report that people and programs read.
import { peakAfter, type Window } from "../../forecast/forecast-model.ts";
import type { ForecastWindow, ModelForecast, SeriesForecast } from "../../model/forecast-report.ts";
import { UNIT_NAME } from "../../model/resources.ts";
import { iso, startOfTick } from "../../model/time.ts";
import { rowsOf } from "./blend-profile.ts";
import type { Forecasted, ForecastJob, Opinion } from "./forecast-worker.ts";
import { groundOf } from "./ground.ts";
import type { PlannedForecast } from "./plan-forecasts.ts";

export function seriesForecasts(
  plan: PlannedForecast,
  { job, answer }: { readonly job: ForecastJob; readonly answer: Forecasted },
): SeriesForecast[] {
  const { source, origin, places } = plan;
  return places.flatMap((place, index): SeriesForecast[] => {
    const [series, known] = [source.series[place], job.known[job.asked[index] ?? -1]];
    if (series === undefined || known === undefined) return [];
    const { resource = null, values } = series;
    const opinions = answer.opinions[index] ?? [];
    return [
      {
        name: source.name,
        resource,
        unit: resource === null ? null : UNIT_NAME[resource],
        origin: iso(startOfTick(source.grid, origin)),
        stepSeconds: source.grid.stepMs / 1000,
        ground: groundOf(
          known,
          opinions.every(({ isSilent }) => isSilent),
        ),
        models: opinions.map((opinion, at) => modelForecast(job.models[at] ?? "", { plan, values, opinion })),
        ...(job.hasParts ? { eventsAhead: answer.eventsAhead[index] ?? [] } : {}),
      },
    ];
  });
}

interface Said {
  readonly plan: PlannedForecast;
  readonly values: Float64Array;
  readonly opinion: Opinion;
}

function modelForecast(model: string, { plan, values, opinion }: Said): ModelForecast {
  const { source, origin, question } = plan;
  const rows = rowsOf(opinion.rows);
  const at = ({ from, ticks }: Window): [string, string] => [
    iso(startOfTick(source.grid, origin + from)),
    iso(startOfTick(source.grid, origin + from + ticks)),
  ];
  const windows = question.windows.map((window, index): ForecastWindow => {
    const [start, end] = at(window);
    const [row, came] = [rows[index], peakAfter(values, origin, window)];
    const isSaid = row !== undefined && !Number.isNaN(row[0]);
    const quantiles = isSaid ? [...row] : null;
    return { kind: window.kind, start, end, quantiles, came: Number.isNaN(came) ? null : came };
  });
  const { sentence, parts } = opinion;
  return { model, sentence, windows, ...(parts && { parts }) };
}
