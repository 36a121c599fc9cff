// What a regression leaves over comes in runs: part of it is carried on from tick to tick, and dies away.
import { pathLoss } from "./choose-smoothing.ts";
import type { RecentHistory } from "./recent-history.ts";
import type { SeasonalPath, TickOffset } from "./seasonal-path.ts";

export interface Carrying {
  /** Share of an error that is taken up. */
  readonly share: number;
  /** What is left of it after a tick. */
  readonly kept: number;
}

const SHARES = [0.05, 0.1, 0.2, 0.4, 0.7, 1];
/** In seasons. */
const HALF_LIVES = [0.25, 1, 4, 100];
const NOTHING: Carrying = { share: 0, kept: 0 };

/**
 * A level that is drawn back to 0, the state-space form of errors that are autoregressive with noise on top: Hyndman,
 * Koehler, Ord & Snyder, Forecasting with Exponential Smoothing, 2008, section 2.5. `offset` is what the regression says.
 */
export function carriedPath(values: Float64Array, given: { offset: TickOffset; carrying: Carrying }): SeasonalPath {
  const { offset, carrying } = given;
  let level = 0;
  const levels = values.map((value, tick) => {
    level *= carrying.kept;
    const error = value - offset(tick) - level;
    if (!Number.isNaN(error)) level += carrying.share * error;
    return level;
  });
  return { levels, kept: carrying.kept, trends: new Float64Array(0), damping: 1, seasons: [], offset };
}

/** The one of the smallest loss. */
export function chooseCarrying(history: RecentHistory, offset: TickOffset): Carrying {
  const { values, season } = history;
  const choices = SHARES.flatMap((share) =>
    HALF_LIVES.map((halfLife): Carrying => ({ share, kept: 0.5 ** (1 / (halfLife * season)) })),
  );
  const losses = [NOTHING, ...choices].map((carrying) => ({
    carrying,
    loss: pathLoss(history, carriedPath(values, { offset, carrying })),
  }));
  return losses.reduce((best, each) => (each.loss < best.loss ? each : best)).carrying;
}
