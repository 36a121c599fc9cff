// Which smoothing would have forecast the recent past of a series best.
import type { Smoothing } from "../holt-winters.ts";
import type { RecentHistory } from "./recent-history.ts";
import { pathAhead, type SeasonalPath, type SeasonValues, smoothedPath, type TickOffset } from "./seasonal-path.ts";

interface Choice {
  readonly history: RecentHistory;
  /** What is smoothed: the values, or what is left of them without the seasons. */
  readonly values: Float64Array;
  /** 1: the smoothing has no season of its own. */
  readonly seasonTicks: number;
  readonly seasons?: readonly SeasonValues[];
  readonly offset?: TickOffset;
}

const CHOICES: { readonly [Key in keyof Smoothing]: readonly number[] } = {
  level: [0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1],
  season: [0, 0.05, 0.15, 0.3, 0.5],
  trend: [0, 0.02, 0.1],
  damping: [0.9, 0.98],
};
const START: Smoothing = { level: 0.1, season: 0.15, trend: 0, damping: 0.98 };

/** The one of the smallest loss, found by going through one parameter after the other. */
export function chooseSmoothing(choice: Choice): Smoothing {
  const keys = (["level", "season", "trend", "damping"] as const).filter(
    (key) => key !== "season" || choice.seasonTicks > 1,
  );
  // The only season of one tick would be a second level.
  let best = choice.seasonTicks > 1 ? START : { ...START, season: 0 };
  let least = lossOf(choice, best);
  for (const key of keys) {
    const start = best;
    for (const value of CHOICES[key]) {
      if (value === start[key] || (key === "damping" && start.trend === 0)) continue;
      const tried = { ...start, [key]: value };
      const loss = lossOf(choice, tried);
      if (loss < least) [best, least] = [tried, loss];
    }
  }
  return best;
}

function lossOf({ history, values, seasonTicks, seasons, offset }: Choice, smoothing: Smoothing): number {
  const path = smoothedPath(values, seasonTicks, smoothing);
  return pathLoss(history, { ...path, seasons: seasons ?? path.seasons, ...(offset && { offset }) });
}

/** Mean absolute error a tick, half an hour, a quarter of a season and a season ahead, summed. */
export function pathLoss({ values, season, halfHour }: RecentHistory, path: SeasonalPath): number {
  let loss = 0;
  for (const ahead of [1, halfHour, Math.ceil(season / 4), season]) {
    const expected = pathAhead(path, ahead);
    let sum = 0;
    let count = 0;
    for (let origin = 2 * season; origin + ahead <= values.length; origin++) {
      const error = (values[origin + ahead - 1] as number) - expected(origin);
      if (Number.isNaN(error)) continue;
      sum += Math.abs(error);
      count++;
    }
    loss += count > 0 ? sum / count : 0;
  }
  return loss;
}
