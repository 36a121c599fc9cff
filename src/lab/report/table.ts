// A table of numbers: names at the left, numbers at the right. Wider than its card it scrolls beside the names.
import { html, type Markup, NO_MARKUP } from "./markup.ts";

export interface Column {
  readonly title: string;
  /** Stands above all neighbours that name the same one. */
  readonly group?: string;
}

export interface Row {
  /** A class: whose row it is. */
  readonly kind: string;
  /** As many as there are columns, the name first. */
  readonly cells: readonly (string | Markup)[];
}

export function table(given: {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  readonly isTight?: boolean;
}): Markup {
  const { caption, columns, rows, isTight = false } = given;
  const body = rows.map(({ kind, cells: [name = "", ...numbers] }) => {
    const cells = numbers.map((number) => html`<td>${number}</td>`);
    return html`<tr class="${kind}"><th scope="row">${name}</th>${cells}</tr>
`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table${isTight ? html` class="tight"` : NO_MARKUP}><caption>${caption}</caption>
<thead>${groupRow(columns)}<tr>${columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${body}</tbody></table></div>
`;
}

function groupRow(columns: readonly Column[]): Markup {
  const groups: { title: string; span: number }[] = [];
  for (const { group = "" } of columns) {
    const last = groups.at(-1);
    if (last !== undefined && last.title === group) last.span++;
    else groups.push({ title: group, span: 1 });
  }
  if (groups.length === 1) return NO_MARKUP;
  const cells = groups.map(({ title, span }) =>
    title === "" ? html`<td colspan="${span}"></td>` : html`<th scope="colgroup" colspan="${span}">${title}</th>`,
  );
  return html`<tr class="groups">${cells}</tr>`;
}
