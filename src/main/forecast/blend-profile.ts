// A profile beside what the samples say: alone where they say nothing yet, and hour by hour less as they become more.
import { blendPrior } from "../../forecast/demand-record/prior.ts";
import type { KnownSeries, Window } from "../../forecast/forecast-model.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { HOURS_A_WEEK } from "../../model/profile.ts";
import { maximumOf } from "../../model/series.ts";
import { HOUR_MS, startOfTick } from "../../model/time.ts";
import { priorWeight, profilePrior } from "../../signals/profile-demand.ts";

/** Part of the profile beside the samples of a series, 0..1: none once all hours of a week were seen, as in the running engine. */
export function profileShareOf(one: KnownSeries): number {
  const { profile, resource, grid } = one;
  if (profile === undefined || resource === undefined || profile.demand[resource] === undefined) return 0;
  const hours = (knownTicks(one) * grid.stepMs) / HOUR_MS;
  return hours >= HOURS_A_WEEK ? 0 : priorWeight(hours);
}

/** `rows`: [window x level], in place. A window about which the samples say nothing is left to the profile alone. */
export function blendProfile(rows: Float64Array, one: KnownSeries, windows: readonly Window[]): void {
  const { profile, resource, grid, values } = one;
  const share = profileShareOf(one);
  if (profile === undefined || resource === undefined) return;
  const origin = startOfTick(grid, grid.length);
  const quantiles = profilePrior({ profile, resource, origin, stepMs: grid.stepMs }, windows);
  if (Number.isNaN(quantiles[0])) return;
  const prior = { quantiles, weights: new Float64Array(windows.length).fill(share) };
  const scale = Math.max(maximumOf(values), 0) || Number.MIN_VALUE;
  for (const [series, row] of rowsOf(rows).entries()) {
    const isSilent = Number.isNaN(row[0]);
    if (isSilent || share > 0) blendPrior(row, { prior, series, share: isSilent ? 1 : share, scale });
  }
}

export function rowsOf(rows: Float64Array): Float64Array[] {
  return Array.from({ length: rows.length / LEVEL_COUNT }, (_, row) =>
    rows.subarray(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT),
  );
}

export function knownTicks({ values }: Pick<KnownSeries, "values">): number {
  return values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
}
