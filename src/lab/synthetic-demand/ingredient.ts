// An ingredient is one cause of demand: its mean over any span of time. Always a pure function of its seed and the span, so
// that asking twice, out of order or for other tick lengths never changes what happened.
import type { SeededRandom } from "../../model/seeded-random.ts";

/** Milliseconds since 1970-01-01T00:00:00Z; `to` is exclusive and later than `from`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A factor, or a share of the VM's ceiling; >= 0. */
export type Ingredient = (span: Span) => number;

export function constant(value: number): Ingredient {
  return () => value;
}

export function sum(...parts: readonly Ingredient[]): Ingredient {
  return (span) => parts.reduce((total, part) => total + part(span), 0);
}

export function product(...parts: readonly Ingredient[]): Ingredient {
  return (span) => parts.reduce((total, part) => total * part(span), 1);
}

export function middleOf({ from, to }: Span): number {
  return (from + to) / 2;
}

/** Share of `span` that lies within `other`. */
export function overlapShare(span: Span, other: Span): number {
  return Math.max(Math.min(span.to, other.to) - Math.max(span.from, other.from), 0) / (span.to - span.from);
}

/** What is drawn for each whole number, always the same for the same number; the newest few are kept to save time. */
export function drawnPerIndex<Drawn>(
  random: SeededRandom,
  draw: (random: SeededRandom) => Drawn,
): (index: number) => Drawn {
  const kept: { index: number; drawn: Drawn }[] = [];
  return (index) => {
    const slot = ((index % KEPT) + KEPT) % KEPT;
    const known = kept[slot];
    if (known?.index === index) return known.drawn;
    const drawn = draw(random.fork(`${index}`));
    kept[slot] = { index, drawn };
    return drawn;
  };
}

const KEPT = 4;
