import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { DAY_MS, HOUR_MS } from "../../../model/time.ts";
import { MISSING_CODE } from "./amount-code.ts";
import { dayOf, hoursOfDay, mergedDay, packDay, unpackDay, type VmDay } from "./vm-day.ts";

const codes = fc.array(fc.oneof(fc.nat(65_534), fc.constant(MISSING_CODE)), {
  minLength: RESOURCE_COUNT,
  maxLength: RESOURCE_COUNT,
});
const rowsArbitrary = fc.array(fc.record({ offset: fc.integer({ min: 1, max: DAY_MS }), codes }), { maxLength: 60 });
type Rows = readonly { readonly offset: number; readonly codes: readonly number[] }[];

function dayWith(rows: Rows): VmDay {
  return {
    offsets: Uint32Array.from(rows, ({ offset }) => offset),
    codes: Array.from({ length: RESOURCE_COUNT }, (_, column) =>
      Uint16Array.from(rows, (row) => row.codes[column] ?? 0),
    ),
  };
}

const lastOfEach = (rows: Rows): Rows =>
  [...new Map(rows.map((row) => [row.offset, row])).values()].sort((one, other) => one.offset - other.offset);

const hoursAmong = (rows: Rows): readonly number[] => [
  ...new Set(lastOfEach(rows).map(({ offset }) => Math.ceil(offset / HOUR_MS))),
];

test("a day comes back as it was", () => {
  const property = fc.property(rowsArbitrary, (rows) => {
    const day = dayWith(lastOfEach(rows));
    expect(unpackDay(packDay(day))).toEqual(day);
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

test("of two samples of one instant the later one stands, within a part and between parts", () => {
  const property = fc.property(fc.array(rowsArbitrary, { maxLength: 4 }), (parts) => {
    expect(mergedDay(parts.map(dayWith))).toEqual(dayWith(lastOfEach(parts.flat())));
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

test("an hour is the largest of its samples, at its end, and hours of hours are the same", () => {
  const property = fc.property(rowsArbitrary, (rows) => {
    const hours = hoursOfDay(dayWith(rows));
    const expected = hoursAmong(rows);
    expect([...hours.offsets]).toEqual(expected.map((hour) => hour * HOUR_MS));
    expect(hoursOfDay(hours)).toEqual(hours);
    for (const [place, hour] of expected.entries()) {
      const inside = rows.filter(({ offset }) => Math.ceil(offset / HOUR_MS) === hour);
      const largest = Math.max(...inside.map((row) => row.codes[0] ?? 0).filter((code) => code !== MISSING_CODE), -1);
      expect(hours.codes[0]?.[place]).toBe(largest < 0 ? MISSING_CODE : largest);
    }
  });
  fc.assert(property, { seed: 1, numRuns: 200 });
});

test("midnight belongs to the day that it ends", () => {
  expect([1, DAY_MS, DAY_MS + 1, 0, -1].map(dayOf)).toEqual([0, 0, 1, -1, -1]);
});

test("a day of regular samples that hardly move takes a few hundred bytes", () => {
  const rows = Array.from({ length: 288 }, (_, tick) => ({
    offset: (tick + 1) * 300_000,
    codes: [1000 + (tick % 7), 40_000, 0, MISSING_CODE],
  }));
  expect(packDay(dayWith(rows)).length).toBeLessThan(400);
});
