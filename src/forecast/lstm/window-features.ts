// What a decoder of the network is told of one series and one window ahead, as numbers near 0..1 on the series' log scale:
// the last hours, the same window on former days and around it, quantiles of windows as long as this one, the clock, and what
// events and profile say. The rest comes from the history before the moment; a short one is said, and stands in for itself.
import { RESOURCES } from "../../model/resources.ts";
import { DAY_MS, HOUR_MS, WEEK_MS } from "../../model/time.ts";
import { copyDemandBits } from "../demand-history.ts";
import type { Window } from "../forecast-model.ts";
import { toLogScale } from "../log-scale.ts";
import type { Moment } from "../season-ticks.ts";
import { COVARIATE_COUNT, type WriteCovariates } from "../window-covariates.ts";
import {
  MEDIAN_OF_DAY,
  PEAK_QUANTILES,
  RECENT_PEAKS,
  type RecentPeaks,
  sortNumbers,
  writeAtLevels,
} from "./recent-peaks.ts";

const DAYS = 7;
const LAG_DAYS = [1, 2, 7] as const;
const RECENT_FEATURES = 17;
const SAME_TIME_FEATURES = 3 * LAG_DAYS.length + 3 + PEAK_QUANTILES + 1;
const CLOCK_FEATURES = 8;
const WINDOW_FEATURES = 3;
const HISTORY_FEATURES =
  RECENT_FEATURES + SAME_TIME_FEATURES + RECENT_PEAKS + CLOCK_FEATURES + WINDOW_FEATURES + 1 + RESOURCES.length;
/** Of a row; the covariates come last. */
export const OWN_FEATURES = HISTORY_FEATURES + COVARIATE_COUNT;

export interface FeatureQuestion {
  readonly moment: Moment;
  /** The instant at which tick `moment.next` starts. */
  readonly at: number;
  /** Place of the series' resource in RESOURCES. */
  readonly resource: number;
  /** Base units: the smallest demand worth telling from nothing. */
  readonly floor: number;
  readonly windows: readonly Window[];
  /** Of windows of so many ticks. */
  readonly peaksOf: (ticks: number) => RecentPeaks;
  /** Left out: neither events nor a profile are known. */
  readonly covariates?: WriteCovariates | undefined;
}

/** Writes OWN_FEATURES numbers for each window, one after the other, from `at` on. */
export function writeWindowFeatures(question: FeatureQuestion, values: Float32Array, at: number): void {
  const { moment, windows } = question;
  writeRecent(moment, values, at);
  for (let row = 0; row < windows.length; row++) {
    const window = windows[row] as Window;
    const asked = { question, window, recentPeaks: question.peaksOf(window.ticks) };
    const start = at + row * OWN_FEATURES;
    if (row > 0) values.copyWithin(start, at, at + RECENT_FEATURES);
    writeWindow(asked, values, start + RECENT_FEATURES);
    const covariatesAt = start + HISTORY_FEATURES;
    if (question.covariates === undefined) values.fill(0, covariatesAt, covariatesAt + COVARIATE_COUNT);
    else question.covariates(window, { values, at: covariatesAt, scale: moment.scale });
  }
}

interface AskedWindow {
  readonly question: FeatureQuestion;
  readonly window: Window;
  readonly recentPeaks: RecentPeaks;
}

function writeWindow(asked: AskedWindow, values: Float32Array, at: number): void {
  const { floor, resource: own } = asked.question;
  const { season, scale } = asked.question.moment;
  const { from, ticks } = asked.window;
  let place = writeSameTime(asked, values, at);
  for (let each = 0; each < RECENT_PEAKS; each++)
    values[place++] = toLogScale(asked.recentPeaks.quantiles[each] as number, scale);
  place = writeClock(asked, values, place);
  values[place++] = Math.log1p((12 * from) / season.hour) / 3;
  values[place++] = from / season.day;
  values[place++] = Math.log((12 * ticks) / season.hour) / 3;
  values[place++] = 0.1 * Math.log(scale / floor);
  for (let resource = 0; resource < RESOURCES.length; resource++) values[place++] = resource === own ? 1 : 0;
}

const scratch = new Float32Array(4_096);
const scratchBits = new Int32Array(scratch.buffer);

/** Largest and mean of the last quarter of an hour up to a day, the last values, and how rough the last 4 hours were. */
function writeRecent(moment: Moment, values: Float32Array, at: number): number {
  const { series, next, samples, season, scale, history } = moment;
  const { hour, day } = season;
  const count = Math.min(samples, day);
  copyDemandBits(history, { series, end: next, count }, { bits: scratchBits, at: 0 });
  const before = (back: number): number => scratch[count - Math.min(back, count)] as number;
  const ends = [hour / 4, hour / 2, hour, 2 * hour, 4 * hour, 8 * hour, day];
  let place = at;
  let largest = 0;
  let sum = 0;
  let back = 0;
  for (let span = 0; span < ends.length; span++) {
    const end = Math.max(1, Math.min(count, Math.round(ends[span] as number)));
    for (; back < end; back++) {
      const value = scratch[count - 1 - back] as number;
      if (value > largest) largest = value;
      sum += value;
    }
    values[place++] = toLogScale(largest, scale);
    if (span % 2 === 0) values[place++] = toLogScale(sum / back, scale);
  }
  for (const last of [1, 2, 3, hour / 2, hour]) values[place++] = toLogScale(before(Math.max(1, last)), scale);
  return writeRoughness(moment, values, place);
}

/** Mean step of the last 4 hours. */
function writeRoughness({ samples, season, scale }: Moment, values: Float32Array, at: number): number {
  const count = Math.min(samples, season.day);
  const steps = Math.min(count - 1, 4 * season.hour);
  let sum = 0;
  for (let back = 1; back <= steps; back++)
    sum += Math.abs((scratch[count - back] as number) - (scratch[count - 1 - back] as number));
  values[at] = toLogScale(steps > 0 ? sum / steps : 0, scale);
  return at + 1;
}

/** Peaks of windows near the same time, day by day. */
const pool = new Float32Array(4_096);
const poolBits = new Int32Array(pool.buffer);
/** By days back, from 1 on. */
const exact = new Float64Array(DAYS + 1);
const nearLargest = new Float64Array(DAYS + 1);
const nearMean = new Float64Array(DAYS + 1);

/** The same window on the last 7 days, exactly and within half an hour of it; where no day is known, the last day at any time. */
function writeSameTime(asked: AskedWindow, values: Float32Array, at: number): number {
  const { scale } = asked.question.moment;
  const days = readDays(asked);
  let place = at;
  for (const lag of LAG_DAYS) {
    values[place++] = toLogScale(exact[lag] as number, scale);
    values[place++] = toLogScale(nearLargest[lag] as number, scale);
    values[place++] = toLogScale(nearMean[lag] as number, scale);
  }
  values[place++] = toLogScale(days.mean, scale);
  values[place++] = toLogScale(days.largest, scale);
  values[place++] = toLogScale(medianOfDays(), scale);
  if (days.pooled > 0) writeAtLevels(sortNumbers(pool, days.pooled), { values, at: place });
  else values.set(asked.recentPeaks.quantiles.subarray(0, PEAK_QUANTILES), place);
  for (let each = 0; each < PEAK_QUANTILES; each++, place++) values[place] = toLogScale(values[place] as number, scale);
  values[place++] = days.known / DAYS;
  return place;
}

interface DaysRead {
  /** Days with such a window, and peaks of windows near it in `pool`. */
  readonly known: number;
  readonly pooled: number;
  readonly mean: number;
  readonly largest: number;
}

/** Fills `exact`, `nearLargest` and `nearMean`; days out of reach take the mean of the others. */
function readDays({ question: { moment }, window, recentPeaks }: AskedWindow): DaysRead {
  let pooled = 0;
  let known = 0;
  let sum = 0;
  let largest = 0;
  let day = 1;
  for (; day <= DAYS && day * moment.season.day - window.from <= moment.samples; day++) {
    pooled += readDay(moment, window, { day, place: pooled });
    known++;
    sum += exact[day] as number;
    largest = Math.max(largest, exact[day] as number);
  }
  const usual = recentPeaks.quantiles[MEDIAN_OF_DAY] as number;
  const mean = known > 0 ? sum / known : usual;
  for (; day <= DAYS; day++) exact[day] = nearLargest[day] = nearMean[day] = mean;
  return { known, pooled, mean, largest: known > 0 ? largest : usual };
}

/** Peaks of the windows that start within half an hour of this one, so many days ago, into `pool` from `place` on; returns their number. */
function readDay(moment: Moment, window: Window, { day, place }: { day: number; place: number }): number {
  const { series, next, samples, season, history } = moment;
  const start = next + window.from - day * season.day;
  const first = Math.max(start - season.halfHour, next - samples);
  const end = Math.min(start + window.ticks + season.halfHour, next);
  const count = end - first - window.ticks + 1;
  if (count <= 0) return emptyDay(day);
  if (window.ticks === 1) copyDemandBits(history, { series, end, count }, { bits: poolBits, at: place });
  else {
    copyDemandBits(history, { series, end, count: end - first }, { bits: scratchBits, at: 0 });
    peaksInto(place, count, window.ticks);
  }
  let sum = 0;
  let largest = 0;
  for (let each = place; each < place + count; each++) {
    const peak = pool[each] as number;
    sum += peak;
    if (peak > largest) largest = peak;
  }
  exact[day] = pool[place + Math.min(Math.max(start - first, 0), count - 1)] as number;
  nearLargest[day] = largest;
  nearMean[day] = sum / count;
  return count;
}

/** The largest of each `ticks` numbers in a row of the scratch. */
function peaksInto(place: number, count: number, ticks: number): void {
  for (let each = 0; each < count; each++) {
    let peak = scratchBits[each] as number;
    for (let tick = 1; tick < ticks; tick++) {
      const value = scratchBits[each + tick] as number;
      if (value > peak) peak = value;
    }
    poolBits[place + each] = peak;
  }
}

/** A window that reaches into the future on the day before: nothing of it is known. */
function emptyDay(day: number): number {
  exact[day] = nearLargest[day] = nearMean[day] = exact[day - 1] as number;
  return 0;
}

const inOrder = new Float64Array(DAYS);

/** By insertion: days are few. */
function medianOfDays(): number {
  for (let day = 0; day < DAYS; day++) {
    const value = exact[day + 1] as number;
    let place = day;
    for (; place > 0 && (inOrder[place - 1] as number) > value; place--) inOrder[place] = inOrder[place - 1] as number;
    inOrder[place] = value;
  }
  return inOrder[3] as number;
}

function writeClock({ question: { at, moment }, window }: AskedWindow, values: Float32Array, place: number): number {
  const middle = at + (window.from + window.ticks / 2) * (DAY_MS / moment.season.day);
  let next = place;
  for (const period of [DAY_MS, DAY_MS / 2, WEEK_MS, HOUR_MS]) {
    const angle = ((middle % period) / period) * 2 * Math.PI;
    values[next++] = Math.sin(angle);
    values[next++] = Math.cos(angle);
  }
  return next;
}
