// Of the many decisions of a tick the few that a person would want to hear of: every shortfall and every change of the pool,
// then the changes that move most money.
import { explain } from "../../control/explain.ts";
import type { DecisionRecord } from "../../model/decision.ts";
import type { VmId } from "../../model/fleet.ts";
import { iso } from "../../model/time.ts";
import { type PriceList, pricedUnits } from "../../pricing/price-list.ts";
import type { Decision } from "../contract/live.ts";

const NOTABLE_MAX = 8;

/** `firstId`: id of the first decision returned; they count up from there. */
export function notableDecisions(
  records: readonly DecisionRecord[],
  given: {
    readonly prices: PriceList;
    readonly firstId: number;
    /** Of a VM, where somebody is known to own it. */
    readonly ownerOf: (vm: VmId) => string | undefined;
  },
): Decision[] {
  const { prices, firstId, ownerOf } = given;
  return records
    .toSorted((a, b) => weightOf(b, prices) - weightOf(a, prices))
    .slice(0, NOTABLE_MAX)
    .map((record, index) => {
      const customer = customerOf(record, ownerOf);
      const told = { id: firstId + index, at: iso(record.at), kind: record.kind, ...explain(record) };
      return customer === undefined ? told : { ...told, customer };
    });
}

function customerOf(record: DecisionRecord, ownerOf: (vm: VmId) => string | undefined): string | undefined {
  if ("customer" in record) return record.customer;
  return "vm" in record ? ownerOf(record.vm) : undefined;
}

/** Money per hour that the change moves; shortfalls and pool changes come before all of it, waiting wishes after all. */
function weightOf(record: DecisionRecord, prices: PriceList): number {
  switch (record.kind) {
    case "raise":
    case "trim":
    case "buffer":
    case "relief":
      return pricedUnits(record.resource, Math.abs(record.to - record.from)) * prices.perHour[record.resource];
    case "held":
    case "cut":
    case "drift":
    case "overdue":
      return Number.MAX_VALUE;
    case "refused":
    case "budget-spent":
      return 0;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
