// Whether an invoice is what its usage records and the price book make: every line worked out again, by whoever does not trust it.
import { type Result, unreachable } from "../model/result.ts";
import { type Invoice, type InvoiceBasis, type InvoiceLine, invoiceOf, sum } from "./invoice.ts";

/** One sentence for each difference; none where it holds. Fails where the records cannot be rated at all. */
export function verifyInvoice(invoice: Invoice, basis: InvoiceBasis): Result<readonly string[]> {
  const again = invoiceOf(basis);
  return again.ok ? { ok: true, value: [...differences(invoice, again.value)] } : again;
}

function* differences(told: Invoice, again: Invoice): Generator<string> {
  const added = sum(told.lines.map(({ amount }) => amount));
  if (added !== told.total) yield `Its lines add up to ${added} micro-units, and its total says ${told.total}.`;
  if (told.currency !== again.currency) yield `It is in ${told.currency}, and the price book in ${again.currency}.`;
  const theirs = new Map(told.lines.map((line) => [nameOf(line), line]));
  for (const line of again.lines) {
    const found = theirs.get(nameOf(line));
    theirs.delete(nameOf(line));
    if (found === undefined) yield `${nameOf(line)}: is missing; it should be ${line.amount} micro-units.`;
    else if (found.amount !== line.amount || quantityOf(found) !== quantityOf(line))
      yield `${nameOf(line)}: says ${shown(found)}; usage and price book make ${shown(line)}.`;
  }
  for (const [name, line] of theirs) yield `${name}: says ${shown(line)}, and nothing was used that makes it.`;
  if (told.corrections.join(" ") !== again.corrections.join(" ")) yield "It takes in other corrections than there are.";
}

function nameOf(line: InvoiceLine): string {
  switch (line.kind) {
    case "usage":
    case "correction": {
      const { version, plan, charge, resource, serviceLevel, rate } = line;
      const of = line.kind === "correction" ? `correction of ${line.month}, ` : "";
      const level = serviceLevel === undefined ? "" : ` at level ${serviceLevel}`;
      return `${of}${charge} ${resource}, plan ${plan}${level}, prices ${version}, rate ${rate}`;
    }
    case "discount":
      return `discount of ${line.share}`;
    case "credit":
      return `credit for ${line.resource}, plan ${line.plan}`;
    default:
      return unreachable(line);
  }
}

function quantityOf(line: InvoiceLine): bigint | undefined {
  return line.kind === "usage" || line.kind === "correction" ? line.quantity : undefined;
}

function shown(line: InvoiceLine): string {
  const quantity = quantityOf(line);
  return quantity === undefined ? `${line.amount} micro-units` : `${line.amount} micro-units for ${quantity}`;
}
