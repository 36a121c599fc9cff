import fc from "fast-check";
import { expect, test } from "vitest";
import { readDemand } from "../demand-history.ts";
import { countOf, LATE, TOO_LATE } from "./demand-records.ts";
import { at, DAY, fedEngine, HOUR } from "./fed-engine.arbitrary.ts";
import { strikeOut } from "./late-samples.ts";
import { ABSURD } from "./sample-kind.ts";

const gap = Number.NaN;
const historyOf = ({ engine }: ReturnType<typeof fedEngine>) =>
  Array.from({ length: engine.tick }, (_, tick) => readDemand(engine.history, 0, tick));

test("a late sample takes its place in the history, and the last one for a tick stands", () => {
  const fed = fedEngine();
  for (const demand of [1, 2, gap, 4]) fed.see({ demand });
  expect(historyOf(fed)).toEqual([1, 2, 2, 4]);
  fed.see({
    demand: 5,
    late: [
      { ticksAgo: 2, demand: 9 },
      { ticksAgo: 2, demand: 3 },
    ],
  });
  expect(historyOf(fed)).toEqual([1, 2, 3, 4, 5]);
  expect([fed.engine.samples[0], countOf(fed.engine.records, 0, LATE)]).toEqual([5, 2]);
});

test("older than a day, of the future, before the first sample or absurd: left out and counted", () => {
  const fed = fedEngine();
  for (const demand of [gap, 1, 1]) fed.see({ demand });
  for (let tick = 0; tick < 2 * DAY; tick++) fed.see({ demand: 1 });
  const before = historyOf(fed);
  const late = [DAY + 1, 2 * DAY + 3, 0, -4].map((ticksAgo) => ({ ticksAgo, demand: 7 }));
  fed.see({ demand: 1, late: [...late, { ticksAgo: 1, demand: -7 }, { ticksAgo: 1, demand: gap }] });
  expect(historyOf(fed).slice(0, -1)).toEqual(before);
  const { records } = fed.engine;
  expect([LATE, TOO_LATE, ABSURD].map((counter) => countOf(records, 0, counter))).toEqual([0, 4, 2]);
});

test("a source that is always an hour late is forecast all the same", () => {
  const fed = fedEngine();
  let row: number[] = [];
  for (let tick = 0; tick < DAY; tick++) {
    const late = tick >= HOUR ? [{ ticksAgo: HOUR, demand: 3 }] : [];
    row = fed.see({ demand: gap, late });
  }
  expect(fed.engine.samples[0]).toBe(DAY - HOUR);
  expect(at(row, 0.9)).toBeCloseTo(3, 1);
});

test("within an hour the scale knows a late sample, and forgets it when it is struck out", () => {
  const fed = fedEngine();
  for (let tick = 0; tick < 2 * DAY; tick++) fed.see({ demand: 1 });
  fed.see({ demand: 1, late: [{ ticksAgo: 30, demand: 6 }] });
  const anHourLater = () => {
    for (let tick = 0; tick < HOUR; tick++) fed.see({ demand: 1 });
    return fed.engine.largest[0];
  };
  expect(anHourLater()).toBe(6);
  strikeOut(fed.engine, { series: 0, from: 2 * DAY - 30, to: 2 * DAY - 29 });
  expect([...new Set(historyOf(fed))]).toEqual([1]);
  expect(anHourLater()).toBe(1);
});

test("whatever is struck out, the rest stays and the history holds nothing that was not in it", () => {
  const demand = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(demand, fc.integer({ min: -20, max: 80 }), fc.nat({ max: 80 }), (values, from, length) => {
      const fed = fedEngine();
      for (const value of values) fed.see({ demand: value });
      strikeOut(fed.engine, { series: 0, from, to: from + length });
      const after = historyOf(fed);
      for (const [tick, value] of after.entries()) {
        expect(values).toContain(value);
        if (tick < from || tick >= from + length) expect(value).toBe(values[tick]);
      }
    }),
    { seed: 1 },
  );
});
