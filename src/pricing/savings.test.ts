import fc from "fast-check";
import { expect, test } from "vitest";
import { micros } from "../model/money.ts";
import { RESOURCES } from "../model/resources.ts";
import { GIBIBYTE } from "../model/units.ts";
import { ASSUMED_PRICES, costPerBaseUnitHour, pricedUnits } from "./price-list.ts";
import { monthlySavings } from "./savings.ts";

const cores = fc.double({ min: 0, max: 1e5, noNaN: true });
const bytes = fc.double({ min: 0, max: 1e15, noNaN: true });
const rate = fc.double({ min: 0, max: 1e11, noNaN: true });
const amounts = fc.record({ cpu: cores, memory: bytes, network: rate, storage: rate }, { requiredKeys: [] });

test("a hundred cores less are 2,190 a month at 0.03 an hour", () => {
  const savings = monthlySavings({
    fixed: { cpu: 150, memory: 8 * GIBIBYTE },
    reserved: { cpu: 50, memory: 6 * GIBIBYTE },
    prices: ASSUMED_PRICES,
  });
  expect(savings.lines.map((line) => [line.resource, line.saved, line.savedCost])).toEqual([
    ["cpu", 100, 100 * 730 * 30_000],
    ["memory", 2 * GIBIBYTE, 2 * 730 * 4_000],
  ]);
  expect(savings.savedCost).toBe(2_195_840_000);
});

test("a resource with one side unknown is left out", () => {
  const savings = monthlySavings({ fixed: { cpu: 3, network: 1e6 }, reserved: { cpu: 1 }, prices: ASSUMED_PRICES });
  expect(savings.lines.map((line) => line.resource)).toEqual(["cpu"]);
});

test("the totals are the sums of the lines, exactly", () => {
  const law = fc.property(amounts, amounts, (fixed, reserved) => {
    const savings = monthlySavings({ fixed, reserved, prices: ASSUMED_PRICES });
    for (const cost of ["fixedCost", "reservedCost", "savedCost"] as const)
      expect(savings.lines.reduce((sum, line) => sum + line[cost], 0)).toBe(savings[cost]);
    expect(savings.savedCost).toBe(savings.fixedCost - savings.reservedCost);
  });
  fc.assert(law, { seed: 1 });
});

test("swapping the sides turns the sign, and reserving the same saves nothing", () => {
  const law = fc.property(amounts, amounts, (fixed, reserved) => {
    const there = monthlySavings({ fixed, reserved, prices: ASSUMED_PRICES });
    const back = monthlySavings({ fixed: reserved, reserved: fixed, prices: ASSUMED_PRICES });
    expect(there.savedCost + back.savedCost).toBe(0);
    expect(monthlySavings({ fixed, reserved: fixed, prices: ASSUMED_PRICES }).savedCost).toBe(0);
  });
  fc.assert(law, { seed: 1 });
});

test("reserving less of anything never costs more", () => {
  const law = fc.property(amounts, fc.double({ min: 0, max: 1, noNaN: true }), (fixed, share) => {
    const reserved = Object.fromEntries(Object.entries(fixed).map(([resource, amount]) => [resource, amount * share]));
    const savings = monthlySavings({ fixed, reserved, prices: ASSUMED_PRICES });
    for (const line of savings.lines) expect(line.savedCost).toBeGreaterThanOrEqual(0);
  });
  fc.assert(law, { seed: 1 });
});

test("prices are whole micro-units for every resource", () => {
  for (const resource of RESOURCES)
    expect(micros(ASSUMED_PRICES.perHour[resource])).toBe(ASSUMED_PRICES.perHour[resource]);
  expect(pricedUnits("memory", 2 * GIBIBYTE)).toBe(2);
  expect(costPerBaseUnitHour(ASSUMED_PRICES).memory * GIBIBYTE).toBe(ASSUMED_PRICES.perHour.memory);
});
