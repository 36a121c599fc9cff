// What happens to customers, and what they say of it: told rightly, told wrongly, or kept to themselves.
import { type Declarations, NOTHING_DECLARED } from "../../control/ports.ts";
import { type ExternalEvent, externalEvent } from "../../model/event.ts";
import type { Cell, Id } from "../../model/fleet.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { instant } from "../../model/time.ts";
import type { DemandEvent } from "../synthetic-demand/demand-event.ts";
import type { EndlessGrid } from "../synthetic-demand/workload-demand.ts";
import type { Setting } from "./setting.ts";

export interface ToldEvents {
  /** What truly happens. */
  readonly events: readonly DemandEvent[];
  readonly declared: Declarations;
}

interface Asked {
  readonly setting: Setting;
  readonly cell: Cell;
  readonly grid: EndlessGrid;
}

export function tellEvents({ setting, cell, grid }: Asked): ToldEvents {
  const random = seededRandom(setting.seed).fork("events");
  const isWrong = setting.faults.includes("wrong-event");
  const events: DemandEvent[] = [];
  const told: ExternalEvent[] = [];
  for (const { id: customer } of cell.customers) {
    const own = random.fork(customer);
    if (own.next() < 0.5) continue;
    const from = instant(grid.startMs + own.below(setting.ticks) * grid.stepMs);
    const to = instant(from + (1 + own.below(48)) * grid.stepMs);
    const uplift = 1 + 3 * own.next();
    const event = {
      id: `sale-${customer}` as Id<"event">,
      kind: "campaign",
      name: "sale",
      customer,
      from,
      to,
    } as const;
    const comes = !isWrong || own.next() < 0.5;
    if (comes) events.push({ ...event, uplift });
    if (own.next() < 0.7) told.push(tell({ ...event, uplift }, { own, isWrong, at: grid.startMs }));
  }
  return { events, declared: { ...NOTHING_DECLARED, events: told, profiles: profilesOf({ setting, cell, grid }) } };
}

/** Nothing of their demand: only that they scale horizontally. */
function profilesOf({ setting, cell, grid }: Asked): Declarations["profiles"] {
  if (!setting.faults.includes("hand-over")) return NOTHING_DECLARED.profiles;
  const profile = { scaling: "horizontal", utcOffsetMinutes: 0, demand: {}, growthPerMonth: 0, plannedChanges: [] };
  return new Map(cell.vms.map(({ id }) => [id, { ...profile, declaredAt: grid.startMs } as WorkloadProfile]));
}

function tell(
  { id, kind, name, customer, from, to, uplift }: DemandEvent,
  { own, isWrong, at }: { own: SeededRandom; isWrong: boolean; at: number },
): ExternalEvent {
  const declaredUplift = isWrong ? (ABSURD_UPLIFTS[own.below(ABSURD_UPLIFTS.length)] ?? 1) : uplift;
  return externalEvent({
    id,
    kind,
    name,
    customers: [customer],
    declaredUplift,
    start: from,
    end: to,
    announced: instant(at),
  });
}

/** As of somebody who types percent for a factor, or slips on the zero key. */
const ABSURD_UPLIFTS = [1e-9, 0.1, 150, 1e9];
