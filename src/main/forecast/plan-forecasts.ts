// From what was read to what is asked of the models: one question for each series, or for each VM where models look at all of
// its resources.
import type { ForecastOptions } from "../../cli/commands.ts";
import type { KnownSeries } from "../../forecast/forecast-model.ts";
import { targetsOf } from "../../lab/evaluate/targets.ts";
import { announcedBy, type ExternalEvent } from "../../model/event.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { HORIZONS } from "../../model/skill-report.ts";
import { type Instant, iso, startOfTick, tickAt } from "../../model/time.ts";
import { type AskedWindow, askedWindows } from "./asked-windows.ts";
import type { ForecastJob } from "./forecast-worker.ts";
import type { DemandSource } from "./read-demand.ts";

export interface PlannedForecast {
  readonly source: DemandSource;
  /** Ticks known at the origin. */
  readonly origin: number;
  readonly question: Pick<ForecastJob, "known" | "asked" | "windows">;
  /** [asked] indices into the series of the source. */
  readonly places: readonly number[];
}

interface Asked {
  readonly options: ForecastOptions;
  readonly events: readonly ExternalEvent[];
  readonly profile: WorkloadProfile | undefined;
  /** It looks at all resources of a VM. */
  readonly network: object | undefined;
}

export function planForecasts(sources: readonly DemandSource[], asked: Asked): Result<PlannedForecast[]> {
  const plans: PlannedForecast[] = [];
  for (const source of sources) {
    const planned = planSource(source, asked);
    if (!planned.ok) return planned;
    plans.push(...planned.value);
  }
  return success(plans);
}

function planSource(source: DemandSource, asked: Asked): Result<PlannedForecast[]> {
  const { options, events, profile, network } = asked;
  const windows = windowsFor(source, options);
  if (!windows.ok) return windows;
  const origin = originOf(source, options.at);
  if (!origin.ok) return origin;
  const from = startOfTick(source.grid, origin.value);
  if (profile !== undefined && source.series.some(({ resource }) => resource === undefined))
    return failure(
      "bad-input",
      `${source.name} does not say what it measures, but a profile does: name it with --resource.`,
    );
  const announced = announcedBy(events, from);
  const known = knownAt(source, { origin: origin.value, events: announced, profile });
  const places = source.series.flatMap(({ resource }, place) =>
    options.resources === undefined || resource === undefined || options.resources.includes(resource) ? [place] : [],
  );
  const rest = { source, origin: origin.value };
  if (network !== undefined)
    return success([{ ...rest, places, question: { known, asked: places, windows: windows.value } }]);
  return success(
    places.map((place) => {
      const { siblings, ...alone } = known[place] as KnownSeries;
      return { ...rest, places: [place], question: { known: [alone], asked: [0], windows: windows.value } };
    }),
  );
}

function windowsFor({ name, grid }: DemandSource, options: ForecastOptions): Result<AskedWindow[]> {
  const { stepMs } = grid;
  const unfit = options.horizons?.find((horizon) => targetsOf(stepMs, [horizon]).length === 0);
  const windows = askedWindows({ stepMs, horizons: options.horizons, hasPath: options.hasPath });
  if (unfit === undefined && windows.length > 0) return success(windows);
  const ahead = unfit ?? HORIZONS.join(", ");
  const fault = `${name}: a tick is ${stepMs / 1000} s, and ${ahead} is no whole number of ticks.`;
  return failure("bad-input", `${fault} Name another --horizon, or give samples at other distances.`);
}

/** A tick is known when it is over. */
function originOf({ name, grid }: DemandSource, at: Instant | undefined): Result<number> {
  if (at === undefined) return success(grid.length);
  const origin = tickAt(grid, at);
  if (origin >= 1 && origin <= grid.length) return success(origin);
  const [first, last] = [iso(startOfTick(grid, 1)), iso(startOfTick(grid, grid.length))];
  return failure(
    "bad-input",
    `${name}: --at ${iso(at)} is not within what is known. Give a time from ${first} to ${last}.`,
  );
}

interface KnownThen {
  readonly origin: number;
  readonly events: readonly ExternalEvent[];
  readonly profile: WorkloadProfile | undefined;
}

function knownAt({ grid, series }: DemandSource, { origin, events, profile }: KnownThen): KnownSeries[] {
  return series.map(({ resource, values }, place) => ({
    grid: { ...grid, length: origin },
    values: values.subarray(0, origin),
    events,
    siblings: series.flatMap((_, other) => (other === place ? [] : [other])),
    ...(resource === undefined ? {} : { resource }),
    ...(profile === undefined ? {} : { profile }),
  }));
}
