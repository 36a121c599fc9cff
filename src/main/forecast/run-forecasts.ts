// Forecasts many VMs in worker threads, all processors at once.
import type { Piscina } from "piscina";
import type { Forecasted, ForecastJob } from "./forecast-worker.ts";

export interface Forecasts {
  readonly pool: Piscina;
  readonly jobs: readonly ForecastJob[];
  /** After each job, with how many series it was. */
  readonly onForecast: (series: number) => void;
}

/** In the order of the jobs, whatever the number of threads. */
export function runForecasts({ pool, jobs, onForecast }: Forecasts): Promise<Forecasted[]> {
  return Promise.all(
    jobs.map(async (job) => {
      const forecasted: Forecasted = await pool.run(job, { name: "forecastInThread" });
      onForecast(job.asked.length);
      return forecasted;
    }),
  );
}
