// The names beside the lines of a frontier plot: peers at its right, ours and the bound above it. None covers another.
import { entryOf, type Line, type Place, type Plot } from "./frontier-line.ts";
import { html, type Markup } from "./markup.ts";
import { pushApart } from "./scale.ts";

const PEER_GAP = 18;
const OWN_ROW = 18;
const CORNER: Place = { x: 0, y: 0 };

/** Where each line leaves the plot; pushed apart, and tied to the line by a thin leader. */
export function peerLabels(peers: readonly Line[], plot: Plot): Markup {
  const exits = peers.map((line) => line.exit ?? CORNER);
  const wishes = exits.map((exit) => exit.y);
  const places = pushApart(wishes, { gap: PEER_GAP, from: 6, to: plot.height - 2 });
  const labels = peers.map((line, index) => {
    const [x, from] = [(exits[index] ?? CORNER).x.toFixed(2), (wishes[index] ?? 0).toFixed(1)];
    const to = (places[index] ?? 0).toFixed(1);
    return html`<line class="leader" x1="${x}%" x2="100%" y1="${from}" y2="${from}"/>
<svg x="100%" class="beyond"><path class="leader" d="M0 ${from}L14 ${to}"/>
<use href="#${line.mark}" x="22" y="${to}"/><text x="32" y="${to}" dy="4">${shortTitle(line, peers)}</text></svg>`;
  });
  return html`<g class="gutter">${labels}</g>`;
}

/** Up to the first comma, unless another peer would then be called the same. */
export function shortTitle({ policy: { title } }: Line, peers: readonly Line[]): string {
  const short = title.split(",")[0] ?? title;
  return peers.filter(({ policy }) => policy.title.split(",")[0] === short).length > 1 ? title : short;
}

/**
 * One row each, tied to where the line comes in. The leftmost has the highest row, so that no tie crosses a label.
 */
export function ownLabels(lines: readonly Line[], plot: Plot): Markup {
  const entries = lines.map((line) => ({ ...line, entry: entryOf(line.curve, plot) ?? CORNER }));
  entries.sort((left, right) => left.entry.x - right.entry.x);
  const labels = entries.map(({ policy, role, entry }, index) => {
    const [x, row] = [entry.x.toFixed(2), -8 - OWN_ROW * (lines.length - 1 - index)];
    const side = entry.x > 60 ? html`text-anchor="end" dx="-5"` : html`dx="5"`;
    return html`<line class="leader ${role}" x1="${x}%" x2="${x}%" y1="${row - 9}" y2="${entry.y.toFixed(1)}"/>
<text class="own ${role}" x="${x}%" y="${row}" ${side}>${policy.title}</text>`;
  });
  return html`${labels}`;
}
