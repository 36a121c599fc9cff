// Usage records as they were closed, corrections as they come, and what follows from them besides money: whether the promise was kept.
import type { Static } from "typebox";
import type { CellId, CustomerId } from "../../../model/fleet.ts";
import { RESOURCES, type Resource } from "../../../model/resources.ts";
import { success } from "../../../model/result.ts";
import { DAY_MS, instant, iso } from "../../../model/time.ts";
import {
  AMOUNT_COUNT,
  amountIndex,
  amountOf,
  faultOf,
  isShaped,
  USAGE_METERS,
  type UsageRecord,
} from "../../../model/usage-record.ts";
import type { CorrectionsBody, pricingRoutes, UsageRecord as ShownRecord } from "../../contract/pricing.ts";
import type { Desks, Handlers } from "../handler.ts";
import { unknown, wrongField } from "../refusals.ts";
import { readSpan } from "../spans.ts";
import { monthOf } from "./invoices.ts";

type Rows = Pick<typeof pricingRoutes, "getUsage" | "postUsageCorrections" | "getServiceReport">;
type Shown = Static<typeof ShownRecord>;
const DAYS_MAX = 7;

export function usageHandlers({ pricing }: Desks): Handlers<Rows> {
  return {
    async getUsage({ params: { id }, query, now, store }) {
      const span = readSpan(query, { now, lengthMs: DAY_MS, lengthMsMax: DAYS_MAX * DAY_MS });
      if (!span.ok) return span;
      const read = await store.usage({ customer: id as CustomerId, ...span.value });
      if (!read.ok) return read;
      const records = read.value.map(shownRecord).sort(inOrder);
      return success({ body: { customer: id, from: iso(span.value.from), to: iso(span.value.to), records } });
    },
    async postUsageCorrections({ body, store }) {
      const owner = await store.documents.get("customer", body.customer);
      if (!owner.ok) return owner;
      if (owner.value === undefined) return unknown("customer", body.customer);
      const records: UsageRecord[] = [];
      for (const [index, shown] of body.records.entries()) {
        const record = readRecord(shown, body.customer);
        const fault = faultOf(record);
        if (fault !== undefined) return wrongField(`/records/${index}`, fault);
        records.push(record);
      }
      const kept = await store.ofAll?.correct(records);
      return kept === undefined || kept.ok ? success({ body: null }) : kept;
    },
    async getServiceReport({ params: { id }, query, now, store }) {
      const month = await monthOf({ pricing, store }, { customer: id, name: query.month, now });
      if (!month.ok) return month;
      const { name, from, to } = month.value.month;
      const usage = await store.usage({ customer: id as CustomerId, from, to });
      if (!usage.ok) return usage;
      const service = pricing.service(usage.value).map((each) => ({ ...each, evidence: [...each.evidence] }));
      return success({ body: { customer: id, month: name, from: iso(from), to: iso(to), service } });
    },
  };
}

function shownRecord(record: UsageRecord): Shown {
  const { cell, subject, from, to, plan, serviceLevel, correction } = record;
  const amounts = Object.fromEntries(
    USAGE_METERS.map((meter) => [meter, RESOURCES.map((resource) => amountOf(record, meter, resource))]),
  ) as Shown["amounts"];
  return {
    ...{ cell, subject: { ...subject }, from: iso(from), to: iso(to), plan, serviceLevel, amounts },
    shaped: RESOURCES.filter((resource) => isShaped(record, resource)),
    ...(correction && { correction: { ...correction } }),
  };
}

function inOrder(left: Shown, right: Shown): number {
  const name = ({ from, subject, correction }: Shown) =>
    `${from} ${subject.kind} ${subject.id} ${correction?.number ?? 0}`;
  return name(left) < name(right) ? -1 : 1;
}

function readRecord(shown: Static<typeof CorrectionsBody>["records"][number], customer: string): UsageRecord {
  const amounts = new Float64Array(AMOUNT_COUNT);
  for (const meter of USAGE_METERS)
    for (const [offset, resource] of RESOURCES.entries())
      amounts[amountIndex(meter, resource)] = shown.amounts[meter][offset] ?? 0;
  const bit = (resource: Resource) => 1 << RESOURCES.indexOf(resource);
  return {
    ...{
      cell: shown.cell as CellId,
      customer: customer as CustomerId,
      subject: shown.subject as UsageRecord["subject"],
    },
    ...{ from: instant(Date.parse(shown.from)), to: instant(Date.parse(shown.to)) },
    ...{ plan: shown.plan, serviceLevel: shown.serviceLevel, amounts, correction: shown.correction },
    shaped: shown.shaped.reduce((bits, resource) => bits | bit(resource), 0),
  };
}
