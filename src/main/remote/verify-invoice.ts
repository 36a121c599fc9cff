// An invoice worked out again by whoever received it: usage records and prices are asked for, the rest is done here.
import type { Static } from "typebox";
import type { ApiClient } from "../../api/client/client.ts";
import type { Problem } from "../../api/contract/live.ts";
import type { UsageRecord as ShownRecord } from "../../api/contract/pricing.ts";
import type { VerifiedInvoice } from "../../cli/service-commands.ts";
import type { CellId, CustomerId } from "../../model/fleet.ts";
import { RESOURCES } from "../../model/resources.ts";
import { type Failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, iso } from "../../model/time.ts";
import { AMOUNT_COUNT, amountIndex, USAGE_METERS, type UsageRecord, usageKey } from "../../model/usage-record.ts";
import { invoiceFrom } from "../../pricing/invoice-sheet.ts";
import { parsePriceBook } from "../../pricing/parse-price-book.ts";
import { verifyInvoice as differencesOf } from "../../pricing/verify-invoice.ts";

const SPAN_MS = 7 * DAY_MS;

/** "bad-input" where it is no invoice. */
export async function verifyInvoice(
  value: unknown,
  client: ApiClient,
): Promise<Result<VerifiedInvoice, Problem | Failure>> {
  const invoice = invoiceFrom(value);
  if (!invoice.ok) return invoice;
  const { customer, month, corrections, discountShare } = invoice.value;
  const shown = await client.getPriceBook();
  if (!shown.ok) return shown;
  const { id: _id, version: _version, changedAt: _changedAt, ...body } = shown.value;
  const book = parsePriceBook(body);
  if (!book.ok) return book;
  const usage = await usageBetween(client, { customer, from: month.from, to: month.to });
  if (!usage.ok) return usage;
  const late = await correctionsNamed(client, { customer, names: corrections, before: month.from });
  if (!late.ok) return late;
  // What was put right after the invoice was made is on a later one.
  const isKnown = (record: UsageRecord) => record.correction === undefined || corrections.includes(usageKey(record));
  const known = usage.value.filter(isKnown);
  const basis = { customer, month, book: book.value, usage: known, late: late.value, discountShare };
  const differences = differencesOf(invoice.value, basis);
  return differences.ok
    ? success({ records: known.length + late.value.length, differences: differences.value })
    : differences;
}

interface Asked {
  readonly customer: CustomerId;
  readonly from: Instant;
  readonly to: Instant;
}

async function usageBetween(
  client: ApiClient,
  { customer, from, to }: Asked,
): Promise<Result<readonly UsageRecord[], Problem>> {
  const records: UsageRecord[] = [];
  for (let begin = from; begin < to; begin = instant(begin + SPAN_MS)) {
    const end = instant(Math.min(begin + SPAN_MS, to));
    const found = await client.getUsage({ id: customer, query: { from: iso(begin), to: iso(end) } });
    if (!found.ok) return found;
    records.push(...found.value.records.map((shown) => recordOf(shown, customer)));
  }
  return success(records);
}

interface Named {
  readonly customer: CustomerId;
  readonly names: readonly string[];
  readonly before: Instant;
}

/** Of earlier months: names say of which hour. */
async function correctionsNamed(
  client: ApiClient,
  { customer, names, before }: Named,
): Promise<Result<readonly UsageRecord[], Problem>> {
  const hours = new Set(
    names.map((name) => Math.floor(Number(name.split("/").at(-2)) / HOUR_MS) * HOUR_MS).filter((hour) => hour < before),
  );
  const found: UsageRecord[] = [];
  for (const hour of hours) {
    const records = await usageBetween(client, { customer, from: instant(hour), to: instant(hour + HOUR_MS) });
    if (!records.ok) return records;
    found.push(...records.value.filter((record) => record.correction && names.includes(usageKey(record))));
  }
  return success(found);
}

function recordOf(shown: Static<typeof ShownRecord>, customer: CustomerId): UsageRecord {
  const amounts = new Float64Array(AMOUNT_COUNT);
  for (const meter of USAGE_METERS)
    for (const [offset, resource] of RESOURCES.entries())
      amounts[amountIndex(meter, resource)] = shown.amounts[meter][offset] ?? 0;
  const { plan, serviceLevel, correction } = shown;
  return {
    ...{
      cell: shown.cell as CellId,
      customer,
      subject: shown.subject as UsageRecord["subject"],
      plan,
      serviceLevel,
      amounts,
    },
    ...{ from: instant(Date.parse(shown.from)), to: instant(Date.parse(shown.to)) },
    shaped: shown.shaped.reduce((bits, resource) => bits | (1 << RESOURCES.indexOf(resource)), 0),
    ...(correction && { correction }),
  };
}
