// Bars of one number for each policy on one scale: what is reserved for each unit used. Huge ones are cut, with a break
// mark.
import { html, type Markup, NO_MARKUP } from "./markup.ts";
import type { Role } from "./verdict.ts";
import { ratio, ratioOrNever } from "./words.ts";

export interface Bar {
  readonly title: string;
  readonly role: Role;
  /** null: never gets to the safety compared at. */
  readonly value: number | null;
}

/** In the given order; the dotted line is 1: exactly what was used. */
export function ratioBars(bars: readonly Bar[]): Markup {
  const end = scaleEnd(bars.flatMap((bar) => bar.value ?? []));
  return html`<ol class="bars">${bars.map((bar) => row(bar, end))}</ol>`;
}

const RANK: Readonly<Record<Role, number>> = { ours: 0, "ours-each": 1, peer: 2, fixed: 3, bound: 4 };

/** Ours first, then who needs least; whoever never gets there, fixed sizes and the bound last. */
export function inOrder(bars: readonly Bar[]): Bar[] {
  const need = (bar: Bar) => bar.value ?? Number.MAX_VALUE;
  return [...bars].sort((left, right) => RANK[left.role] - RANK[right.role] || need(left) - need(right));
}

const FAR = 2.5;

/** The largest value that is not far beyond the middle one; at least 1.25, so that the dotted line has room. */
export function scaleEnd(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? 1;
  return Math.max(1.25, ...sorted.filter((value) => value <= middle * FAR));
}

function row({ title, role, value }: Bar, end: number): Markup {
  const words = value === null ? `${title} never gets there` : `${title}: ${ratio(value)}`;
  const one = html`<i class="one" style="left:${(100 / end).toFixed(2)}%"></i>`;
  return html`<li class="${role}" title="${words}"><span class="name">${title}</span>
<span class="track" aria-hidden="true">${drawn(value, end)}${one}</span>
<b>${ratioOrNever(value)}</b></li>`;
}

function drawn(value: number | null, end: number): Markup {
  if (value === null) return html`<i class="never"></i>`;
  const width = Math.min(100, (value / end) * 100).toFixed(2);
  return html`<i class="bar" style="width:${width}%">${value > end ? html`<i class="cut"></i>` : NO_MARKUP}</i>`;
}
