// Prophet for many series: a whole refit with the quantiles that a tick asks for, our optimizer against Stan's on the
// same fits, and what each choice is worth on a series with events.
import { stanOptimizer } from "../src/adapters/stan/stan-optimizer.ts";
import type { KnownSeries, Window } from "../src/forecast/forecast-model.ts";
import { prophetModel } from "../src/forecast/models/prophet-model.ts";
import { buildDesign, TREND_SETTING } from "../src/forecast/prophet/build-design.ts";
import { calendarSeasons, PROPHET_CALENDAR } from "../src/forecast/prophet/calendar-seasons.ts";
import { EVENT_SETTING } from "../src/forecast/prophet/event-terms.ts";
import { exactPoint } from "../src/forecast/prophet/exact-optimizer.ts";
import { stanData, startOf } from "../src/forecast/prophet/fit-prophet.ts";
import { ticksOf } from "../src/forecast/prophet/known-rows.ts";
import { logPosterior } from "../src/forecast/prophet/log-posterior.ts";
import type { ProphetSettings } from "../src/forecast/prophet/prophet-settings.ts";
import { type SeededRandom, seededRandom } from "../src/model/seeded-random.ts";
import { DAY_MS, MINUTE_MS, timeGrid } from "../src/model/time.ts";
import { median } from "./medians.ts";
import { HAS_PEYTON_MANNING, readPageViews, scorePageViews } from "./peyton-manning.ts";

const SERIES = 5_000;
const COMPARED = 25;
const STEP_MS = 30 * MINUTE_MS;
const TICKS_A_DAY = DAY_MS / STEP_MS;
const GRID = timeGrid({ startMs: Date.UTC(2026, 0, 5), stepMs: STEP_MS, length: 28 * TICKS_A_DAY });
const GAPPY_SHARE = 0.1;
const SEED = 1;
/** The next tick, and the peak of each of the 24 hours ahead. */
const WINDOWS: readonly Window[] = [
  { from: 0, ticks: 1 },
  ...Array.from({ length: 24 }, (_, hour) => ({ from: 2 * hour, ticks: 2 })),
];

const AS_PUBLISHED: Partial<ProphetSettings> = { trend: TREND_SETTING, seasons: PROPHET_CALENDAR };

export async function benchProphet(): Promise<void> {
  console.log(`# prophet, ${GRID.length} points (4 weeks at 30 min), daily + weekly season, one thread, seed ${SEED}`);
  refit("Prophet's trend and seasons", AS_PUBLISHED);
  refit("ours as it serves", {});
  compareOptimizers();
  eventChoices();
}

function refit(name: string, settings: Partial<ProphetSettings>): void {
  const random = seededRandom(SEED);
  const known = Array.from({ length: SERIES }, (_, index) => synthetic(random, index < SERIES * GAPPY_SHARE));
  const [begin, busy] = [performance.now(), process.cpuUsage()];
  const fitted = prophetModel(settings).fit(known);
  const fitting = process.cpuUsage(busy);
  let silent = 0;
  for (let index = 0; index < SERIES; index++) if (fitted.predict(index, WINDOWS).some(Number.isNaN)) silent++;
  const whole = process.cpuUsage(busy);
  const elapsed = (performance.now() - begin) / 1000;
  const cpuSeconds = ({ user, system }: NodeJS.CpuUsage): string => ((user + system) / 1e6).toFixed(1);
  console.log(
    `${SERIES} series, ${name}: ${cpuSeconds(whole)} CPU s, of which fits ${cpuSeconds(fitting)}, the rest quantiles of ` +
      `${WINDOWS.length} windows each; ${elapsed.toFixed(1)} s elapsed; ${silent} without an answer`,
  );
}

/** Level, day, week, drift and errors that come in runs; some with a day missing. */
function synthetic(random: SeededRandom, gappy: boolean): KnownSeries {
  const [level, drift] = [1 + 9 * random.next(), random.normal() * 0.3];
  const [day, week, phase] = [random.next(), random.next() * 0.3, random.next() * 2 * Math.PI];
  let error = 0;
  const values = Float64Array.from({ length: GRID.length }, (_, tick) => {
    error = 0.7 * error + 0.1 * random.normal();
    const turn = (2 * Math.PI * tick) / TICKS_A_DAY;
    const season = day * Math.max(Math.sin(turn + phase), -0.3) + week * Math.sin(turn / 7);
    return level * Math.exp((drift * tick) / GRID.length + season + error);
  });
  if (gappy) values.fill(Number.NaN, ...gap(random));
  return { grid: GRID, values, events: [] };
}

function gap(random: SeededRandom): [number, number] {
  const from = random.below(GRID.length - TICKS_A_DAY);
  return [from, from + TICKS_A_DAY];
}

function compareOptimizers(): void {
  const random = seededRandom(SEED).fork("compared");
  const moments = ticksOf(GRID, { from: 0, count: GRID.length });
  const terms = calendarSeasons(moments, PROPHET_CALENDAR);
  const [ours, stans, better]: [number[], number[], number[]] = [[], [], []];
  for (let index = 0; index < COMPARED; index++) {
    const values = synthetic(random, false).values.map(Math.log1p);
    const begin = performance.now();
    const design = buildDesign({ moments, terms, trend: TREND_SETTING });
    const data = stanData(design, values);
    if (design.sums === undefined) throw new Error("a linear trend with additive terms is solved exactly");
    const exact = exactPoint(design.sums, data.y);
    const middle = performance.now();
    const found = stanOptimizer.optimize(data, startOf(data));
    const end = performance.now();
    ours.push(middle - begin);
    stans.push(end - middle);
    if (found.ok) better.push(logPosterior(data, exact) - logPosterior(data, found.value));
  }
  const ratio = median(stans.map((time, index) => time / (ours[index] ?? 1)));
  console.log(
    `one fit, median of ${COMPARED}: ours with its design ${median(ours).toFixed(1)} ms, Stan ${median(stans).toFixed(0)} ms, ` +
      `Stan / ours ${ratio.toFixed(0)}; log posterior, ours less Stan's: least ${Math.min(...better).toFixed(4)}, ` +
      `median ${median(better).toFixed(4)}, most ${Math.max(...better).toFixed(4)} (${COMPARED - better.length} not found by Stan)`,
  );
}

function eventChoices(): void {
  if (!HAS_PEYTON_MANNING) {
    console.log("# events: left out, since the page views of the anchors are not there");
    return;
  }
  console.log("# Peyton Manning, WQL on views, 25 origins, 30 days: all days / event days (on the first 13 origins)");
  const data = readPageViews();
  const flat = { ...TREND_SETTING, growth: "flat" } as const;
  const rows: [string, Partial<ProphetSettings>, { log: boolean; withEvents: boolean }][] = [
    ["as it serves, sees views", {}, { log: false, withEvents: true }],
    ["as it serves, no events", {}, { log: false, withEvents: false }],
    ["sees ln(views)", { values: "plain" }, { log: true, withEvents: true }],
    ["  flat trend", { values: "plain", trend: flat }, { log: true, withEvents: true }],
    [
      "  event prior scale 0.1",
      { values: "plain", events: { ...EVENT_SETTING, priorScale: 0.1 } },
      { log: true, withEvents: true },
    ],
    [
      "  event prior scale 100",
      { values: "plain", events: { ...EVENT_SETTING, priorScale: 100 } },
      { log: true, withEvents: true },
    ],
    ["  no level of last errors", { values: "plain", levelKeep: 1 }, { log: true, withEvents: true }],
    [
      "  Prophet's normal noise",
      { ...AS_PUBLISHED, values: "plain", noise: "normal" },
      { log: true, withEvents: true },
    ],
    ["  the same, no events", { ...AS_PUBLISHED, values: "plain", noise: "normal" }, { log: true, withEvents: false }],
  ];
  for (const [name, settings, choice] of rows) {
    const { all, event, allEarly, eventEarly } = scorePageViews(prophetModel(settings), { data, ...choice });
    const [now, early] = [
      [all, event],
      [allEarly, eventEarly],
    ].map((pair) => pair.map((wql) => wql.toFixed(3)).join(" / "));
    console.log(`${name.padEnd(28)} ${now} (${early})`);
  }
}
