// The report of one backtest: a single HTML file with nothing outside it, complete without script, for screen, phone
// and paper.
import { RESOURCES } from "../../model/resources.ts";
import type { Scorecard, VmPicture } from "../../model/scorecard.ts";
import type { PriceList } from "../../pricing/price-list.ts";
import { allTogether } from "./all-together.ts";
import { part } from "./card.ts";
import { conditions, headline } from "./headline.ts";
import { markDefinitions } from "./marks.ts";
import { html, type Markup, NO_MARKUP, ownMarkup } from "./markup.ts";
import { methodCards, repairsCard } from "./method.ts";
import { savingsCard } from "./savings-card.ts";
import { forecastSection, marked, resourceSection, vmSection } from "./sections.ts";
import { STYLE } from "./theme.ts";
import { comparedShare, scoredResources, verdictOf } from "./verdict.ts";
import { RESOURCE_TITLE, ratio, SHOWN_UNIT } from "./words.ts";

export interface ReportInput {
  readonly scorecard: Scorecard;
  /** Those without any known demand are left out, and those beyond PICTURES_MAX. */
  readonly pictures: readonly VmPicture[];
  readonly prices: PriceList;
  /** What was typed to make it. */
  readonly command: string;
  /** `@font-face` rules with data URIs for FONT_FAMILIES; without them the reader's own fonts are used. */
  readonly fontCss?: string;
}

const PICTURES_MAX = 12;
/** Nothing may be fetched and nothing may run, even if an escape were missing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:";

/** A whole HTML document. Everything that comes from outside (names, the command) is escaped. */
export function renderReport({ scorecard, pictures, prices, command, fontCss }: ReportInput): string {
  const target = comparedShare(scorecard);
  const sections = scoredResources(scorecard).map((each) => resourceSection({ ...each, target }));
  const shown = pictures.filter(({ demand }) => demand.some(Number.isFinite)).slice(0, PICTURES_MAX);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${`Backtest of ${scorecard.trace.name} - Headroom`}</title>
<style>${ownMarkup((fontCss ?? "") + STYLE)}</style>
</head>
<body>
${markDefinitions()}
${masthead(scorecard, shown)}
<main>
<h1 class="say">${marked(headline(scorecard))}</h1><p class="sub">${conditions(scorecard)}</p>
${stats(scorecard)}
<div class="cols wide">${savingsCard(scorecard, prices)}${allTogether(scorecard, prices)}</div>
${sections}${vmSection(shown)}${forecastSection(scorecard)}
${part({ title: "How it was made", id: "how" })}${repairsCard(scorecard)}${methodCards(scorecard, command)}
</main>
</body>
</html>
`.markup;
}

function masthead({ trace, resources }: Scorecard, pictures: readonly VmPicture[]): Markup {
  const scored = RESOURCES.filter((resource) => resources[resource] !== undefined);
  const links = scored.map((resource) => html`<a href="#${resource}">${RESOURCE_TITLE[resource]}</a>`);
  const vms = pictures.length === 0 ? NO_MARKUP : html`<a href="#vms">VMs</a>`;
  return html`<header class="top">
<span class="brand"><svg width="24" height="20" viewBox="0 0 24 20" aria-hidden="true">
<path class="roof" d="M2 9V7h6V3h7v4h7"/><path class="floor" d="M2 16c3-5 5-5 8-2s6 2 12-2"/></svg>Headroom</span>
<span class="crumb"><b>Backtest</b> <bdi>${trace.name}</bdi></span>
<nav aria-label="On this page">${links}${vms}<a href="#how">How it was made</a></nav>
</header>`;
}

function stats(scorecard: Scorecard): Markup {
  const target = comparedShare(scorecard);
  const cells = scoredResources(scorecard).map(({ resource, score }) => {
    const { ours, bestPeer, fixed } = verdictOf(score, target);
    const value = ours === undefined ? "not run" : ours === null ? "never" : ratio(ours);
    const unit = ours === undefined || ours === null ? "" : `for each ${SHOWN_UNIT[resource].one} used`;
    const peer =
      bestPeer === undefined ? "" : bestPeer === null ? "No peer gets there." : `Best peer ${ratio(bestPeer.value)}.`;
    return html`<div class="stat"><dt>${RESOURCE_TITLE[resource]}</dt><dd>${value} <small>${unit}</small></dd>
<dd class="note"><span>${peer}</span> <span>${fixed === null ? "" : `Fixed sizes ${ratio(fixed)}.`}</span></dd></div>`;
  });
  return cells.length === 0 ? NO_MARKUP : html`<dl class="stats">${cells}</dl>`;
}
