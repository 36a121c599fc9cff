import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RESOURCES, UNLIMITED_AMOUNT } from "../model/resources.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../model/time.ts";
import { GIBIBYTE, MEBIBYTE } from "../model/units.ts";
import {
  amountText,
  amountWithUnit,
  axisNumber,
  countOf,
  durationText,
  exactAmount,
  isLimited,
  moneyText,
  ratioText,
  scaleOf,
  shareText,
  timeSeenFrom,
} from "./units.ts";

const spaced = (text: string): string => text.replaceAll("\u00a0", " ").replaceAll("\u202f", "'");

describe("amounts", () => {
  const cores = scaleOf("cpu", 61);

  test("cores have one decimal below twenty and none from there", () => {
    expect(spaced(amountWithUnit(0.7, cores))).toBe("0.7 cores");
    expect(spaced(amountWithUnit(1, cores))).toBe("1.0 core");
    expect(spaced(amountWithUnit(61.4, cores))).toBe("61 cores");
    expect(spaced(amountWithUnit(1728, cores))).toBe("1'728 cores");
  });

  test("a little is never shown as nothing", () => {
    expect(amountText(0.01, cores)).toBe("<0.1");
    expect(amountText(0, cores)).toBe("0.0");
  });

  test("memory is in MiB only while all of it is below one GiB, and all numbers of a sentence share the unit", () => {
    expect(spaced(amountWithUnit(512 * MEBIBYTE, scaleOf("memory", 512 * MEBIBYTE)))).toBe("512 MiB");
    expect(spaced(amountWithUnit(512 * MEBIBYTE, scaleOf("memory", 8 * GIBIBYTE)))).toBe("0.5 GiB");
    expect(spaced(amountWithUnit(0, scaleOf("memory", 0)))).toBe("0.0 GiB");
  });

  test("network and storage are in MB/s", () => {
    expect(spaced(amountWithUnit(4.2e6, scaleOf("network", 4.2e6)))).toBe("4.2 MB/s");
    expect(spaced(amountWithUnit(124e6, scaleOf("storage", 124e6)))).toBe("124 MB/s");
  });

  test("under the cursor there is one decimal below a hundred", () => {
    expect(spaced(exactAmount(61.44, cores))).toBe("61.4 cores");
    expect(spaced(exactAmount(589.2, cores))).toBe("589 cores");
  });

  test("what nobody limits is told apart from any real amount", () => {
    expect(isLimited(UNLIMITED_AMOUNT)).toBe(false);
    expect(isLimited(5 * UNLIMITED_AMOUNT)).toBe(false);
    expect(isLimited(1e18)).toBe(true);
  });

  test("every amount of every resource is short and has a unit", () => {
    const amount = fc.double({ min: 0, max: 1e15, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...RESOURCES), amount, (resource, value) => {
        const text = spaced(amountWithUnit(value, scaleOf(resource, value)));
        expect(text).toMatch(/^(<0\.1|\d{1,2}\.\d|\d{1,3}('\d{3})*) (cores?|GiB|MiB|MB\/s)$/);
      }),
      { seed: 1 },
    );
  });

  test("an axis shows no empty decimals", () => {
    expect([0, 0.25, 2.5, 20, 1500].map(axisNumber).map(spaced)).toEqual(["0", "0.25", "2.5", "20", "1'500"]);
  });
});

test("counts, shares, ratios and money", () => {
  expect(spaced(countOf(1, "VM"))).toBe("1 VM");
  expect(spaced(countOf(1728, "host tick"))).toBe("1'728 host ticks");
  expect([0, 0.00001, 0.0003, 0.0123, 0.9].map(shareText).map(spaced)).toEqual([
    "0 %",
    "<0.01 %",
    "0.03 %",
    "1.2 %",
    "90 %",
  ]);
  expect([1.25, 12.64].map(ratioText)).toEqual(["1.25", "12.6"]);
  expect(spaced(moneyText(81.4, "EUR"))).toBe("€ 81.40");
  expect(spaced(moneyText(12345.678, "USD"))).toBe("$ 12'345.68");
});

test("durations use at most two units", () => {
  const texts = [23, 400, 45_000, 11 * MINUTE_MS, 2 * HOUR_MS + 5 * MINUTE_MS, 2 * DAY_MS + 5 * HOUR_MS, DAY_MS];
  expect(texts.map(durationText).map(spaced)).toEqual([
    "23 ms",
    "0.4 s",
    "45 s",
    "11 min",
    "2 h 5 min",
    "2 d 5 h",
    "1 d",
  ]);
});

test("a time of another day says which", () => {
  const noon = new Date(2026, 2, 4, 12).getTime();
  const at = (day: number, hour: number): string => timeSeenFrom(noon, new Date(2026, 2, day, hour, 10).getTime());
  expect([at(4, 23), at(5, 3), at(1, 23)]).toEqual(["23:10", "03:10 tomorrow", "Sun 1 23:10"]);
});
