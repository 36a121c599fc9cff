// Trend, time of day and time of week as sines and cosines, fitted anew each day to the days before by ridge
// regression.
import { assert } from "../model/result.ts";
import { solvePositiveDefinite } from "./linear-system.ts";
import type { OneStepForecaster } from "./one-step-forecaster.ts";

export interface HarmonicSetting {
  readonly ticksPerDay: number;
  /** Pairs of cosine and sine with periods of a day, 1/2 day, 1/3 day ... */
  readonly dailyHarmonics: number;
  /** The same with a week, 1/2 week ...; at most 6, for the seventh is a day. */
  readonly weeklyHarmonics: number;
  /** Penalty on every coefficient but the mean: as if so many more ticks had said that it is 0. */
  readonly ridge: number;
  readonly historyDays: number;
}

/**
 * Regression on Fourier terms: Hyndman & Athanasopoulos, Forecasting: principles and practice, 3rd ed., section 7.4.
 * Until the first fit, at the end of the first day with a sample, the last value is the forecast. Samples are kept as
 * sums over blocks of about an hour and set against the means of the terms over the ticks of a block, so that a signal
 * made of these terms is found exactly; only where some samples of a block are unknown those means are near, not exact.
 * Terms too fast for the blocks are left out. The ridge, which the book does not have, keeps the weekly terms small
 * while less than a week is known. O(terms) a sample, one fit a day.
 */
export function harmonicRegression(setting: HarmonicSetting): OneStepForecaster {
  const { ticksPerDay } = setting;
  assert(setting.weeklyHarmonics < 7, `the seventh weekly harmonic is a day, got ${setting.weeklyHarmonics}`);
  assert(setting.ridge > 0, `without a ridge a short history does not fix all terms, got ${setting.ridge}`);
  const calendar = weekOfBlocks(setting);
  const history = blockHistory(setting);
  let fitted: Float64Array | undefined;
  let tick = 0;
  let expected = 0;

  const valueAt = (coefficients: Float64Array): number => {
    const trend = ((tick % ticksPerDay) + 0.5) / (ticksPerDay * setting.historyDays);
    const straight = (coefficients[0] as number) + (coefficients[1] as number) * trend;
    return straight + calendar.harmonicsAt(tick, coefficients);
  };
  const observe = (value: number): void => {
    history.observe(value, tick);
    tick++;
    if (tick % ticksPerDay === 0) {
      const week = foldToWeek({ calendar, history, daysSeen: tick / ticksPerDay, setting });
      fitted = regress({ calendar, week, ridge: setting.ridge }) ?? fitted;
    }
    if (fitted !== undefined) expected = valueAt(fitted);
    else if (!Number.isNaN(value)) expected = value;
  };
  const forecast = (): number => expected;
  return { forecast, observe };
}

interface WeekOfBlocks {
  readonly blocks: number;
  /** Mean, trend, then cosine and sine of each frequency. */
  readonly columns: number;
  /**
   * Column by column, for each block of a week the mean of the term over its ticks; 1 for the mean, 0 for the trend.
   */
  readonly terms: Float64Array;
  harmonicsAt(tick: number, coefficients: Float64Array): number;
}

const blocksPerDayOf = (ticksPerDay: number): number => Math.min(24, ticksPerDay);

function weekOfBlocks({ ticksPerDay, dailyHarmonics, weeklyHarmonics }: HarmonicSetting): WeekOfBlocks {
  const ticks = 7 * ticksPerDay;
  const blocks = 7 * blocksPerDayOf(ticksPerDay);
  const perWeek = [
    ...Array.from({ length: dailyHarmonics }, (_, index) => 7 * (index + 1)),
    ...Array.from({ length: weeklyHarmonics }, (_, index) => index + 1),
  ];
  const frequencies = Int32Array.from(perWeek.filter((frequency) => 2 * frequency < blocks));
  const columns = 2 + 2 * frequencies.length;
  const cosine = Float64Array.from({ length: ticks }, (_, phase) => Math.cos((2 * Math.PI * phase) / ticks));
  const sine = Float64Array.from({ length: ticks }, (_, phase) => Math.sin((2 * Math.PI * phase) / ticks));
  const terms = new Float64Array(columns * blocks).fill(1, 0, blocks);
  for (let phase = 0; phase < ticks; phase++) {
    const block = Math.floor((phase * blocks) / ticks);
    const ticksInBlock = Math.ceil(((block + 1) * ticks) / blocks) - Math.ceil((block * ticks) / blocks);
    for (let index = 0; index < frequencies.length; index++) {
      const turn = ((frequencies[index] as number) * phase) % ticks;
      const at = (2 + 2 * index) * blocks + block;
      terms[at] = (terms[at] as number) + (cosine[turn] as number) / ticksInBlock;
      terms[at + blocks] = (terms[at + blocks] as number) + (sine[turn] as number) / ticksInBlock;
    }
  }
  const harmonicsAt = (tick: number, coefficients: Float64Array): number => {
    const phase = tick % ticks;
    let value = 0;
    for (let index = 0; index < frequencies.length; index++) {
      const turn = (((frequencies[index] as number) * phase) % ticks) | 0;
      value += (coefficients[2 + 2 * index] as number) * (cosine[turn] as number);
      value += (coefficients[3 + 2 * index] as number) * (sine[turn] as number);
    }
    return value;
  };
  return { blocks, columns, terms, harmonicsAt };
}

interface BlockHistory {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  observe(value: number, tick: number): void;
}

/** Sums and counts of the last `historyDays` days in a ring of days. */
function blockHistory({ ticksPerDay, historyDays }: HarmonicSetting): BlockHistory {
  const blocksPerDay = blocksPerDayOf(ticksPerDay);
  const sums = new Float64Array(historyDays * blocksPerDay);
  const counts = new Float64Array(historyDays * blocksPerDay);
  const observe = (value: number, tick: number): void => {
    const ofDay = tick % ticksPerDay;
    const day = ((tick - ofDay) / ticksPerDay) % historyDays;
    const block = day * blocksPerDay + Math.floor((ofDay * blocksPerDay) / ticksPerDay);
    if (ofDay === 0) {
      sums.fill(0, block, block + blocksPerDay);
      counts.fill(0, block, block + blocksPerDay);
    }
    if (Number.isNaN(value)) return;
    sums[block] = (sums[block] as number) + value;
    counts[block] = (counts[block] as number) + 1;
  };
  return { sums, counts, observe };
}

/**
 * Normal equations of mean, trend (in histories, 0 at the end of the last day) and harmonics. Days a week apart share
 * their harmonics, so each block of the week enters once, with the sums over its days. Undefined while nothing is
 * known.
 */
function regress(given: { calendar: WeekOfBlocks; week: FoldedWeek; ridge: number }): Float64Array | undefined {
  const { calendar, week, ridge } = given;
  const { blocks, columns, terms } = calendar;
  const design = terms.slice();
  for (let block = 0; block < blocks; block++)
    design[blocks + block] = (week.trends[block] as number) / Math.max(week.counts[block] as number, 1);
  const matrix = new Float64Array(columns * columns);
  const right = new Float64Array(columns);
  const weighted = new Float64Array(blocks);
  for (let i = 0; i < columns; i++) {
    const column = design.subarray(i * blocks, (i + 1) * blocks);
    for (let block = 0; block < blocks; block++)
      weighted[block] = (column[block] as number) * (week.counts[block] as number);
    for (let j = 0; j <= i; j++) matrix[i * columns + j] = dot(weighted, design, j * blocks);
    right[i] = dot(week.sums, column, 0);
  }
  if ((matrix[0] as number) === 0) return undefined;
  matrix[columns + 1] = week.trendSquares;
  right[1] = week.trendSums;
  for (let i = 1; i < columns; i++) {
    const diagonal = i * columns + i;
    matrix[diagonal] = (matrix[diagonal] as number) + ridge;
  }
  return solvePositiveDefinite(matrix, right);
}

/** Four sums side by side, since each addition would else wait for the one before: fits take half the time. */
function dot(left: Float64Array, right: Float64Array, from: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let at = 0;
  for (; at + 3 < left.length; at += 4) {
    a += (left[at] as number) * (right[from + at] as number);
    b += (left[at + 1] as number) * (right[from + at + 1] as number);
    c += (left[at + 2] as number) * (right[from + at + 2] as number);
    d += (left[at + 3] as number) * (right[from + at + 3] as number);
  }
  for (; at < left.length; at++) a += (left[at] as number) * (right[from + at] as number);
  return a + b + (c + d);
}

interface FoldedWeek {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** Sum of the trend's regressor over the samples of each block. */
  readonly trends: Float64Array;
  trendSquares: number;
  trendSums: number;
}

/**
 * `daysSeen` whole days have passed; those of them that the history still holds are added up by their day of the week.
 */
function foldToWeek(given: {
  calendar: WeekOfBlocks;
  history: BlockHistory;
  daysSeen: number;
  setting: HarmonicSetting;
}): FoldedWeek {
  const { calendar, history, daysSeen, setting } = given;
  const blocksPerDay = blocksPerDayOf(setting.ticksPerDay);
  const counts = new Float64Array(calendar.blocks);
  const sums = new Float64Array(calendar.blocks);
  const trends = new Float64Array(calendar.blocks);
  const week: FoldedWeek = { counts, sums, trends, trendSquares: 0, trendSums: 0 };
  for (let day = Math.max(0, daysSeen - setting.historyDays); day < daysSeen; day++) {
    for (let block = 0; block < blocksPerDay; block++) {
      const from = (day % setting.historyDays) * blocksPerDay + block;
      const to = (day % 7) * blocksPerDay + block;
      const count = history.counts[from] as number;
      const sum = history.sums[from] as number;
      const trend = (day + (block + 0.5) / blocksPerDay - daysSeen) / setting.historyDays;
      counts[to] = (counts[to] as number) + count;
      sums[to] = (sums[to] as number) + sum;
      trends[to] = (trends[to] as number) + count * trend;
      week.trendSquares += count * trend * trend;
      week.trendSums += sum * trend;
    }
  }
  return week;
}
