// One VM under our policy: the two days around its highest demand in detail, and below them the whole scored time.
import type { VmPicture } from "../../model/scorecard.ts";
import { HOUR_MS, instant, iso } from "../../model/time.ts";
import { legend } from "./marks.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { linearScale, reversed } from "./scale.ts";
import { aboveTicks, timeChart } from "./time-chart.ts";
import { largestOf, linePath, peaks, stepAreaPath, type TimePlot } from "./time-path.ts";
import { amountWithUnit, count, date, decimal, RESOURCE_TITLE } from "./words.ts";

const WINDOW_MS = 48 * HOUR_MS;
const STRIP = { width: 1000, height: 40, columns: 500 };

/** Ticks [from, to) of a picture. */
interface Window {
  readonly from: number;
  readonly to: number;
}

export function vmChart(picture: VmPicture): Markup {
  const { resource, demand } = picture;
  const window = busiest(picture);
  const words = `${RESOURCE_TITLE[resource]}, highest demand ${amountWithUnit(resource, largestOf(demand))}`;
  return html`<figure class="vm">
<figcaption><bdi>${picture.vm}</bdi><span class="note">${words}, on <bdi>${picture.host}</bdi></span></figcaption>
${timeChart(cut(picture, window))}${strip(picture, window)}<p class="note">${aboveWords(picture)}</p>
</figure>`;
}

export function vmLegend(): Markup {
  const step = "M1 8h10V3h10";
  return legend([
    { mark: html`<path class="used" d="M1 6h20"/>`, words: "used" },
    { mark: html`<path class="allowed-area" d="${step}v9H1z"/><path class="allowed" d="${step}"/>`, words: "allowed" },
    {
      mark: html`<path class="band" d="M1 1h20v10H1z"/><path class="likely" d="M1 6h20"/>`,
      words: "forecast one step before: likely, from 1 in 20 below to 1 in 100 above",
    },
    { mark: html`<path class="base" d="M1 6h20"/>`, words: "base, always there" },
    {
      mark: html`<use href="#mark-above" x="11" y="6"/>`,
      words: "more than it was allowed: the host's buffer steps in, or it is short",
    },
  ]);
}

/** Around the largest demand, kept inside the picture. */
function busiest({ demand, stepSeconds }: VmPicture): Window {
  const length = Math.min(demand.length, Math.max(1, Math.round(WINDOW_MS / (stepSeconds * 1000))));
  const peak = Math.max(0, demand.indexOf(largestOf(demand)));
  const from = Math.max(0, Math.min(demand.length - length, peak - Math.floor(length / 2)));
  return { from, to: from + length };
}

function cut(picture: VmPicture, { from, to }: Window): VmPicture {
  const within = (values: readonly number[]) => values.slice(from, to);
  return {
    ...picture,
    start: iso(instant(Date.parse(picture.start) + from * picture.stepSeconds * 1000)),
    demand: within(picture.demand),
    allocation: within(picture.allocation),
    low: within(picture.low),
    likely: within(picture.likely),
    high: within(picture.high),
  };
}

/** The whole time in one thin strip, the highest of each column, with the window marked. */
function strip(picture: VmPicture, window: Window): Markup {
  const { length } = picture.demand;
  if (window.to - window.from === length) return NO_MARKUP;
  const { width, height, columns } = STRIP;
  const [demand, allocation] = [peaks(picture.demand, columns), peaks(picture.allocation, columns)];
  const end = Math.max(...[demand, allocation].map(largestOf).filter(Number.isFinite), Number.MIN_VALUE);
  const y = reversed(linearScale({ from: 0, to: end, length: height - 2 }), height);
  const plot: TimePlot = { y, width, floor: height };
  const [left, right] = [window.from, window.to].map((tick) => ((tick / length) * width).toFixed(1));
  const endMs = Date.parse(picture.start) + (length - 1) * picture.stepSeconds * 1000;
  return html`<div class="strip">
<svg aria-hidden="true" width="100%" height="${height}" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none">
<path class="window" d="M${left ?? 0} 0H${right ?? 0}V${height}H${left ?? 0}z"/>
<path class="allowed-area" d="${stepAreaPath(allocation, plot)}"/>
<path class="used" d="${linePath(demand, plot)}"/></svg>
<p class="ends"><span>${date(Date.parse(picture.start))}</span>
<span class="middle">the two days above are marked</span><span>${date(endMs)}</span></p></div>
`;
}

function aboveWords(picture: VmPicture): string {
  const above = aboveTicks(picture).length;
  const known = picture.demand.filter(Number.isFinite).length;
  if (above === 0) return `Never needed more than it was allowed, in ${count(known, "interval")}.`;
  return `Needed more than it was allowed in ${decimal(above, 0)} of ${count(known, "interval")}.`;
}
