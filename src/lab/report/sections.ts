// The parts of the report between its first sentence and how it was made: each resource, a few VMs, the forecasts.
import type { Resource } from "../../model/resources.ts";
import type { ForecastSkill, PolicyScore, ResourceScore, Scorecard, VmPicture } from "../../model/scorecard.ts";
import { ratioBars } from "./bars.ts";
import { calibrationChart, promisedWords } from "./calibration-chart.ts";
import { card, part } from "./card.ts";
import { frontierChart } from "./frontier-chart.ts";
import { type SentencePart, verdictSentence } from "./headline.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { resourceBars, safetyTable, shortTable } from "./tables.ts";
import { fixedPerUsed, type Role, roleOf, scoredResources, shownPoint, verdictOf } from "./verdict.ts";
import { vmChart, vmLegend } from "./vm-chart.ts";
import { decimal, RESOURCE_TITLE, ratio, roundShare, SHOWN_UNIT, share } from "./words.ts";

/** A sentence whose numbers wear the marks of their lines in the charts. */
export function marked(sentence: readonly SentencePart[]): Markup {
  const parts = sentence.map((each) =>
    typeof each === "string" ? html`${each}` : html`<b class="k ${each.mark}">${each.number}</b>`,
  );
  return html`${parts}`;
}

export function resourceSection(given: { resource: Resource; score: ResourceScore; target: number }): Markup {
  const { resource, score, target } = given;
  const at = `at ${roundShare(target)} of intervals short`;
  const lead = marked(verdictSentence({ resource, verdict: verdictOf(score, target), target }));
  const frontier = card({
    title: "Every policy over its whole knob",
    note: "lower and further left is better",
    body: html`${frontierChart(score, target)}
<p class="note">Ring: where policies are compared, ${at}. ${fixedWords(score)}</p>`,
  });
  const needs = card({
    title: `Reserved for each ${SHOWN_UNIT[resource].one} used`,
    note: at,
    body: html`${ratioBars(resourceBars(score, target))}
<p class="note">Dotted: exactly what was used. Fixed sizes hold what they hold, however safe that is.</p>
${missSentence(score, target)}`,
  });
  const short = card({ title: "Who was short, and by how much", body: shortTable(score, target) });
  const others = card({ title: "At other measures of safety", body: safetyTable(score, target) });
  return html`${part({ title: RESOURCE_TITLE[resource], id: resource, lead })}
<div class="cols wide">${frontier}${needs}${short}${others}</div>`;
}

function fixedWords(score: ResourceScore): string {
  const fixed = fixedPerUsed(score);
  if (fixed === null) return "";
  const found = policyOf(score, "fixed");
  const point = found && shownPoint({ ...found, target: 1 });
  const safety = point === undefined ? "" : `, short in ${share(point.violations)}`;
  return `Fixed sizes, not drawn, hold ${ratio(fixed)} for each one used${safety}.`;
}

/** The miss, as plainly as the hit. */
function missSentence(score: ResourceScore, target: number): Markup {
  const ours = policyOf(score, "ours");
  const point = ours && shownPoint({ ...ours, target });
  if (point === undefined) return NO_MARKUP;
  const [short, unserved, late] = [point.violations, point.unserved, point.late].map(share);
  return html`<p class="lead">At its setting nearest to that, Headroom was short in <b>${short ?? ""}</b> of intervals,
left <b>${unserved ?? ""}</b> of the demand unserved and was late for <b>${late ?? ""}</b>.
The VM it served worst was short in <b>${share(point.worst.max)}</b> of its intervals.</p>`;
}

function policyOf(score: ResourceScore, role: Role): { name: string; policy: PolicyScore } | undefined {
  const found = Object.entries(score.policies).find(([name]) => roleOf(name) === role);
  return found && { name: found[0], policy: found[1] };
}

export function vmSection(pictures: readonly VmPicture[]): Markup {
  if (pictures.length === 0) return NO_MARKUP;
  const title = `${pictures.length === 1 ? "One VM" : "A few VMs"}, step by step`;
  const cards = pictures.map((picture) => html`<section class="card">${vmChart(picture)}</section>`);
  return html`${part({ title, id: "vms" })}${vmLegend()}<div class="cols even">${cards}</div>`;
}

export function forecastSection(scorecard: Scorecard): Markup {
  const cards = scoredResources(scorecard).flatMap(({ resource, score: { forecast } }) => {
    if (forecast === null) return [];
    const body = html`<p class="lead">${promisedWords(forecast)}</p>${calibrationChart(forecast)}${skill(forecast)}`;
    return [card({ title: RESOURCE_TITLE[resource], body })];
  });
  if (cards.length === 0) return NO_MARKUP;
  const lead = html`Forecasts one step ahead against what happened.
On the dotted line what was promised is what happened.`;
  return html`${part({ title: "Does 1 in 100 mean 1 in 100?", id: "forecasts", lead })}
<div class="cols four">${cards}</div>`;
}

function skill({ wql, mase }: ForecastSkill): Markup {
  const yesterday = mase === null ? "no day to compare" : decimal(mase, 2);
  return html`<dl class="pair"><dt>error of all quantiles (WQL)</dt><dd>${decimal(wql, 3)}</dd>
<dt>error of the likely value, where the same time yesterday is 1 (MASE)</dt><dd>${yesterday}</dd></dl>`;
}
