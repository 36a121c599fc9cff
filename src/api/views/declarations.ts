// The server's desk for declarations: reads them as files and feeds are read, and says how right a profile turned out.
import type { VmSamples } from "../../control/store-ports.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { pinballLoss } from "../../model/forecast.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { Result } from "../../model/result.ts";
import { quantileOfSorted } from "../../model/series.ts";
import { type Instant, instant } from "../../model/time.ts";
import { parseEvent } from "../../signals/parse-event.ts";
import { parseProfile } from "../../signals/parse-profile.ts";
import { declaredLevels } from "../../signals/profile-demand.ts";
import type { ProfileAccuracy } from "../contract/profiles.ts";

interface Origin {
  readonly where: string;
  readonly now: Instant;
}

/** As the server's DeclarationDesk. */
export const declarations = {
  readProfile(value: unknown, { where, now }: Origin): Result<WorkloadProfile> {
    return parseProfile(value, { where, receivedAt: now });
  },
  readEvent(value: unknown, { where, now }: Origin): Result<ExternalEvent> {
    return parseEvent(value, { where, announcedUnlessSaid: now });
  },
  compare(profile: WorkloadProfile, vms: readonly VmSamples[]): ProfileAccuracy["resources"] {
    return RESOURCES.map((resource) => accuracyOf(profile, { vms, resource }));
  },
};

const TYPICAL = 0.5;
const PEAK = 0.95;

/** Pinball loss at the declared levels: telling the truth is what makes it smallest (Gneiting & Raftery, JASA 2007). */
function accuracyOf(
  profile: WorkloadProfile,
  { vms, resource }: { readonly vms: readonly VmSamples[]; readonly resource: Resource },
): ProfileAccuracy["resources"][number] {
  const seen: number[] = [];
  let [belowTypical, belowPeak, loss] = [0, 0, 0];
  for (const { at, usage } of vms)
    for (const [row, amount] of usage[resource].entries()) {
      // A sample ends at its instant and belongs to the hour before it.
      const levels = declaredLevels(profile, { resource, at: instant((at[row] as number) - 1) });
      if (Number.isNaN(amount) || levels === undefined) continue;
      seen.push(amount);
      if (amount <= levels.typical) belowTypical++;
      if (amount <= levels.peak) belowPeak++;
      loss += pinballLoss(TYPICAL, amount - levels.typical) + pinballLoss(PEAK, amount - levels.peak);
    }
  const samples = seen.length;
  if (samples === 0) return { resource, samples, belowTypical: null, belowPeak: null, loss: null, bestLoss: null };
  const total = seen.reduce((sum, amount) => sum + amount, 0);
  const perDemand = (sum: number) => (total > 0 ? sum / (2 * total) : null);
  return {
    resource,
    samples,
    belowTypical: belowTypical / samples,
    belowPeak: belowPeak / samples,
    loss: perDemand(loss),
    bestLoss: perDemand(lossOfConstants(seen)),
  };
}

function lossOfConstants(seen: readonly number[]): number {
  const sorted = Float64Array.from(seen).sort();
  const [typical, peak] = [quantileOfSorted(sorted, TYPICAL), quantileOfSorted(sorted, PEAK)];
  return seen.reduce(
    (sum, amount) => sum + pinballLoss(TYPICAL, amount - typical) + pinballLoss(PEAK, amount - peak),
    0,
  );
}
