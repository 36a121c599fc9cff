// What a network that forecasts in the engine is told beside the samples: profiles, and of VMs without one what they seem to be.
// Never events: its world is without them, and it would lift what is lifted already.
import type { CovariatesOf } from "../../forecast/window-covariates.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import type { Instant } from "../../model/time.ts";
import { windowCovariates } from "../../signals/covariates.ts";
import { eventCalendar } from "../../signals/event-calendar.ts";
import type { CellLayout } from "../cell-layout.ts";
import { resourceOf } from "../series.ts";
import type { CellSignals } from "./cell-signals.ts";

const NO_EVENTS = eventCalendar([]);

/** Of windows after `at`. */
export function profileCovariates(
  signals: Pick<CellSignals, "declared" | "guesses">,
  { layout, at }: { readonly layout: CellLayout; readonly at: Instant },
): CovariatesOf {
  return (series) => {
    const profile = profileOf(signals, { layout, at, vm: Math.floor(series / RESOURCE_COUNT) });
    if (profile === undefined) return undefined;
    const about = { calendar: NO_EVENTS, profile, resource: resourceOf(series) };
    return windowCovariates(about, { origin: at, stepMs: layout.stepMs });
  };
}

/** As declared; where no class is, with the one that usage shows. Networks are taught classes that usage shows. */
function profileOf(
  { declared, guesses }: Pick<CellSignals, "declared" | "guesses">,
  { layout, at, vm }: { readonly layout: CellLayout; readonly at: Instant; readonly vm: number },
): WorkloadProfile | undefined {
  const id = layout.vmIds[vm];
  const profile = id === undefined ? undefined : declared.profiles.get(id);
  const guess = guesses[vm]?.workloadClass;
  if (profile?.workloadClass !== undefined || guess === undefined || guess === "unknown") return profile;
  const nothing = { scaling: "vertical", utcOffsetMinutes: 0, demand: {}, growthPerMonth: 0 } as const;
  return { ...nothing, declaredAt: at, plannedChanges: [], ...profile, workloadClass: guess };
}
