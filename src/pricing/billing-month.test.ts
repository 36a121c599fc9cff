import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, instant, iso } from "../model/time.ts";
import { type BillingMonth, billingMonth, monthAt, monthBefore } from "./billing-month.ts";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Pacific/Apia",
  "America/St_Johns",
];

function month(name: string, zone: string): BillingMonth {
  const found = billingMonth(name, zone);
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}

const spanOf = (name: string, zone: string) => {
  const { from, to } = month(name, zone);
  return [iso(from).slice(0, 16), iso(to).slice(0, 16), (to - from) / HOUR_MS];
};

test("months begin at local midnight, and those in which clocks change are an hour off", () => {
  expect(spanOf("2026-03", "UTC")).toEqual(["2026-03-01T00:00", "2026-04-01T00:00", 744]);
  expect(spanOf("2026-03", "Europe/Berlin")).toEqual(["2026-02-28T23:00", "2026-03-31T22:00", 743]);
  expect(spanOf("2026-10", "Europe/Berlin")).toEqual(["2026-09-30T22:00", "2026-10-31T23:00", 745]);
  expect(spanOf("2026-11", "America/New_York")).toEqual(["2026-11-01T04:00", "2026-12-01T05:00", 721]);
  expect(spanOf("2028-02", "UTC")[2]).toBe(29 * 24);
});

test("where midnight is no whole hour of UTC, the next one counts", () => {
  expect(spanOf("2026-03", "Asia/Kolkata")).toEqual(["2026-02-28T19:00", "2026-03-31T19:00", 744]);
});

test("every hour lies in one month, and months follow one another", () => {
  const hour = fc.integer({ min: Date.UTC(1990, 0) / HOUR_MS, max: Date.UTC(2100, 0) / HOUR_MS });
  const law = fc.property(hour, fc.constantFrom(...ZONES), (at, zone) => {
    const found = monthAt(instant(at * HOUR_MS), zone);
    expect(found.from % HOUR_MS).toBe(0);
    expect(month(found.name, zone)).toEqual(found);
    expect(monthBefore(found).to).toBe(found.from);
    expect(monthAt(instant(found.to - 1), zone)).toEqual(found);
  });
  fc.assert(law, { seed: 1 });
});

test("what is no month or no zone is refused", () => {
  const bad = [billingMonth("2026-13", "UTC"), billingMonth("March", "UTC"), billingMonth("2026-03", "Mars/Olympus")];
  expect(bad.map((each) => each.ok)).toEqual([false, false, false]);
});
