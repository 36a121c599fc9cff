// What the profiles of a cell's workloads say of the tick to come, as columns that the demand engine blends with what
// it saw.
import type { DemandPrior } from "../forecast/demand-record/prior.ts";
import type { VmId } from "../model/fleet.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import { HOURS_A_WEEK } from "../model/profile.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import type { Instant } from "../model/time.ts";
import { priorWeight, profilePrior, type TickWindow } from "../signals/profile-demand.ts";
import type { CellLayout } from "./cell-layout.ts";
import { resourceOf } from "./series.ts";

export interface PriorQuestion {
  readonly layout: CellLayout;
  readonly profiles: ReadonlyMap<VmId, WorkloadProfile>;
  /** The start of the tick to forecast. */
  readonly origin: Instant;
  /** Of history of one series. */
  readonly hoursOf: (series: number) => number;
}

/** Once all hours of the week were seen a declaration is not asked any more. */
const HOURS_ENOUGH = HOURS_A_WEEK;

const NEXT_TICK = [{ from: 0, ticks: 1 }];

/** Undefined where no profile has anything to say: then nothing is blended. */
export function profilePriors(question: PriorQuestion): DemandPrior | undefined {
  const { layout, profiles } = question;
  if (profiles.size === 0) return undefined;
  const seriesCount = layout.base.length;
  const quantiles = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  const weights = new Float64Array(seriesCount);
  for (const [vm, id] of layout.vmIds.entries()) {
    if (!profiles.has(id)) continue;
    for (let series = vm * RESOURCE_COUNT; series < (vm + 1) * RESOURCE_COUNT; series++) {
      const prior = seriesPrior(question, series, NEXT_TICK);
      if (prior === undefined) continue;
      quantiles.set(prior.quantiles, series * LEVEL_COUNT);
      weights[series] = prior.share;
    }
  }
  return { quantiles, weights };
}

export interface SeriesPrior {
  /** [window x level], base units. */
  readonly quantiles: Float64Array;
  /** 0..1: what part of the forecast it is. */
  readonly share: number;
}

/** What a VM's profile says of windows ahead of one of its resources. Undefined where it says nothing any more. */
export function seriesPrior(
  { layout, profiles, origin, hoursOf }: PriorQuestion,
  series: number,
  windows: readonly TickWindow[],
): SeriesPrior | undefined {
  const id = layout.vmIds[Math.floor(series / RESOURCE_COUNT)];
  const profile = id === undefined ? undefined : profiles.get(id);
  const hours = hoursOf(series);
  if (profile === undefined || hours >= HOURS_ENOUGH) return undefined;
  const about = { profile, resource: resourceOf(series), origin, stepMs: layout.stepMs };
  return { quantiles: profilePrior(about, windows), share: priorWeight(hours) };
}
