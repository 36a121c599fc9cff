// All resources together, weighed by price: cost of what is reserved for each unit of cost used, at equal safety.
import type { Scorecard } from "../../model/scorecard.ts";
import { costPerBaseUnitHour, type PriceList } from "../../pricing/price-list.ts";
import { inOrder, ratioBars } from "./bars.ts";
import { card } from "./card.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { comparedShare, neededBy, roleOf, scoredResources } from "./verdict.ts";
import { roundShare } from "./words.ts";

/** `all` of the scorecard, as bars. */
export function allTogether(scorecard: Scorecard, prices: PriceList): Markup {
  const target = comparedShare(scorecard);
  const policies = scoredResources(scorecard).flatMap(({ score }) => Object.entries(score.policies));
  const titles = new Map(policies.map(([name, { title }]) => [name, title]));
  const bars = Object.entries(scorecard.all).map(([name, { at }]) => ({
    title: titles.get(name) ?? name,
    role: roleOf(name),
    value: ["fixed", "bound"].includes(roleOf(name)) ? costPerUsed({ name, scorecard, prices }) : (at[target] ?? null),
  }));
  if (bars.length === 0) return NO_MARKUP;
  const at = `every resource at ${roundShare(target)} of intervals short, at the prices stated here`;
  return card({
    title: "All resources together, by cost",
    id: "all",
    body: html`${ratioBars(inOrder(bars))}
<p class="note">Cost of what is reserved for each unit of cost used, ${at}.</p>`,
  });
}

/** For fixed sizes and the bound, which `all` does not know at a share of violations that they never have. */
function costPerUsed(given: { name: string; scorecard: Scorecard; prices: PriceList }): number | null {
  const { name, scorecard, prices } = given;
  const rates = costPerBaseUnitHour(prices);
  const target = comparedShare(scorecard);
  const costs = scoredResources(scorecard).map(({ resource, score }) => {
    const policy = score.policies[name];
    const used = score.usedMean * rates[resource];
    return { used, reserved: used * ((policy && neededBy({ name, policy, score, target })) ?? Number.NaN) };
  });
  const sum = (of: "used" | "reserved") => costs.reduce((total, cost) => total + cost[of], 0);
  const perUsed = sum("reserved") / sum("used");
  return Number.isFinite(perUsed) ? perUsed : null;
}
