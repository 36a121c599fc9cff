// What the forecasts of one series are made of, horizon by horizon: how much each expert counts, what calibration adds, what
// part a profile has. For whoever asks why.
import { LEVEL_COUNT } from "../../model/forecast.ts";
import type { CalibrationPart, ForecastParts, MemberPart } from "../../model/forecast-parts.ts";
import type { DemandEngine } from "../demand-engine.ts";
import { knowledgeOf } from "../demand-record/knowledge.ts";
import type { Window } from "../forecast-model.ts";
import { DEMAND_EXPERTS } from "../forecast-series.ts";
import { fromLogScale, toLogScale } from "../log-scale.ts";
import { weightsOf } from "../mixture.ts";
import { hourlyPeaksAhead, peakQuantiles } from "./ask-horizons.ts";
import { PEAK_EXPERTS, peakShares } from "./half-hour-peak.ts";
import { farDay, HOURLY_EXPERTS, hourMakeUp } from "./hourly-peaks-ahead.ts";

export interface EngineParts extends ForecastParts {
  /** What the parts are of: the next tick, then, where the engine has horizons, the next half hour and each hour of a day. */
  readonly windows: readonly Window[];
}

interface MadeOf {
  readonly window: Window;
  readonly shares: ReadonlyMap<string, number>;
  /** [level] base units. */
  readonly calibration: readonly number[];
}

/** After any number of ticks, of a series that was seen; before its first sample no member has a share. */
export function forecastParts(engine: DemandEngine, series: number): EngineParts {
  const known = (engine.samples[series] ?? 0) > 0;
  const horizons = known ? [nextTick(engine, series), ...ahead(engine, series)] : [];
  const names = [...new Set(horizons.flatMap(({ shares }) => [...shares.keys()]))];
  const members = names.map(
    (name): MemberPart => ({
      kind: "member",
      name,
      shares: horizons.map(({ shares }) => shares.get(name) ?? 0),
      parts: [],
    }),
  );
  const calibration: CalibrationPart = { kind: "calibration", amounts: horizons.map((each) => each.calibration) };
  return {
    sentence: knowledgeOf(engine, series).sentence,
    windows: horizons.map(({ window }) => window),
    parts: known ? [...members, calibration] : [],
  };
}

function nextTick(engine: DemandEngine, series: number): MadeOf {
  const { mixture, hints } = engine;
  const names = [...DEMAND_EXPERTS, ...Array.from({ length: hints.count }, (_, hint) => `hint ${hint + 1}`)];
  const sums = new Float64Array(mixture.expertCount);
  for (let level = 0; level < LEVEL_COUNT; level++)
    for (const [expert, weight] of weightsOf(mixture, series, level).entries())
      sums[expert] = (sums[expert] as number) + weight / LEVEL_COUNT;
  const isSilent = !speaks(engine, series);
  const shares = engine.network && isSilent ? withoutLast(sums) : [...sums];
  const scale = engine.scales[series] as number;
  const first = series * LEVEL_COUNT;
  const calibration = Array.from({ length: LEVEL_COUNT }, (_, level) => {
    const mixed = mixture.mixed[first + level] as number;
    const corrected = mixed + (mixture.corrections[first + level] as number);
    return fromLogScale(corrected, scale) - fromLogScale(mixed, scale);
  });
  return {
    window: { from: 0, ticks: 1 },
    shares: besideProfile(engine, series, sharesByName(names, shares)),
    calibration,
  };
}

function ahead(engine: DemandEngine, series: number): readonly MadeOf[] {
  const { horizons, season } = engine;
  if (horizons === undefined) return [];
  const hasNetwork = speaks(engine, series);
  const { halfHour, hourly } = horizons;
  const first = series * LEVEL_COUNT;
  const shares = peakShares(halfHour, series, hasNetwork);
  const peak: MadeOf = {
    window: { from: 0, ticks: season.halfHour },
    shares: besideProfile(engine, series, sharesByName(PEAK_EXPERTS, shares)),
    calibration: addedBy(halfHour.mixture.corrections.subarray(first, first + LEVEL_COUNT), {
      row: peakQuantiles(engine).subarray(first, first + LEVEL_COUNT),
      scale: engine.scales[series] as number,
    }),
  };
  const path = hourlyPeaksAhead({ engine, series });
  const hours = farDay(season).map((window, lead): MadeOf => {
    const made = hourMakeUp(hourly, { series, lead, hasNetwork });
    const row = path.subarray(lead * LEVEL_COUNT, (lead + 1) * LEVEL_COUNT);
    const calibration = addedBy(made.corrections, { row, scale: engine.scales[series] as number });
    return { window, shares: sharesByName(HOURLY_EXPERTS, made.shares), calibration };
  });
  return [peak, ...hours];
}

/** Who comes after the statistics is the network. */
function sharesByName(names: readonly string[], shares: readonly number[]): ReadonlyMap<string, number> {
  return new Map(shares.map((share, expert) => [names[expert] ?? "network", share]));
}

/** The profile had its part in the last forecast, the experts share the rest. */
function besideProfile(
  { records }: DemandEngine,
  series: number,
  shares: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const profile = records.priorShares[series] as number;
  if (profile === 0) return shares;
  return new Map([["profile", profile], ...[...shares].map(([name, share]) => [name, share * (1 - profile)] as const)]);
}

function speaks({ network }: DemandEngine, series: number): boolean {
  return network !== undefined && !Number.isNaN(network.opinions[series * network.windows.length * LEVEL_COUNT]);
}

/** While the network is silent the others share its weight. */
function withoutLast(weights: Float64Array): number[] {
  const last = weights.length - 1;
  const rest = 1 - (weights[last] as number);
  return [...weights].map((weight, expert) => (expert === last ? 0 : weight / rest));
}

/** [level] in base units, of a row that calibration has been added to. */
function addedBy(
  corrections: Float32Array,
  { row, scale }: { readonly row: ArrayLike<number>; readonly scale: number },
): number[] {
  return Array.from(corrections, (correction, level) => {
    const value = row[level] as number;
    return value - fromLogScale(toLogScale(value, scale) - correction, scale);
  });
}
