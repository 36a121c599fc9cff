import fc from "fast-check";
import { expect, test } from "vitest";
import { addMoney, micros, NO_MONEY } from "../model/money.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { amountsOf, aRecord, someRecords, splitAt } from "../model/usage.arbitrary.ts";
import type { UsageRecord } from "../model/usage-record.ts";
import { type BillingMonth, billingMonth } from "./billing-month.ts";
import { type Invoice, type InvoiceBasis, invoiceOf } from "./invoice.ts";
import { invoiceFrom, sheetOf } from "./invoice-sheet.ts";
import { aBook } from "./pricing.arbitrary.ts";
import { verifyInvoice } from "./verify-invoice.ts";

function march(): BillingMonth {
  const month = billingMonth("2026-03", "UTC");
  if (!month.ok) throw new Error(month.error.message);
  return month.value;
}

const CUSTOMER = aRecord().customer;
const basis = (usage: readonly UsageRecord[], given: Partial<InvoiceBasis> = {}): InvoiceBasis => ({
  ...{ customer: CUSTOMER, month: march(), book: aBook(), usage, late: [], discountShare: 0.1, ...given },
});

function made(given: InvoiceBasis): Invoice {
  const invoice = invoiceOf(given);
  if (!invoice.ok) throw new Error(invoice.error.message);
  return invoice.value;
}

const usage = someRecords({ hours: 700 });
const total = ({ lines }: Invoice) => lines.reduce((all, { amount }) => addMoney(all, amount), NO_MONEY);

test("one month, line by line", () => {
  const amounts = amountsOf({
    ...{ base: 1000 * HOUR_MS, leased: 500 * HOUR_MS, over: 250 * HOUR_MS, buffer: 100 * HOUR_MS },
    ...{ burst: HOUR_MS, short: HOUR_MS / 100 },
  });
  const hours = Array.from({ length: 10 }, (_, hour) => aRecord({ hour, plan: "guaranteed", amounts }));
  const invoice = made(basis(hours));
  expect(invoice.lines.map((line) => [line.kind === "usage" ? line.charge : line.kind, line.amount])).toEqual([
    ["base", 320_000],
    ["leased", 100_000],
    ["used", 60_000],
    ["premium", 60_000],
    ["discount", -16_000],
    // 99 % of the burst time was covered: a tenth of 60,000 + 160,000 - 16,000.
    ["credit", -20_400],
  ]);
  expect(invoice.total).toBe(503_600);
});

test("the total is the sum of the lines, and an invoice that is made again is the same, however usage was told", () => {
  const law = fc.property(usage, fc.nat({ max: HOUR_MS }), (records, cut) => {
    const invoice = made(basis(records));
    expect(total(invoice)).toBe(invoice.total);
    expect(made(basis([...records.toReversed(), ...records]))).toEqual(invoice);
    const pieces = records.flatMap((each) => splitAt(each, instant(each.from + cut)));
    const back = invoiceFrom(JSON.parse(JSON.stringify(sheetOf(invoice, 0.1))));
    expect(back).toEqual({ ok: true, value: { ...invoice, service: [], discountShare: 0.1 } });
    const split = made(basis(pieces));
    expect([split.lines, split.total]).toEqual([invoice.lines, invoice.total]);
    expect(verifyInvoice(invoice, basis(records))).toEqual({ ok: true, value: [] });
  });
  fc.assert(law, { seed: 1 });
});

test("nobody is paid back more than was charged beyond the base", () => {
  const law = fc.property(usage, fc.double({ min: 0, max: 1, noNaN: true }), (records, discountShare) => {
    const { lines } = made(basis(records, { discountShare }));
    const charged = lines
      .filter((line) => line.kind === "usage" && line.charge !== "base")
      .reduce((all, { amount }) => all + amount, 0);
    const back = lines
      .filter(({ kind }) => kind === "credit" || kind === "discount")
      .reduce((all, { amount }) => all - amount, 0);
    expect(back).toBeLessThanOrEqual(charged + 8);
  });
  fc.assert(law, { seed: 2 });
});

test("whatever is changed in an invoice is found", () => {
  const some = usage.filter((records) => records.length > 0);
  const law = fc.property(
    some,
    fc.nat(),
    fc.constantFrom("amount", "quantity", "missing", "twice"),
    (records, which, how) => {
      const invoice = made(basis(records));
      const at = which % invoice.lines.length;
      const forged = invoice.lines.flatMap((line, index) => {
        if (index !== at) return [line];
        if (how === "missing") return [];
        if (how === "twice") return [line, { ...line, version: "0" }];
        if (how === "quantity" && line.kind === "usage") return [{ ...line, quantity: line.quantity + 1n }];
        return [{ ...line, amount: micros(line.amount - 1) }];
      });
      const found = verifyInvoice({ ...invoice, lines: forged as Invoice["lines"] }, basis(records));
      expect(found.ok && found.value.length > 0).toBe(true);
    },
  );
  fc.assert(law, { seed: 3 });
});

test("what is put right after a month was final comes on a later invoice, once, at the prices of then", () => {
  const correction = { number: 1, reason: "a host's clock was wrong" };
  const late = { ...aRecord({ hour: -24, amounts: amountsOf({ leased: -500 * HOUR_MS }) }), correction };
  const invoice = made(basis([aRecord()], { late: [late, late], discountShare: 0 }));
  const [line] = invoice.lines.filter(({ kind }) => kind === "correction");
  expect(line).toMatchObject({ month: "2026-02", charge: "leased", amount: -8000 });
  expect(invoice.corrections).toHaveLength(1);
  expect(total(invoice)).toBe(invoice.total);
});

test("garbage is no invoice, and never throws", () => {
  const sheet = sheetOf(made(basis([aRecord()])), 0);
  const law = fc.property(fc.anything(), fc.constantFrom(...Object.keys(sheet)), (value, field) => {
    for (const each of [value, { ...sheet, [field]: value }, { ...sheet, lines: [value] }]) {
      const back = invoiceFrom(each);
      if (!back.ok) expect(back.error.kind).toBe("bad-input");
    }
  });
  fc.assert(law, { seed: 4 });
});
