// What reserving less is worth: fixed sizes against ours at equal safety, in each resource's own units and in money a
// month.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { Scorecard } from "../../model/scorecard.ts";
import { PRICED_UNIT, type PriceList } from "../../pricing/price-list.ts";
import { HOURS_PER_MONTH, monthlySavings, type Savings } from "../../pricing/savings.ts";
import { card } from "./card.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { table } from "./table.ts";
import { comparedShare, scoredResources, verdictOf } from "./verdict.ts";
import {
  amount,
  amountWithUnit,
  decimal,
  HARD_SPACE,
  money,
  price,
  RESOURCE_TITLE,
  roundShare,
  SHOWN_UNIT,
} from "./words.ts";

export function savingsCard(scorecard: Scorecard, prices: PriceList): Markup {
  const savings = savingsOf(scorecard, prices);
  if (savings.lines.length === 0) return NO_MARKUP;
  const total = money(savings.savedCost, prices.currency);
  return card({
    title: "Saved against fixed sizes",
    note: `mean over the scored time, at ${roundShare(comparedShare(scorecard))} of intervals short`,
    id: "savings",
    body: html`<p class="amount"><b>${total}</b> a month</p><p class="lead">${savedSentence(savings)}</p>
${savingsTable(savings)}<p class="note">${assumption(prices)}</p>`,
  });
}

function savedSentence({ lines, prices: { currency }, ...total }: Savings): string {
  const costs = `${money(total.reservedCost, currency)} instead of ${money(total.fixedCost, currency)}`;
  const saved = lines
    .filter((line) => line.saved > 0)
    .map((line) => amountWithUnit(line.resource, line.saved) + ofWhat(line.resource));
  return saved.length === 0 ? `${costs}.` : `${costs}: ${inWords(saved)} that nobody has to keep.`;
}

/** Over all resources that the trace records and on which ours gets to the compared safety. */
export function savingsOf(scorecard: Scorecard, prices: PriceList): Savings {
  const target = comparedShare(scorecard);
  const fixed: { [R in Resource]?: number } = {};
  const reserved: { [R in Resource]?: number } = {};
  for (const { resource, score } of scoredResources(scorecard)) {
    const { ours } = verdictOf(score, target);
    if (ours === null || ours === undefined) continue;
    fixed[resource] = score.fixedMean;
    reserved[resource] = score.usedMean * ours;
  }
  return monthlySavings({ fixed, reserved, prices });
}

function savingsTable({ lines, prices: { currency }, ...total }: Savings): Markup {
  const rows = lines.map((line) => ({
    kind: "peer",
    cells: [
      `${RESOURCE_TITLE[line.resource]}, ${SHOWN_UNIT[line.resource].name}`,
      remaining(line),
      amount(line.resource, line.fixed),
      amount(line.resource, line.reserved),
      amount(line.resource, line.saved),
      money(line.savedCost, currency),
    ],
  }));
  const left = remaining({ reserved: total.reservedCost, fixed: total.fixedCost });
  const sum = { kind: "total", cells: ["Together, by cost", left, "", "", "", money(total.savedCost, currency)] };
  const titles = ["", "what remains of them", "fixed sizes", "Headroom", "saved", "saved a month"];
  return table({
    caption: "Fixed sizes against Headroom",
    columns: titles.map((title) => ({ title })),
    rows: [...rows, sum],
  });
}

/** The whole bar is what fixed sizes hold. */
function remaining({ reserved, fixed }: { reserved: number; fixed: number }): Markup {
  const percent = fixed > 0 ? (reserved / fixed) * 100 : 100;
  const width = Math.min(100, percent).toFixed(1);
  return html`<span class="remaining"><i style="width:${width}%"></i></span>
${decimal(percent, percent < 9.95 ? 1 : 0)}${HARD_SPACE}%`;
}

/** The prices, and that they are assumed. */
function assumption({ basis, perHour, currency }: PriceList): string {
  const rates = RESOURCES.map(
    (resource) => `${price(perHour[resource], currency)} for a ${PRICED_UNIT[resource].name}${ofWhat(resource)}`,
  );
  return `Prices for an hour: ${inWords(rates)}; ${HOURS_PER_MONTH} hours a month. ${basis}`;
}

function ofWhat(resource: Resource): string {
  return resource === "cpu" ? "" : ` of ${RESOURCE_TITLE[resource].toLowerCase()}`;
}

/** "a", "a and b", "a, b and c". */
function inWords(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
