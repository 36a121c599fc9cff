// The fitted parts of one series in a sentence for people.
import { DAY_MS, ticksPer } from "../../model/time.ts";
import { viewAt } from "./fit-prophet.ts";
import type { FittedSeries } from "./fit-series.ts";
import { type Component, componentsAt, eventEffects } from "./forecast-parts.ts";
import { ticksOf } from "./known-rows.ts";

/** "Prophet on 28 days: level 2.10 in base units, daily -35 % to +60 %, campaign/launch +38 %, recent errors -2 %." */
export function explainSeries(series: FittedSeries): string {
  const { fit, grid, scale, carry } = series;
  const longest = Math.max(DAY_MS, ...fit.shape.terms.map((term) => (term.kind === "season" ? term.periodMs : 0)));
  const ticks = ticksOf(grid, { from: grid.length, count: ticksPer(longest, grid.stepMs) });
  const [trend, ...terms] = componentsAt(fit, viewAt(fit.shape, ticks));
  const level = trend?.values[0] ?? 0;
  const share = (effect: number, mode: Component["mode"] = "additive"): string => {
    const changed = mode === "multiplicative" ? level * (1 + effect) : level + effect;
    return percent(scale.from(changed) / Math.max(scale.from(level), Number.MIN_VALUE) - 1);
  };
  const seasons = terms
    .filter(({ kind }) => kind === "season")
    .map(({ name, mode, values }) => {
      const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
      return `${name} ${share(low, mode)} to ${share(high, mode)}`;
    });
  const events = eventEffects(fit).map(({ name, mode, effect }) => `${name} ${share(effect, mode)}`);
  const carried = (carry.seasonal(1)[0] ?? 0) + carry.fading(0) * (carry.levels.at(-1) ?? 0);
  const days = Math.round((grid.length * grid.stepMs) / DAY_MS);
  const parts = [...seasons, ...events, `recent errors ${share(carried)}`].join(", ");
  return `Prophet on ${days} days: level ${scale.from(level).toPrecision(3)} in base units, ${parts}.`;
}

function percent(share: number): string {
  return `${share < 0 ? "-" : "+"}${Math.round(Math.abs(share) * 100)} %`;
}
