// The marks of the report in one place: a chart, its labels and its legend draw from here, so that they cannot differ.
import { html, type Markup, ownMarkup } from "./markup.ts";

/** Peers are told apart by shape, never by colour. Drawn around 0, 0. */
const SHAPES: readonly string[] = [
  `<circle r="3.2"/>`,
  `<path d="M0-4.4 4.4 0 0 4.4-4.4 0z"/>`,
  `<path d="M-3-3h6v6h-6z"/>`,
  `<path d="M0-4.2 4 3.2h-8z"/>`,
  `<path d="M-3.2-3.2 3.2 3.2M-3.2 3.2 3.2-3.2"/>`,
  `<path d="M-4 0h8M0-4v8"/>`,
  `<path d="M0 4.2-4-3.2h8z"/>`,
];
const PEER_MARK_COUNT = SHAPES.length;

/** Once a page: what `use` refers to. */
export function markDefinitions(): Markup {
  const peers = SHAPES.map((shape, index) => `<g id="mark-${index}" class="mark">${shape}</g>`).join("");
  const diamond = `<path id="mark-above" class="mark above" d="M0-4.5 4.5 0 0 4.5-4.5 0z"/>`;
  const hatch = `<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse"
 patternTransform="rotate(45)"><path class="hatch" d="M0 0v6"/></pattern>`;
  return ownMarkup(
    `<svg class="definitions" width="0" height="0" aria-hidden="true"><defs>${peers}${diamond}${hatch}</defs></svg>`,
  );
}

export function peerMarkId(index: number): string {
  return `mark-${index % PEER_MARK_COUNT}`;
}

/** A mark as a legend shows it, 22 x 12 px. */
function legendMark(content: Markup): Markup {
  return html`<svg class="key" width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">${content}</svg>`;
}

export function legend(entries: readonly { readonly mark: Markup; readonly words: string }[]): Markup {
  const items = entries.map(({ mark, words }) => html`<li>${legendMark(mark)}${words}</li>`);
  return html`<ul class="legend">${items}</ul>`;
}
