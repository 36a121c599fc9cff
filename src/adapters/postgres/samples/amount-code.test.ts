import fc from "fast-check";
import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { amountsOf, codeOf, largerCode, MISSING_CODE, roundedUsage } from "./amount-code.ts";

const FLOORS = [1e-4, 1, 1, 1];
const column = fc.nat(RESOURCE_COUNT - 1);
const decoded = (code: number, resource: number) => amountsOf(Uint16Array.of(code), resource)[0] ?? Number.NaN;

test("an amount comes back to 0.03 %, or as nothing below the floor", () => {
  const property = fc.property(column, fc.double({ min: -1, max: 1e11, noNaN: true }), (resource, amount) => {
    const back = decoded(codeOf(amount, resource), resource);
    if (amount < (FLOORS[resource] ?? 0)) expect(back).toBe(0);
    else expect(Math.abs(back / amount - 1)).toBeLessThan(0.0003);
  });
  fc.assert(property, { seed: 1, numRuns: 2000 });
});

test("missing stays missing, and more than can be said is the most that can", () => {
  expect(codeOf(Number.NaN, 0)).toBe(MISSING_CODE);
  expect(decoded(MISSING_CODE, 0)).toBeNaN();
  expect(codeOf(Number.POSITIVE_INFINITY, 1)).toBe(MISSING_CODE - 1);
  expect(Number.isFinite(decoded(MISSING_CODE - 1, 1))).toBe(true);
});

test("every code is the code of its own amount: rounding twice is rounding once", () => {
  for (let resource = 0; resource < RESOURCE_COUNT; resource++) {
    const codes = Uint16Array.from({ length: MISSING_CODE + 1 }, (_, code) => code);
    const again = Uint16Array.from(amountsOf(codes, resource), (amount) => codeOf(amount, resource));
    expect(again).toEqual(codes);
  }
});

test("the larger code is the code of the larger amount; one that is missing gives way", () => {
  const amount = fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constant(Number.NaN));
  const property = fc.property(column, amount, amount, (resource, one, other) => {
    const larger = Number.isNaN(one) ? other : Number.isNaN(other) ? one : Math.max(one, other);
    expect(largerCode(codeOf(one, resource), codeOf(other, resource))).toBe(codeOf(larger, resource));
  });
  fc.assert(property, { seed: 1 });
});

test("a table of rows is rounded resource by resource", () => {
  const usage = Float32Array.of(0.5e-4, 0.5, 100, Number.NaN);
  expect([...roundedUsage(usage)].map((each) => Math.round(each))).toEqual([0, 0, 100, Number.NaN]);
});
