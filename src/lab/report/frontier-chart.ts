// One resource's frontiers: share of intervals short against reserved for each unit used, both on log axes, all
// policies in one plot. It is as wide as its card: x is in percent, so that text and marks keep their size on a phone.
import type { PolicyScore, ResourceScore } from "../../model/scorecard.ts";
import { ownLabels, peerLabels, shortTitle } from "./frontier-labels.ts";
import { curveOf, exitOf, isInside, type Line, type Place, type Plot, placeOf } from "./frontier-line.ts";
import { legend, peerMarkId } from "./marks.ts";
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import { logScale, logTicks, reversed, roundUp } from "./scale.ts";
import { roleOf, verdictOf } from "./verdict.ts";
import { ratio, roundShare, share } from "./words.ts";

const HEIGHT = 340;
const SHARES = { from: 0.002, to: 0.2 };
const SHARE_TICKS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
const RATIO_MAX = 12;

export function frontierChart(score: ResourceScore, target: number): Markup {
  const plot = plotFor(score, target);
  const lines = linesOf(score, plot);
  const seen = lines.filter((line) => line.exit !== undefined);
  const peers = seen.filter((line) => line.role === "peer");
  const { ours } = verdictOf(score, target);
  const own = seen.filter((line) => line.role !== "peer");
  const entries = peers.map((line) => ({
    mark: html`<use href="#${line.mark}" x="11" y="6"/>`,
    words: shortTitle(line, peers),
  }));
  return html`<p class="axis">share of intervals short</p>
<div class="chart frontier">
<svg role="img" aria-label="${description(score, target)}" width="100%" height="${HEIGHT}">
${grid(plot, target)}${curves(seen)}${seen.map((line) => points(line, plot))}${ring(ours, { target, plot })}
${peerLabels(peers, plot)}${ownLabels(own, plot)}
</svg>
${legend(entries)}</div>${outside(lines)}`;
}

/** Ends beyond where the last policy reaches the compared share, so that near ones stay apart; far ones leave it. */
function plotFor(score: ResourceScore, target: number): Plot {
  const drawn = Object.entries(score.policies).filter(([name]) => roleOf(name) !== "fixed" && roleOf(name) !== "bound");
  const needed = drawn.flatMap(([, policy]) => policy.at[target] ?? []);
  const visible = drawn
    .flatMap(([, policy]) => policy.frontier)
    .filter(({ violations }) => violations >= SHARES.from && violations <= SHARES.to)
    .map((point) => point.reservedPerUsed);
  const largest = Math.max(1.6, ...(needed.length > 0 ? needed : visible));
  const smallest = Math.max(0.5, Math.min(1, ...visible));
  const ratios = { from: smallest, to: roundUp(Math.min(RATIO_MAX, largest * 1.2)) };
  return {
    x: logScale({ ...ratios, length: 100 }),
    y: reversed(logScale({ ...SHARES, length: HEIGHT }), HEIGHT),
    width: 100,
    height: HEIGHT,
    leastShare: SHARES.from / 4,
    ratios,
  };
}

function linesOf(score: ResourceScore, plot: Plot): Line[] {
  let peers = 0;
  return Object.entries(score.policies).flatMap(([name, policy]) => {
    const role = roleOf(name);
    if (role === "fixed") return [];
    const curve = role === "bound" ? boundCurve(policy, plot) : curveOf(policy.frontier, plot);
    return [{ policy, role, curve, exit: exitOf(curve, plot), mark: peerMarkId(role === "peer" ? peers++ : 0) }];
  });
}

/** Its own frontier; when that is one point that is never short, a line straight down. */
function boundCurve({ frontier }: PolicyScore, plot: Plot): Place[] {
  const first = frontier[0];
  if (frontier.length !== 1 || first === undefined) return curveOf(frontier, plot);
  const { x } = placeOf(first, plot);
  return [0, HEIGHT].map((y) => ({ x, y }));
}

function grid(plot: Plot, target: number): Markup {
  const shares = SHARE_TICKS.map((tick) => {
    const [y, kind] = [plot.y(tick).toFixed(1), tick === target ? "target" : "plain"];
    return html`<line class="line ${kind}" x2="100%" y1="${y}" y2="${y}"/>
<text class="${kind}" x="-8" y="${y}" dy="4" text-anchor="end">${roundShare(tick)}</text>`;
  });
  const ratios = logTicks({ ...plot.ratios, apart: 0.125 }).map((tick) => {
    const x = `${plot.x(tick).toFixed(2)}%`;
    return html`<line class="line" x1="${x}" x2="${x}" y2="${HEIGHT}"/>
<text x="${x}" y="${HEIGHT + 18}" text-anchor="middle">${tick}</text>`;
  });
  return html`${shares}${ratios}
<text x="100%" y="${HEIGHT + 38}" text-anchor="end">reserved for each unit used</text>
`;
}

/** Stretched to the width of the plot and cut at its edges; strokes keep their width. */
function curves(lines: readonly Line[]): Markup {
  const paths = lines.map(({ curve, role }) => {
    const path = curve.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(1)}`).join("");
    return html`<path class="${role}" d="${path}"/>
`;
  });
  const box = `0 0 100 ${HEIGHT}`;
  return html`<svg class="curves" width="100%" height="${HEIGHT}" viewBox="${box}" preserveAspectRatio="none">
${paths}</svg>
`;
}

function points({ policy, role, mark }: Line, plot: Plot): Markup {
  if (role === "bound") return NO_MARKUP;
  const marks = policy.frontier.flatMap((point) => {
    const place = placeOf(point, plot);
    if (!isInside(place, plot)) return [];
    const [x, y] = [`${place.x.toFixed(2)}%`, place.y.toFixed(1)];
    const words = [
      `${policy.title}: ${ratio(point.reservedPerUsed)} reserved for each unit used`,
      `${share(point.violations)} of intervals short`,
      `${share(point.unserved)} of demand not served`,
    ];
    const shape =
      role === "peer"
        ? html`<use href="#${mark}" x="${x}" y="${y}"/>`
        : html`<circle class="${role}" cx="${x}" cy="${y}" r="${role === "ours" ? 4 : 3}"/>`;
    return [
      html`<g><title>${words.join(", ")}</title>${shape}</g>
`,
    ];
  });
  return html`${marks}`;
}

function ring(ours: number | null | undefined, { target, plot }: { target: number; plot: Plot }): Markup {
  if (ours === null || ours === undefined) return NO_MARKUP;
  const { x, y } = placeOf({ reservedPerUsed: ours, violations: target }, plot);
  return html`<circle class="ring" cx="${x.toFixed(2)}%" cy="${y.toFixed(1)}" r="8.5"/>`;
}

function outside(lines: readonly Line[]): Markup {
  const unseen = lines.filter((line) => line.exit === undefined).map((line) => line.policy.title);
  return unseen.length === 0 ? NO_MARKUP : html`<p class="note">Outside this picture: ${unseen.join(", ")}.</p>`;
}

function description(score: ResourceScore, target: number): string {
  const needs = Object.values(score.policies).map(({ title, at }) => {
    const value = at[target];
    return `${title} ${value === null || value === undefined ? "never gets there" : ratio(value)}`;
  });
  return `Reserved for each unit used when short in ${roundShare(target)} of intervals: ${needs.join(", ")}.`;
}
