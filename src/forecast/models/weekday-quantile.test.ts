import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { knownSeries, rowOf } from "./demand-series.arbitrary.ts";
import { weekdayQuantile } from "./weekday-quantile.ts";

/** From a Monday on: 10 and the hour on working days, 1 at the weekend. */
const office = (length: number) =>
  knownSeries({
    stepMs: HOUR_MS,
    length,
    value: (tick) => (Math.floor((tick * HOUR_MS) / DAY_MS) % 7 >= 5 ? 1 : 10 + (tick % 24)),
  });
const noonOf = (days: number) => ({ from: days * 24 + 12, ticks: 1 });

test("a Monday is like the Friday before it, a Saturday like the weekend before", () => {
  const fitted = weekdayQuantile("grid").fit([office(3 * 7 * 24)]);
  const [monday, saturday] = [noonOf(0), noonOf(5)];
  expect(rowOf(fitted.predict(0, [monday]))[0.5]).toBe(22);
  expect(rowOf(fitted.predict(0, [monday]))[0.05]).toBeGreaterThan(20);
  expect(rowOf(fitted.predict(0, [saturday]))[0.998]).toBe(1);
});

test("all days serve while none of the kind is known; without any it is silent", () => {
  const saturday = { from: 12, ticks: 1 };
  expect(
    rowOf(
      weekdayQuantile("grid")
        .fit([office(5 * 24)])
        .predict(0, [saturday]),
    )[0.5],
  ).toBeCloseTo(22, 0);
  expect(
    rowOf(
      weekdayQuantile("grid")
        .fit([office(12)])
        .predict(0, [saturday]),
    )[0.5],
  ).toBeNaN();
});
