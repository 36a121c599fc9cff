// What runs in a worker thread: reading one trace file, or one model on the series of one VM. Plain data in, plain data out.
import type { FileSamples, TraceFileJob } from "../../adapters/trace-files/file-samples.ts";
import { readTraceFile } from "../../adapters/trace-files/read-trace-file.ts";
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { MODELS } from "../../forecast/models/registry.ts";
import { openKernelCommittee } from "../../forecast/network/committee.ts";
import { withCovariates } from "../../lab/evaluate/with-covariates.ts";
import type { ForecastPart } from "../../model/forecast-parts.ts";
import type { EventAhead } from "../../model/forecast-report.ts";
import { assert, type Result } from "../../model/result.ts";
import type { SeasonChoice } from "../../model/season.ts";
import { startOfTick } from "../../model/time.ts";
import type { NetworkJob } from "../evaluate/evaluate-worker.ts";
import type { AskedWindow } from "./asked-windows.ts";
import { blendProfile } from "./blend-profile.ts";
import { eventsAhead } from "./tell-events.ts";

export interface ForecastJob {
  /** The resources of one VM, those too that are not asked for: some models look at all of them. */
  readonly known: readonly KnownSeries[];
  /** Indices into `known`. */
  readonly asked: readonly number[];
  /** Names of the registry. */
  readonly models: readonly string[];
  readonly season: SeasonChoice;
  readonly windows: readonly AskedWindow[];
  readonly network?: NetworkJob;
  readonly hasParts: boolean;
}

export interface Forecasted {
  /** [asked] */
  readonly eventsAhead: readonly EventAhead[][];
  /** [asked][model] */
  readonly opinions: readonly Opinion[][];
}

export interface Opinion {
  /** [window x level] */
  readonly rows: Float64Array;
  /** The model has nothing to say of the first window: what stands there is the profile's. */
  readonly isSilent: boolean;
  readonly sentence: string | null;
  readonly parts?: readonly ForecastPart[];
}

export function readFileInThread(job: TraceFileJob): Promise<Result<FileSamples>> {
  return readTraceFile(job);
}

export function forecastInThread(job: ForecastJob): Forecasted {
  const { asked, models, season, windows, network, hasParts } = job;
  const known = job.known.map(withCovariates);
  const trained = network && { ...network, inference: openKernelCommittee(network.network) };
  const fitted = models.map((name) => {
    const named = MODELS[name];
    assert(named !== undefined, `there is a model called ${name}`);
    return named.make(season, trained).fit(known);
  });
  const series = asked.map((index) => {
    const one = known[index];
    assert(one !== undefined, "what is asked for is among what is known");
    return { index, one };
  });
  return {
    eventsAhead: series.map(({ one }) => (hasParts ? eventsAhead(one, endOf(one, windows)) : [])),
    opinions: series.map(({ index, one }) =>
      fitted.map((model): Opinion => {
        const rows = model.predict(index, windows);
        const isSilent = Number.isNaN(rows[0]);
        blendProfile(rows, one, windows);
        const told = hasParts ? model.parts?.(index, windows) : undefined;
        const sentence = told?.sentence ?? model.explain?.(index) ?? null;
        return { rows, isSilent, sentence, ...(told && { parts: told.parts }) };
      }),
    ),
  };
}

function endOf({ grid }: KnownSeries, windows: readonly AskedWindow[]) {
  const ticks = windows.reduce((most, window) => Math.max(most, window.from + window.ticks), 1);
  return startOfTick(grid, grid.length + ticks);
}
