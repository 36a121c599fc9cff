// A VM's demand, forecast and allocation over a stretch of time, in real units from 0. It is as wide as its card: times
// are in percent, so that text and marks keep their size.
import type { VmPicture } from "../../model/scorecard.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { linearScale, linearTicks, reversed, type Scale, timeTicks } from "./scale.ts";
import { bandPath, largestOf, linePath, runsOf, stepAreaPath, stepPath } from "./time-path.ts";
import { amountWithUnit, axisLabels, clockTime, count, date, RESOURCE_TITLE, SHOWN_UNIT, weekday } from "./words.ts";

const WIDTH = 1000;
const HEIGHT = 200;

export function timeChart(picture: VmPicture): Markup {
  const unit = SHOWN_UNIT[picture.resource];
  const ticks = linearTicks({ largest: topOf(picture) / unit.size, countMax: 6 });
  const end = (ticks.at(-1) ?? 1) * unit.size;
  const y = reversed(linearScale({ from: 0, to: end, length: HEIGHT }), HEIGHT);
  return html`<p class="axis">${unit.name}${fixedNote(picture, end)}</p>
<div class="chart time"><svg role="img" aria-label="${description(picture)}" width="100%" height="${HEIGHT}">
${valueAxis(ticks, (value) => y(value * unit.size))}${timeAxis(picture)}${curves(picture, y)}${aboveMarks(picture)}
</svg></div>
`;
}

/** What was used and allowed is always inside; a forecast far above both is cut off. */
function topOf({ demand, allocation, high, base }: VmPicture): number {
  const seen = Math.max(base, ...[demand, allocation].map(largestOf).filter(Number.isFinite), Number.MIN_VALUE);
  return Math.max(seen * 1.02, Math.min(seen * 1.15, largestOf(high) || 0));
}

function fixedNote({ resource, fixed }: VmPicture, end: number): Markup {
  return fixed > end ? html`<span class="far">↑ fixed size ${amountWithUnit(resource, fixed)}</span>` : NO_MARKUP;
}

function valueAxis(ticks: readonly number[], y: Scale): Markup {
  const labels = axisLabels(ticks);
  const lines = ticks.map((tick, index) => {
    const at = y(tick).toFixed(1);
    return html`<line class="line" x2="100%" y1="${at}" y2="${at}"/>
<text x="-8" y="${at}" dy="4" text-anchor="end">${labels[index] ?? ""}</text>`;
  });
  return html`${lines}`;
}

/** Round hours, and the day under its midnight. */
function timeAxis({ start, demand, stepSeconds }: VmPicture): Markup {
  const fromMs = Date.parse(start);
  const toMs = fromMs + demand.length * stepSeconds * 1000;
  const place = linearScale({ from: fromMs, to: toMs, length: 100 });
  const labels = timeTicks({ fromMs, toMs, countMax: 5 }).map((at) => {
    const anchor = place(at) < 4 ? "start" : place(at) > 96 ? "end" : "middle";
    const [x, hour] = [`${place(at).toFixed(2)}%`, clockTime(at)];
    const label = (words: string, down: number) =>
      html`<text x="${x}" y="${HEIGHT + down}" text-anchor="${anchor}">${words}</text>`;
    return html`<line class="tick" x1="${x}" x2="${x}" y1="${HEIGHT}" y2="${HEIGHT + 4}"/>
${label(hour, 18)}${hour === "00:00" ? label(weekday(at), 34) : NO_MARKUP}`;
  });
  return html`${labels}`;
}

/** Used lies on top of what was allowed, and the likely forecast on top of both. */
function curves(picture: VmPicture, y: Scale): Markup {
  const plot = { y, width: WIDTH, floor: HEIGHT };
  const box = `0 0 ${WIDTH} ${HEIGHT}`;
  return html`<svg class="curves" width="100%" height="${HEIGHT}" viewBox="${box}" preserveAspectRatio="none">
${gaps(picture)}<path class="allowed-area" d="${stepAreaPath(picture.allocation, plot)}"/>
<path class="band" d="${bandPath(picture, plot)}"/><path class="base" d="M0 ${y(picture.base).toFixed(1)}H${WIDTH}"/>
<path class="allowed" d="${stepPath(picture.allocation, plot)}"/>
<path class="used" d="${linePath(picture.demand, plot)}"/><path class="likely" d="${linePath(picture.likely, plot)}"/>
</svg>
`;
}

/** Missing data is a hatched gap, never a line to zero. */
function gaps({ demand }: VmPicture): Markup {
  const missing = runsOf(demand.map((value) => (Number.isFinite(value) ? Number.NaN : 1)));
  const paths = missing.map(({ from, to }) => {
    const [left, right] = [from, to].map((tick) => ((tick / demand.length) * WIDTH).toFixed(1));
    return html`<path class="gap" d="M${left ?? 0} 0H${right ?? 0}V${HEIGHT}H${left ?? 0}z"/>`;
  });
  return html`${paths}`;
}

const MERGED_SHARE = 0.02;

/** On the floor of the plot, where demand was above the allocation; near ones merge, and say how many they are. */
function aboveMarks(picture: VmPicture): Markup {
  const { length } = picture.demand;
  const groups: { first: number; last: number; ticks: number }[] = [];
  for (const tick of aboveTicks(picture)) {
    const group = groups.at(-1);
    if (group === undefined || tick - group.first > length * MERGED_SHARE)
      groups.push({ first: tick, last: tick, ticks: 1 });
    else Object.assign(group, { last: tick, ticks: group.ticks + 1 });
  }
  const marks = groups.map(({ first, last, ticks }) => {
    const x = (((first + last + 1) / 2 / length) * 100).toFixed(2);
    const from = clockTime(Date.parse(picture.start) + first * picture.stepSeconds * 1000);
    return html`<g><title>from ${from}: more than it was allowed in ${count(ticks, "interval")}</title>
<use href="#mark-above" x="${x}%" y="${HEIGHT - 6}"/></g>`;
  });
  return html`${marks}`;
}

/** Ticks with more demand than was allowed. */
export function aboveTicks({ demand, allocation }: VmPicture): number[] {
  return demand.flatMap((value, tick) => (value > (allocation[tick] ?? Number.POSITIVE_INFINITY) ? [tick] : []));
}

function description({ resource, vm, start, demand, allocation }: VmPicture): string {
  const [used, allowed] = [demand, allocation].map((values) => amountWithUnit(resource, largestOf(values)));
  const day = date(Date.parse(start));
  return `${RESOURCE_TITLE[resource]} of ${vm} from ${day}: up to ${used ?? ""} used, up to ${allowed ?? ""} allowed.`;
}
