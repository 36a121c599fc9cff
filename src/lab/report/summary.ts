// A backtest in a few sentences and one small table a resource, as data: whoever prints it decides how it looks.
import { type FrontierPoint, type Scorecard, VIOLATION_TARGETS } from "../../model/scorecard.ts";
import type { PriceList } from "../../pricing/price-list.ts";
import { conditions, headline, plainText } from "./headline.ts";
import { repairSentences } from "./repairs.ts";
import { savingsOf } from "./savings-card.ts";
import { orderedPolicies } from "./tables.ts";
import { comparedShare, neededBy, type Role, roleOf, scoredResources, shownPoint } from "./verdict.ts";
import { money, RESOURCE_TITLE, roundShare, SHOWN_UNIT } from "./words.ts";

export interface BacktestSummary {
  readonly headline: string;
  readonly conditions: string;
  /** The shares of intervals short that `needs` are for: "1 %", "0.5 %". */
  readonly compared: readonly string[];
  readonly resources: readonly ResourceSummary[];
  /** What ours saves in a month, at prices that are assumed; null when there is nothing to compare. */
  readonly savings: string | null;
  /** What was repaired in the input, one sentence each. */
  readonly repairs: readonly string[];
}

interface ResourceSummary {
  readonly title: string;
  /** As in "reserved for each core used". */
  readonly unit: string;
  /** Ours first, then who needs least, fixed sizes and the bound last. */
  readonly policies: readonly PolicySummary[];
}

interface PolicySummary {
  readonly title: string;
  readonly role: Role;
  /** reserved/used for each of `compared`; null where the policy never gets there. */
  readonly needs: readonly (number | null)[];
  /** The measured setting nearest to the service level. */
  readonly nearest: FrontierPoint | null;
}

export function summarise(scorecard: Scorecard, prices: PriceList): BacktestSummary {
  return {
    headline: plainText(headline(scorecard)),
    conditions: conditions(scorecard),
    compared: VIOLATION_TARGETS.map(roundShare),
    resources: scoredResources(scorecard).map((each) => resourceSummary(each, comparedShare(scorecard))),
    savings: savingsSentence(scorecard, prices),
    repairs: repairSentences(scorecard.trace.repairs),
  };
}

function resourceSummary(
  { resource, score }: ReturnType<typeof scoredResources>[number],
  target: number,
): ResourceSummary {
  const policies = orderedPolicies(score, target).map(({ name, policy }) => ({
    title: policy.title,
    role: roleOf(name),
    needs: VIOLATION_TARGETS.map((share) => neededBy({ name, policy, score, target: share })),
    nearest: shownPoint({ name, policy, target }) ?? null,
  }));
  return { title: RESOURCE_TITLE[resource], unit: SHOWN_UNIT[resource].one, policies };
}

function savingsSentence(scorecard: Scorecard, prices: PriceList): string | null {
  const { lines, savedCost, fixedCost } = savingsOf(scorecard, prices);
  if (lines.length === 0) return null;
  const [saved, fixed] = [savedCost, fixedCost].map((cost) => money(cost, prices.currency));
  return `Against fixed sizes it saves ${saved ?? ""} of ${fixed ?? ""} a month, at assumed prices (see the report).`;
}
