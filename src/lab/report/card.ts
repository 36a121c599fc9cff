// A card: a title, a note beside it and what it is about.
import { html, type Markup, NO_MARKUP } from "./markup.ts";

export interface Card {
  readonly title: string;
  readonly note?: string;
  readonly id?: string;
  readonly body: Markup;
}

export function card({ title, note, id, body }: Card): Markup {
  const aside = note === undefined ? NO_MARKUP : html`<span class="note">${note}</span>`;
  return html`<section class="card"${id === undefined ? NO_MARKUP : html` id="${id}"`}>
<header><h3>${title}</h3>${aside}</header><div class="body">${body}</div></section>
`;
}

/** Heads the cards that follow. */
export function part(given: { readonly title: string; readonly id: string; readonly lead?: Markup }): Markup {
  const lead = given.lead === undefined ? NO_MARKUP : html`<p class="sub">${given.lead}</p>`;
  return html`<h2 class="part" id="${given.id}">${given.title}</h2>${lead}
`;
}
