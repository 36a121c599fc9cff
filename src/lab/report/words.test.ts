import { expect, test } from "vitest";
import { micros } from "../../model/money.ts";
import { GIBIBYTE } from "../../model/units.ts";
import {
  amount,
  amountWithUnit,
  axisLabels,
  clockTime,
  count,
  date,
  decimal,
  duration,
  money,
  price,
  ratio,
  ratioOrNever,
  roundShare,
  share,
  weekday,
} from "./words.ts";

/** With the hard and thin spaces made plain, so that an expectation can be read. */
function plain(text: string): string {
  return text.replaceAll("\u00a0", " ").replaceAll("\u202f", "'");
}

test("numbers have thin thousands and a real minus, and no minus at zero", () => {
  expect([1234567.25, -1234.5, -0.001, 999].map((value) => plain(decimal(value, 1)))).toEqual([
    "1'234'567.3",
    "\u22121'234.5",
    "0.0",
    "999.0",
  ]);
});

test("a ratio has three figures, and may be never", () => {
  expect([1.194, 9.996, 20.49, 312.4].map(ratio)).toEqual(["1.19", "10.0", "20.5", "312"]);
  expect([ratioOrNever(1.5), ratioOrNever(null), ratioOrNever(undefined)]).toEqual(["1.50", "never", "never"]);
});

test("a measured share is never rounded to nothing", () => {
  expect([0, 0.00001, 0.0101, 0.123].map((value) => plain(share(value)))).toEqual([
    "0 %",
    "<0.01 %",
    "1.01 %",
    "12.3 %",
  ]);
  expect([0.01, 0.005, 0.2, 1 - 0.99].map((value) => plain(roundShare(value)))).toEqual([
    "1 %",
    "0.5 %",
    "20 %",
    "1 %",
  ]);
});

test("amounts are in the units that people use", () => {
  expect([0, 0.02, 0.7, 34.2].map((value) => amount("cpu", value))).toEqual(["0.0", "<0.1", "0.7", "34"]);
  expect(amount("cpu", -3)).toBe("\u22123.0");
  expect([0, 0.5, 16, 16.25].map((gib) => plain(amountWithUnit("memory", gib * GIBIBYTE)))).toEqual([
    "0 GiB",
    "512 MiB",
    "16 GiB",
    "16.3 GiB",
  ]);
  expect(plain(amountWithUnit("storage", 12_345e6))).toBe("12'345 MB/s");
});

test("the labels of an axis have the same decimals", () => {
  expect(axisLabels([0, 0.25, 0.5])).toEqual(["0", "0.25", "0.50"]);
  expect(axisLabels([0, 5, 10])).toEqual(["0", "5", "10"]);
});

test("money drops cents when they no longer matter, prices keep what they have", () => {
  expect(plain(money(micros(81_400_000), "EUR"))).toBe("€ 81.40");
  expect(plain(money(micros(-67_543_210_000), "USD"))).toBe("$ \u221267'543");
  expect(plain(money(micros(0), "CHF"))).toBe("CHF 0.00");
  expect([30_000, 4_000, 1_500_000, 1].map((rate) => plain(price(micros(rate), "EUR")))).toEqual([
    "€ 0.03",
    "€ 0.004",
    "€ 1.50",
    "€ 0.000001",
  ]);
});

test("times are UTC, durations round", () => {
  const at = Date.UTC(2013, 7, 14, 3, 10);
  expect([date(at), weekday(at), clockTime(at)].map(plain)).toEqual(["14 Aug 2013", "Wed 14", "03:10"]);
  expect([15_000, 300_000, 12 * 3_600_000, 15.5 * 86_400_000].map((ms) => plain(duration(ms)))).toEqual([
    "15 s",
    "5 min",
    "12 h",
    "15.5 days",
  ]);
  expect([count(1, "VM"), count(2000, "row")].map(plain)).toEqual(["1 VM", "2'000 rows"]);
});
