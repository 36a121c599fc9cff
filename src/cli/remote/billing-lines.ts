// What prices, usage and invoices look like on a screen: money with two decimals more than coins have, quantities in unit-hours.
import type { Static } from "typebox";
import type { PriceBook } from "../../api/contract/price-book.ts";
import type { Invoice, ProfileScore, pricingRoutes } from "../../api/contract/pricing.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { HOUR_MS } from "../../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../../model/units.ts";
import { type Table, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { told } from "./one-in-detail.ts";

type Rows = typeof pricingRoutes;
type Answer<Name extends keyof Rows> = Static<Rows[Name]["response"]>;

const UNITS: Readonly<Record<Resource, string>> = {
  cpu: "core-h",
  memory: "GiB-h",
  network: "MB/s-h",
  storage: "MB/s-h",
};
const PER_UNIT: Readonly<Record<Resource, number>> = {
  cpu: 1000,
  memory: GIBIBYTE / MEBIBYTE,
  network: 1000,
  storage: 1000,
};

export function invoiceLines(invoice: Invoice, page: LocalPage): string[] {
  const { state, number, month, customer, currency, total, timeZone } = invoice;
  const head = state === "final" ? `Invoice ${number}` : "Draft";
  const columns: Table["columns"] = [
    { head: "what", isText: true },
    { head: "plan", isText: true },
    { head: "prices", isText: true },
    { head: "quantity" },
    { head: "rate" },
    { head: currency },
  ];
  const rows = invoice.lines.map((line) => rowOf(line));
  return [
    ...told(`${head} for ${customer}, ${month} (${timeZone}).`, page),
    ...tableLines({ columns, rows: [...rows, ["total", "", "", "", "", money(total)]] }, page),
  ];
}

function rowOf(line: Invoice["lines"][number]): string[] {
  switch (line.kind) {
    case "usage":
    case "correction": {
      const { charge, resource, plan, version, quantity, rate, amount } = line;
      const what = `${line.kind === "correction" ? `${line.month}: ` : ""}${charge} ${resource}`;
      return [
        what,
        plan,
        version,
        `${hours(resource, Number(quantity))} ${UNITS[resource]}`,
        money(rate, 6),
        money(amount),
      ];
    }
    case "discount":
      return [`discount of ${percent(line.share)} for profiles`, "", "", money(line.of), "", money(line.amount)];
    default:
      return [
        `credit ${line.resource}: ${percent(line.coverage)} there`,
        line.plan,
        "",
        money(line.of),
        "",
        money(line.amount),
      ];
  }
}

export function invoiceHeadLines({ items }: Answer<"listInvoices">, page: LocalPage): string[] {
  if (items.length === 0) return told("No invoice is final yet.", page);
  const columns = [
    { head: "number", isText: true },
    { head: "month", isText: true },
    { head: "total" },
    { head: "", isText: true },
  ] as const;
  const rows = items.map(({ number, month, total, currency }) => [number, month, money(total), currency]);
  return tableLines({ columns, rows }, page);
}

export function usageLines({ records }: Answer<"getUsage">, page: LocalPage): string[] {
  if (records.length === 0)
    return told("Nothing was recorded in this time: a record is closed at every whole hour.", page);
  const columns: Table["columns"] = [
    ...[
      { head: "from", isText: true as const },
      { head: "of", isText: true as const },
      { head: "plan", isText: true as const },
    ],
    ...[{ head: "base core-h" }, { head: "lent" }, { head: "used" }, { head: "buffer" }, { head: "short" }],
  ];
  const rows = records.map(({ from, subject, plan, amounts }) => [
    ...[from.slice(0, 16), subject.id, plan],
    ...[amounts.base, amounts.leased, amounts.used, amounts.buffer].map(([cpu = 0]) => hours("cpu", cpu)),
    `${((amounts.short[0] ?? 0) / 1000).toFixed(0)} s`,
  ]);
  return tableLines({ columns, rows }, page);
}

export function serviceLines({ month, service }: Answer<"getServiceReport">, page: LocalPage): string[] {
  if (service.length === 0) return told(`In ${month} nobody asked for more than the base.`, page);
  const columns: Table["columns"] = [
    ...[
      { head: "plan", isText: true as const },
      { head: "resource", isText: true as const },
    ],
    ...[{ head: "burst h" }, { head: "of the buffer" }, { head: "not there" }, { head: "covered" }],
  ];
  const share = (part: number, of: number) => percent(of === 0 ? 0 : part / of);
  const rows = service.map(({ plan, resource, burstMs, lateMs, shortMs, coverage }) => [
    ...[
      plan,
      resource,
      (burstMs / HOUR_MS).toFixed(1),
      share(lateMs, burstMs),
      share(shortMs, burstMs),
      percent(coverage),
    ],
  ]);
  return tableLines({ columns, rows }, page);
}

export function scoreLines(score: Static<typeof ProfileScore>, page: LocalPage): string[] {
  const { customer, tier, skill, discountShare, next, history, resources } = score;
  const head = `${customer} is ${tier}: skill ${percent(skill)}, which takes ${percent(discountShare)} off leases and premium.`;
  const each = resources
    .map(({ resource, skill: own, hours: seen }) => `${resource} ${percent(own)} (${seen} h)`)
    .join(", ");
  return [
    ...told(head, page),
    ...(each === ""
      ? told("No profile is declared, or nothing was seen yet.", page)
      : told(`By resource: ${each}.`, page)),
    ...(next === null ? [] : told(next.sentence, page)),
    ...history.map((month) => `${month.month}  ${month.tier}  ${percent(month.skill)}`),
  ];
}

export function quoteLines(
  { customer, currency, vms, days, fixed, plans }: Answer<"getQuote">,
  page: LocalPage,
): string[] {
  const columns: Table["columns"] = [
    ...[{ head: "plan", isText: true as const }, { head: `${currency} a month` }, { head: "9 of 10 between" }],
    ...[{ head: "credits in it" }, { head: "covered" }, { head: "less than fixed sizes" }],
  ];
  const rows = plans.map(({ plan, monthly, low, high, credits, coverage, saving }) => [
    ...[
      plan,
      money(monthly, 2),
      `${money(low, 2)} and ${money(high, 2)}`,
      money(credits, 2),
      coverage === null ? "" : percent(coverage),
    ],
    `${money(saving, 2)} (${percent(fixed === 0 ? 0 : saving / fixed)})`,
  ]);
  const head = `${customer}: ${vms} VMs, ${days} days billed. Fixed sizes would be ${money(fixed, 2)} ${currency} a month.`;
  return [...told(head, page), ...tableLines({ columns, rows }, page)];
}

export function planCostLines({ month, currency, plans }: Answer<"getPlanCosts">, page: LocalPage): string[] {
  const columns: Table["columns"] = [
    ...[{ head: "plan", isText: true as const }, { head: "customers" }, { head: "revenue" }, { head: "idle leases" }],
    ...[{ head: "buffers" }, { head: "margin" }],
  ];
  const rows = plans.map(({ plan, customers, revenue, idleCost, bufferCost, margin }) => [
    ...[plan, String(customers), money(revenue), money(idleCost), money(bufferCost), money(margin)],
  ]);
  return [...told(`${month}, ${currency}, beyond the base:`, page), ...tableLines({ columns, rows }, page)];
}

export function priceBookLines({ issuer, currency, versions }: Static<typeof PriceBook>, page: LocalPage): string[] {
  const columns: Table["columns"] = [
    ...[
      { head: "from", isText: true as const },
      { head: "prices", isText: true as const },
      { head: "what", isText: true as const },
    ],
    ...RESOURCES.map((resource) => ({ head: `${resource} ${UNITS[resource]}` })),
  ];
  const rows = versions.flatMap(({ id, validFrom, plans, burst, handOver }) => {
    const line = (what: string, rates: NonNullable<typeof burst> | undefined) => [
      ...[validFrom.slice(0, 16), id, what, ...RESOURCES.map((resource) => String(rates?.[resource] ?? 0))],
    ];
    const ofPlans = Object.entries(plans).flatMap(([plan, prices]) => [
      line(`${plan} base`, prices.base),
      ...(plan === "standard" ? [] : [line(`${plan} leased`, prices.leased), line(`${plan} used`, prices.used)]),
      ...(prices.premium ?? []).map(({ fromLevel, rates }) => line(`${plan} premium from ${fromLevel}`, rates)),
    ]);
    return [...ofPlans, line("burst", burst), line("hand-over", handOver)];
  });
  return [...told(`Prices of ${issuer} in ${currency}, for an hour.`, page), ...tableLines({ columns, rows }, page)];
}

function money(micros: number, decimals = 4): string {
  return (micros / 1e6).toFixed(decimals);
}

function hours(resource: Resource, quantity: number): string {
  return (quantity / PER_UNIT[resource] / HOUR_MS).toFixed(2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}
