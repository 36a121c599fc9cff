// Forecasts of an encyclopedia page with play-offs as known events, scored as the anchors of forecasting are.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import type { ForecastModel } from "../src/forecast/forecast-model.ts";
import { type ExternalEvent, externalEvent } from "../src/model/event.ts";
import { LEVEL_COUNT, levelIndex } from "../src/model/forecast.ts";
import { DAY_MS, instant, timeGrid } from "../src/model/time.ts";

const FOLDER = resolve("../shared/data/forecast-anchors/web");
const START = instant(Date.UTC(2007, 11, 10));
const LEVELS = [0.1, 0.5, 0.8, 0.9, 0.95, 0.99] as const;
const ORIGINS = Array.from({ length: 25 }, (_, index) => 2214 + 30 * index);
const HORIZON_DAYS = 30;

export const HAS_PEYTON_MANNING = existsSync(FOLDER);

export interface PageViews {
  /** Views a day. */
  readonly views: Float64Array;
  readonly events: readonly ExternalEvent[];
}

export function readPageViews(): PageViews {
  const rows = (text: string): string[][] =>
    text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const logs = rows(gunzipSync(readFileSync(`${FOLDER}/peyton.csv.gz`)).toString());
  const events = rows(readFileSync(`${FOLDER}/peyton-events.csv`, "utf8"));
  return {
    views: Float64Array.from(logs, ([, log]) => Math.exp(Number(log))),
    events: events.map(([start = "", end = "", name = ""], index) =>
      externalEvent({
        id: `event-${index}`,
        kind: "news",
        name,
        start: instant(Date.parse(start)),
        end: instant(Date.parse(end)),
        announced: START,
      }),
    ),
  };
}

/** Weighted quantile loss on views: over all days, over those of an event, and the same on the first half of the origins. */
export interface EventScore {
  readonly all: number;
  readonly event: number;
  readonly allEarly: number;
  readonly eventEarly: number;
}

/** `log`: the model sees ln(views), and its quantiles are raised again. */
export interface ScoreChoice {
  readonly data: PageViews;
  readonly log: boolean;
  readonly withEvents: boolean;
}

export function scorePageViews(model: ForecastModel, choice: ScoreChoice): EventScore {
  const days = ORIGINS.flatMap((origin, index) =>
    scoreOrigin(model, { ...choice, origin }).map((day) => ({ ...day, early: index <= ORIGINS.length / 2 })),
  );
  const wqlOf = (chosen: readonly DayScore[]): number =>
    chosen.reduce((sum, { loss }) => sum + loss, 0) / chosen.reduce((sum, { views }) => sum + views, 0);
  const early = days.filter((day) => day.early);
  return {
    all: wqlOf(days),
    event: wqlOf(days.filter(({ isEvent }) => isEvent)),
    allEarly: wqlOf(early),
    eventEarly: wqlOf(early.filter(({ isEvent }) => isEvent)),
  };
}

interface DayScore {
  /** Mean over the levels of twice the pinball loss. */
  readonly loss: number;
  readonly views: number;
  readonly isEvent: boolean;
}

function scoreOrigin(model: ForecastModel, choice: ScoreChoice & { origin: number }): DayScore[] {
  const { log, withEvents, origin } = choice;
  const { views, events } = choice.data;
  const values = views.slice(0, origin).map((view) => (log ? Math.log(view) : view));
  const grid = timeGrid({ startMs: START, stepMs: DAY_MS, length: origin });
  const windows = Array.from({ length: HORIZON_DAYS }, (_, from) => ({ from, ticks: 1 }));
  const quantiles = model.fit([{ grid, values, events: withEvents ? events : [] }]).predict(0, windows);
  return windows.map(({ from }) => {
    const actual = views[origin + from] as number;
    const at = START + (origin + from) * DAY_MS;
    const losses = LEVELS.map((level) => {
      const quantile = quantiles[from * LEVEL_COUNT + levelIndex(level)] as number;
      const error = actual - (log ? Math.exp(quantile) : quantile);
      return 2 * Math.max(level * error, (level - 1) * error);
    });
    return {
      loss: losses.reduce((sum, loss) => sum + loss, 0) / LEVELS.length,
      views: actual,
      isEvent: events.some(({ start, end }) => at >= start && at < end),
    };
  });
}
