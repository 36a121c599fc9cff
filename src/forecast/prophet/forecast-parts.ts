// What an expectation is made of, part by part: in the units of the fit, or as amounts that add up to the whole.

import { type ProphetFit, trendOf, type View, viewAt } from "./fit-prophet.ts";
import type { FittedSeries } from "./fit-series.ts";
import { ticksOf } from "./known-rows.ts";
import { columnCount, type Term } from "./terms.ts";

/** One component of Prophet at each moment, in units of its values; of a multiplicative term its share of the trend. */
export interface Component {
  readonly name: string;
  readonly kind: "trend" | Term["kind"];
  readonly mode: Term["mode"];
  readonly values: Float64Array;
}

/** The trend, then each term. */
export function componentsAt(fit: ProphetFit, view: View): Component[] {
  const { shape, point, scale } = fit;
  const { t, columns } = view;
  const width = columns.length / t.length;
  const components: Component[] = [{ name: "trend", kind: "trend", mode: "additive", values: trendOf(fit, t) }];
  let first = 0;
  for (const term of shape.terms) {
    const { name, kind, mode } = term;
    const from = first;
    first += columnCount(term);
    const unit = mode === "additive" ? scale : 1;
    const values = t.map((_, row) => {
      let effect = 0;
      for (let column = from; column < first; column++)
        effect += (columns[row * width + column] as number) * (point.beta[column] as number);
      return effect * unit;
    });
    components.push({ name, kind, mode, values });
  }
  return components;
}

export interface EventEffect {
  readonly name: string;
  readonly mode: Term["mode"];
  readonly effect: number;
}

/** What each event does to a tick wholly within it, in the units of a component. */
export function eventEffects({ shape, point, scale }: ProphetFit): EventEffect[] {
  const effects: EventEffect[] = [];
  let column = 0;
  for (const term of shape.terms) {
    const unit = term.mode === "additive" ? scale : 1;
    const effect = (point.beta[column] as number) * unit;
    if (term.kind === "event") effects.push({ name: term.name, mode: term.mode, effect });
    column += columnCount(term);
  }
  return effects;
}

/** What one part brings to the expected demand of a tick, base units; all parts of a tick add up to it. */
export interface Part {
  readonly name: string;
  readonly kind: Component["kind"] | "recent-errors";
  readonly amount: number;
}

/** Tick 0 starts at the origin. The trend first; what each further part adds is measured with those before it in place. */
export function partsAhead({ fit, scale, grid, carry }: FittedSeries, tick: number): Part[] {
  const view = viewAt(fit.shape, ticksOf(grid, { from: grid.length + tick, count: 1 }));
  const parts: Part[] = [];
  let [trend, factor, added] = [0, 1, 0];
  const add = (name: string, kind: Part["kind"]): void => {
    const before = parts.reduce((sum, { amount }) => sum + amount, 0);
    parts.push({ name, kind, amount: scale.from(trend * factor + added) - before });
  };
  for (const { name, kind, mode, values } of componentsAt(fit, view)) {
    const value = values[0] ?? 0;
    if (kind === "trend") trend = value;
    else if (mode === "additive") added += value;
    else factor += value;
    add(name, kind);
  }
  added += (carry.seasonal(tick + 1)[tick] ?? 0) + carry.fading(tick) * (carry.levels.at(-1) ?? 0);
  add("recent errors", "recent-errors");
  return parts;
}
