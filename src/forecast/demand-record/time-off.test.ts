import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { at, DAY, type FedTick, fedEngine, HOUR, pinballLoss, sumOf } from "./fed-engine.arbitrary.ts";
import { strikeOut } from "./late-samples.ts";
import { MARKS } from "./sample-kind.ts";

const off: FedTick = { demand: 0, marks: MARKS.off };

/** Rows forecast before each tick of 14 days around 1 that pause at noon of day 9 for `hours`. */
function pausedAt(hours: number, paused: FedTick) {
  const from = 9 * DAY + 144;
  const { see } = fedEngine();
  const random = seededRandom(6);
  let row: number[] = [];
  const ticks = Array.from({ length: 14 * DAY }, (_, tick) => {
    const demand = 1 + 0.3 * Math.sin((2 * Math.PI * tick) / DAY) + 0.2 * random.next();
    const forecast = row;
    row = see(tick >= from && tick < from + hours * HOUR ? paused : { demand });
    return { demand, forecast };
  });
  return { ticks, from, to: from + hours * HOUR };
}

const lossOf = (run: ReturnType<typeof pausedAt>, part: { from: number; to: number }) =>
  sumOf(run.ticks.slice(run.to + part.from, run.to + part.to).map((each) => pinballLoss(each.forecast, each.demand)));

test("nothing is expected of a machine that is off", () => {
  const { ticks, from, to } = pausedAt(3, off);
  for (let tick = from + 1; tick <= to; tick++) expect(ticks[tick]?.forecast.every((value) => value === 0)).toBe(true);
});

test.each([2, 9, 60])(
  "after %i hours off the forecast is the one of before, far better than after as many zeros",
  (hours) => {
    const [told, zeros] = [pausedAt(hours, off), pausedAt(hours, { demand: 0 })];
    const usual = pausedAt(0, off);
    const days = { from: 2, to: 3 * DAY };
    expect(lossOf(told, days)).toBeLessThan(0.9 * lossOf(zeros, days));
    const same = (run: typeof usual) =>
      sumOf(run.ticks.slice(told.to + DAY, told.to + 3 * DAY).map((each) => pinballLoss(each.forecast, each.demand)));
    expect(same(told)).toBeLessThan(1.05 * same(usual));
  },
);

test("the longer it was off, the more careful the first forecast; after some hours it is as ever", () => {
  // Bursts until three days ago: the last week knows them, the last day does not.
  const bursts = (hours: number) => {
    const { see } = fedEngine();
    for (let tick = 0; tick < 8 * DAY; tick++) see({ demand: tick < 5 * DAY && tick % 20 === 0 ? 8 : 1 });
    for (let tick = 0; tick < hours * HOUR; tick++) see(off);
    const first = see({ demand: 1 });
    let later = first;
    for (let tick = 0; tick < 5 * HOUR; tick++) later = see({ demand: 1 });
    return { first: at(first, 0.998), later: at(later, 0.998), median: at(first, 0.5) };
  };
  const [none, short, long] = [0, 6, 24].map(bursts);
  expect(short?.first).toBeGreaterThan(1.02 * (none?.first ?? 0));
  expect(long?.first).toBeGreaterThan(1.02 * (short?.first ?? 0));
  expect(long?.later).toBeLessThan(1.05 * (none?.later ?? 0));
  expect(long?.median).toBeCloseTo(none?.median ?? Number.NaN, 1);
});

test("a load test that is not to be learned from leaves no trace in the history, said before or after", () => {
  const run = (marks: number) => {
    const { engine, see } = fedEngine();
    for (let tick = 0; tick < 3 * DAY; tick++) {
      const isTest = tick >= 2 * DAY && tick < 2 * DAY + 30;
      see({ demand: isTest ? 50 : 1 + (tick % DAY) / DAY, marks: isTest ? marks : 0 });
    }
    return engine;
  };
  const [before, after, never] = [run(MARKS.excluded), run(0), run(0)];
  strikeOut(after, { series: 0, from: 2 * DAY, to: 2 * DAY + 30 });
  expect(after.history.codes).toEqual(before.history.codes);
  expect([before, never].map(({ largest }) => (largest[0] ?? 0) < 2)).toEqual([true, false]);
});

test("a range from which nothing is learned costs no accuracy; learning from it does", () => {
  const [told, learned] = [MARKS.excluded, 0].map((marks) => pausedAt(3, { demand: 9, marks }));
  const day = { from: 2, to: DAY };
  expect(told && lossOf(told, day)).toBeLessThan(0.7 * (learned ? lossOf(learned, day) : 0));
});

test("with less than a day of history a pause repeats all that there is", () => {
  const { engine, see } = fedEngine();
  for (const demand of [1, 2, 3]) see({ demand });
  for (let tick = 0; tick < 5; tick++) see(off);
  const copy = fedEngine();
  for (const demand of [1, 2, 3, 1, 2, 3, 1, 2]) copy.see({ demand });
  expect(engine.history.codes).toEqual(copy.engine.history.codes);
});
