// What an expectation is made of, part by part: in the units of the fit, or as amounts that add up to the whole.
import type { ComponentPart, ComponentRole } from "../../model/forecast-parts.ts";
import type { Window } from "../forecast-model.ts";
import { type ProphetFit, trendOf, type View, viewAt } from "./fit-prophet.ts";
import type { FittedSeries } from "./fit-series.ts";
import { ticksOf } from "./known-rows.ts";
import { declaredUpliftAt } from "./predict-windows.ts";
import { columnCount, type Term } from "./terms.ts";
import type { ValueScale } from "./value-scale.ts";

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

/**
 * What each component brings to the tick of each window in which most is expected; those that bring nothing to any are
 * left out. The trend first; what each further one adds is measured with those before it in place, so that all together
 * make the whole, whatever the scale. By how much the peak of a window passes what is expected is up to past errors.
 */
export function componentParts(series: FittedSeries, windows: readonly Window[]): ComponentPart[] {
  const { fit, scale, grid, carry } = series;
  const horizon = windows.reduce((most, { from, ticks }) => Math.max(most, from + ticks), 1);
  const moments = ticksOf(grid, { from: grid.length, count: horizon });
  const components = componentsAt(fit, viewAt(fit.shape, moments));
  const seasonal = carry.seasonal(horizon);
  const lastLevel = carry.levels.at(-1) ?? 0;
  const uplift = declaredUpliftAt(series.declared, moments);
  const ledgers = windows.map((window) => {
    const found = ticksIn(window).map((tick): Ledger => {
      const carried = (seasonal[tick] as number) + carry.fading(tick) * lastLevel;
      return ledgerOf({ components, tick, carried, uplift: uplift[tick] as number, scale });
    });
    return found.reduce((best, each) => (each.whole > best.whole ? each : best));
  });
  const named: Pick<ComponentPart, "name" | "role">[] = [
    ...components.map(({ name, kind }) => ({ name, role: ROLES[kind] })),
    { name: "recent errors", role: "recent-errors" },
    { name: "declared events", role: "event" },
  ];
  return named
    .map((part, index) => ({
      kind: "component" as const,
      ...part,
      amounts: ledgers.map(({ amounts }) => amounts[index] ?? 0),
    }))
    .filter(({ amounts }) => amounts.some((amount) => amount !== 0));
}

const ROLES: Readonly<Record<Component["kind"], ComponentRole>> = { trend: "level", season: "season", event: "event" };

function ticksIn({ from, ticks }: Window): number[] {
  return Array.from({ length: ticks }, (_, index) => from + index);
}

/** What is expected of one tick, base units, and what of it came with each component, in their order. */
interface Ledger {
  readonly whole: number;
  readonly amounts: readonly number[];
}

function ledgerOf(given: {
  components: readonly Component[];
  tick: number;
  carried: number;
  uplift: number;
  scale: ValueScale;
}): Ledger {
  const { components, tick, carried, uplift, scale } = given;
  const amounts: number[] = [];
  let [trend, factor, added, whole] = [0, 1, 0, 0];
  const add = (lifted: number): void => {
    const reached = scale.from(trend * factor + added) * lifted;
    amounts.push(reached - whole);
    whole = reached;
  };
  for (const { kind, mode, values } of components) {
    const value = values[tick] as number;
    if (kind === "trend") trend = value;
    else if (mode === "additive") added += value;
    else factor += value;
    add(1);
  }
  added += carried;
  add(1);
  add(uplift);
  return { whole, amounts };
}
