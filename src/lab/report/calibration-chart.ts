// Does 1 in 100 mean 1 in 100? The promised share of intervals above each forecast level against what happened, on log
// axes.
import type { ForecastSkill } from "../../model/scorecard.ts";
import { html, type Markup } from "./markup.ts";
import { logScale, reversed, type Scale } from "./scale.ts";
import { roundShare, share } from "./words.ts";

const HEIGHT = 210;
const SHARES = { from: 0.0008, to: 0.7 };
const TICKS = [0.001, 0.01, 0.1, 0.5];

export function calibrationChart(skill: ForecastSkill): Markup {
  const axes = {
    x: logScale({ ...SHARES, length: 100 }),
    y: reversed(logScale({ ...SHARES, length: HEIGHT }), HEIGHT),
  };
  return html`<p class="axis">happened</p><div class="chart calibration">
<svg role="img" aria-label="${promisedWords(skill)}" width="100%" height="${HEIGHT}">
${grid(axes)}${line(skill, axes)}
<text class="faint" x="5%" y="20">short too often</text>
<text class="faint" x="97%" y="${HEIGHT - 12}" text-anchor="end">too careful</text>
<text x="100%" y="${HEIGHT + 36}" text-anchor="end">promised</text>
</svg></div>`;
}

interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}

/** Levels from the middle up: those that capacity is bought by. */
function line({ coverage }: ForecastSkill, axes: Axes): Markup {
  const points = coverage
    .filter(({ level }) => level >= 0.5)
    .map(({ level, observed }) => ({ promised: 1 - level, happened: 1 - observed }))
    .map((point) => ({ ...point, x: axes.x(point.promised).toFixed(2), y: placeOf(point.happened, axes).toFixed(1) }));
  const path = points.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x} ${y}`).join("");
  const dots = points.map(
    ({ promised, happened, x, y }) =>
      html`<g><title>promised ${roundShare(promised)}, happened ${share(happened)}</title>
<circle class="forecast" cx="${x}%" cy="${y}" r="4"/></g>`,
  );
  const box = `0 0 100 ${HEIGHT}`;
  return html`<svg class="curves" width="100%" height="${HEIGHT}" viewBox="${box}" preserveAspectRatio="none">
<path class="ideal" d="M0 ${HEIGHT}L100 0"/><path class="forecast" d="${path}"/></svg>${dots}`;
}

/** What never happened lies on the floor. */
function placeOf(happened: number, { y }: Axes): number {
  return Math.min(HEIGHT, y(Math.max(happened, SHARES.from)));
}

function grid({ x, y }: Axes): Markup {
  const lines = TICKS.map((tick) => {
    const [across, down] = [`${x(tick).toFixed(2)}%`, y(tick).toFixed(1)];
    return html`<line class="line" x2="100%" y1="${down}" y2="${down}"/>
<line class="line" x1="${across}" x2="${across}" y2="${HEIGHT}"/>
<text x="-8" y="${down}" dy="4" text-anchor="end">${roundShare(tick)}</text>
<text x="${across}" y="${HEIGHT + 18}" text-anchor="middle">${roundShare(tick)}</text>`;
  });
  return html`${lines}`;
}

/** "Promised 1 in 100, happened 1.1 in 100." */
export function promisedWords({ coverage }: ForecastSkill): string {
  const rare = coverage.find(({ level }) => level === 0.99);
  if (rare === undefined) return "Calibration of the forecasts.";
  return `Promised 1 in 100, happened ${Number(((1 - rare.observed) * 100).toPrecision(2))} in 100.`;
}
