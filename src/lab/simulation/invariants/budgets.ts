// Churn is bounded: leases change no more often than the budget of their host allows. What cannot wait is made at once, and
// later changes pay for it. What a contract, a full host or a step that hurt asks for is never refused.
import { CONSENT } from "../../../control/service-terms.ts";
import type { DecisionRecord } from "../../../model/decision.ts";
import { RESOURCE_COUNT, RESOURCES } from "../../../model/resources.ts";
import { DAY_MS } from "../../../model/time.ts";
import { CHANGES_PER_VM_DAY } from "../../../shaping/change-budget.ts";
import { type Decided, first, type Invariant, placesOf } from "./invariant.ts";

/** Until forecasts have taken the place of what VMs had before, nothing is limited. */
const UNLIMITED_TICKS = 2;

/** Each tick fills a bucket, each change empties it. Overdrawn by more than rounding to whole changes gives, nothing that can wait is made. */
export function budgetsKept(): Invariant {
  const overdrawn = new Map<string, number>();
  return {
    name: "budgets kept",
    onDecided: (decided) => first(faultsOf(decided, overdrawn)),
    // With another number of VMs whole changes fall into other ticks.
    onLaidAnew: () => overdrawn.clear(),
  };
}

function* faultsOf({ cell: { state }, records }: Decided, overdrawn: Map<string, number>): Generator<string> {
  const { layout, tick, terms } = state;
  const ofVm = new Map(layout.vmIds.map((id, index) => [id, index]));
  const planned = records.filter(isPlanned).filter(({ vm, resource }) => {
    const series = (ofVm.get(vm) ?? 0) * RESOURCE_COUNT + RESOURCES.indexOf(resource);
    return terms.consent[series] === CONSENT.shaped;
  });
  for (const { host, resource, series } of placesOf(layout)) {
    const own = planned.filter((each) => each.host === host && each.resource === resource);
    const made = own.length;
    const perTick = (series.length * CHANGES_PER_VM_DAY * layout.stepMs) / DAY_MS;
    const over = Math.max((overdrawn.get(`${host}/${resource}`) ?? 0) + made - perTick, 0);
    if (tick <= UNLIMITED_TICKS) continue;
    overdrawn.set(`${host}/${resource}`, over);
    if (over > 1 + 1e-9 && !own.every(isUrgent))
      yield `${host} made ${made} changes of ${resource}: ${over} more than its budget so far.`;
  }
}

/** It had less than it will more likely than not need, or nobody foresaw anything. */
function isUrgent({ kind, from, likely }: LeaseChange): boolean {
  return kind === "raise" && !(from >= likely);
}

type LeaseChange = Extract<DecisionRecord, { kind: "raise" | "trim" }>;

/** Memory is also raised to undo a step down that hurt. */
function isPlanned(record: DecisionRecord): record is LeaseChange {
  if (record.kind !== "raise" && record.kind !== "trim") return false;
  const isUndone = record.kind === "raise" && record.resource === "memory";
  return !isUndone && !record.short;
}
