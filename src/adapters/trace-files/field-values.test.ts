import fc from "fast-check";
import { expect, test } from "vitest";
import { amountOf, epochMs, timeMs } from "./field-values.ts";

test.each([
  "",
  " ",
  "-1",
  "-0.0",
  "+1",
  "NaN",
  "Infinity",
  "1e999",
  "0x10",
  "0b1",
  "0o7",
  "1,5",
  "1 2",
  "abc",
  ".",
  "e5",
])("%j is no amount", (text) => {
  expect(amountOf(text)).toBeNaN();
});

test("an amount reads as JavaScript writes it", () => {
  const notNegative = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(notNegative, (value) => amountOf(String(Math.abs(value))) === Math.abs(value)),
    { seed: 1 },
  );
  expect([amountOf("0"), amountOf("007.50"), amountOf(".5"), amountOf("1E3"), amountOf("5\t")]).toEqual([
    0, 7.5, 0.5, 1000, 5,
  ]);
});

test("every instant before 2100 is read back from ISO 8601, from seconds and from milliseconds", () => {
  const anInstant = fc.integer({ min: 1e11, max: Date.UTC(2100, 0, 1) - 1 });
  fc.assert(
    fc.property(anInstant, (at) => {
      expect(timeMs(new Date(at).toISOString())).toBe(at);
      expect(timeMs(String(at))).toBe(at);
      expect(epochMs(String(Math.floor(at / 1000)))).toBe(Math.floor(at / 1000) * 1000);
    }),
    { seed: 1 },
  );
});

test.each([
  ["2014-02-14 14:30:00", Date.UTC(2014, 1, 14, 14, 30)],
  ["2014-02-14", Date.UTC(2014, 1, 14)],
  ["2014-02-14T14:30", Date.UTC(2014, 1, 14, 14, 30)],
  ["2014-02-14T14:30:00.25Z", Date.UTC(2014, 1, 14, 14, 30, 0, 250)],
  ["2014-02-14T14:30:00+02:00", Date.UTC(2014, 1, 14, 12, 30)],
  ["2014-02-14T14:30:00-0530", Date.UTC(2014, 1, 14, 20, 0)],
  ["2016-02-29", Date.UTC(2016, 1, 29)],
])("%s is read as UTC unless it names a zone", (text, at) => {
  expect(timeMs(text)).toBe(at);
});

test.each([
  "2014-02-30",
  "2015-02-29",
  "2014-13-01",
  "2014-00-10",
  "2014-02-14T24:00:00Z",
  "2014-02-14T10:60:00Z",
  "0070-01-01",
  "1969-12-31T23:59:59Z",
  "2100-01-01",
  "4102444800",
  "4102444800000",
  "yesterday",
  "14/02/2014",
  "2014-02-14T10:00:00 Europe/Berlin",
])("%s is no time of a trace", (text) => {
  expect(timeMs(text)).toBeNaN();
});
