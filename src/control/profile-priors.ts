// What the profiles of a cell's workloads say of the tick to come, as columns that the demand engine blends with what
// it saw.
import type { DemandPrior } from "../forecast/demand-record/prior.ts";
import type { VmId } from "../model/fleet.ts";
import { LEVEL_COUNT } from "../model/forecast.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import { HOURS_A_WEEK } from "../model/profile.ts";
import { RESOURCE_COUNT, RESOURCES } from "../model/resources.ts";
import type { Instant } from "../model/time.ts";
import { priorWeight, profilePrior } from "../signals/profile-demand.ts";
import type { CellLayout } from "./cell-layout.ts";

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
  const { layout, profiles, origin, hoursOf } = question;
  if (profiles.size === 0) return undefined;
  const seriesCount = layout.base.length;
  const quantiles = new Float64Array(seriesCount * LEVEL_COUNT).fill(Number.NaN);
  const weights = new Float64Array(seriesCount);
  for (const [vm, id] of layout.vmIds.entries()) {
    const profile = profiles.get(id);
    if (profile === undefined) continue;
    for (const [offset, resource] of RESOURCES.entries()) {
      const series = vm * RESOURCE_COUNT + offset;
      const hours = hoursOf(series);
      if (hours >= HOURS_ENOUGH) continue;
      const { stepMs } = layout;
      quantiles.set(profilePrior({ profile, resource, origin, stepMs }, NEXT_TICK), series * LEVEL_COUNT);
      weights[series] = priorWeight(hours);
    }
  }
  return { quantiles, weights };
}
