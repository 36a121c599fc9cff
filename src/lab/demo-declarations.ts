// What the customers of the demo declare: one of them two sales, too modestly, and another the profile of its web servers, truthfully.
// The forecaster is told this and nothing else of what the simulated demand is made of.
import { type Declarations, NOTHING_DECLARED } from "../control/ports.ts";
import { type ExternalEvent, externalEvent } from "../model/event.ts";
import type { Cell, CustomerId, Id, VmId, WorkloadClass } from "../model/fleet.ts";
import { type DeclaredDemand, declaredDemand, HOURS_A_WEEK, type WorkloadProfile } from "../model/profile.ts";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { quantileOf } from "../model/series.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, ticksPer } from "../model/time.ts";
import type { DemandEvent } from "./synthetic-demand/demand-event.ts";
import type { DemandSource, EndlessGrid } from "./synthetic-demand/workload-demand.ts";

/** What truly happens. */
export function demoEvents(start: Instant): readonly DemandEvent[] {
  const sale = { kind: "campaign", name: "Spring sale", customer: "larkwhistle" as CustomerId, uplift: 2 } as const;
  return [3, 5].map((day) => ({
    ...sale,
    id: `spring-sale-${day}` as Id<"event">,
    from: instant(start + day * DAY_MS + 9 * HOUR_MS),
    to: instant(start + day * DAY_MS + 21 * HOUR_MS),
  }));
}

/** Announced from the beginning on; the first is believed as far as it is declared, the second as far as the first went. */
const DECLARED_UPLIFT = 1.5;

const PROFILED: { readonly customer: CustomerId; readonly class: WorkloadClass } = {
  customer: "thistlemere" as CustomerId,
  class: "web",
};
const PROFILES_MAX = 24;

export interface Declarable {
  readonly cell: Cell;
  readonly grid: EndlessGrid;
  readonly demand: ReadonlyMap<VmId, DemandSource>;
  readonly events: readonly DemandEvent[];
}

export function demoDeclarations({ cell, grid, demand, events }: Declarable): Declarations {
  const profiled = new Set(
    cell.workloads
      .filter((each) => each.customer === PROFILED.customer && each.class === PROFILED.class)
      .map(({ id }) => id),
  );
  const profiles = new Map<VmId, WorkloadProfile>();
  for (const { id, workload } of cell.vms) {
    const source = demand.get(id);
    if (!profiled.has(workload) || source === undefined || profiles.size >= PROFILES_MAX) continue;
    profiles.set(id, truthfulProfile(source, grid));
  }
  return { ...NOTHING_DECLARED, profiles, events: events.map((event) => announced(event, grid.startMs)) };
}

function announced({ id, kind, name, customer, from, to }: DemandEvent, at: Instant): ExternalEvent {
  const span = { start: from, end: to, announced: at };
  return externalEvent({ id, kind, name, customers: [customer], declaredUplift: DECLARED_UPLIFT, ...span });
}

/** Of the week before the demo begins: what the customer could read off its own graphs. */
function truthfulProfile(source: DemandSource, grid: EndlessGrid): WorkloadProfile {
  const hourTicks = ticksPer(HOUR_MS, grid.stepMs);
  const asked = Array.from({ length: HOURS_A_WEEK * hourTicks }, (_, tick) =>
    source.demandAt(tick - HOURS_A_WEEK * hourTicks),
  );
  const declaredOf = (resource: Resource): DeclaredDemand => {
    const hours = Array.from({ length: HOURS_A_WEEK }, (_, hour) =>
      Float64Array.from(asked.slice(hour * hourTicks, (hour + 1) * hourTicks), (each) => each[resource]),
    );
    return declaredDemand({
      typical: Float64Array.from(hours, (values) => quantileOf(values, 0.5)),
      peak: Float64Array.from(hours, (values) => quantileOf(values, 0.95)),
    });
  };
  return {
    workloadClass: PROFILED.class,
    scaling: "vertical",
    utcOffsetMinutes: 0,
    demand: Object.fromEntries(RESOURCES.map((resource) => [resource, declaredOf(resource)])),
    growthPerMonth: 0,
    declaredAt: grid.startMs,
    plannedChanges: [],
  };
}
