import { expect, test } from "vitest";
import { errorQuantiles, errorTable } from "./error-table.ts";

/** Idle half of the time and always right about it; busy, and then up to 9 too low. */
const expected = Float64Array.from({ length: 400 }, (_, index) => (index % 2 === 0 ? 1 : 100));
const came = expected.map((value, index) => (value === 1 ? 1 : 100 + ((index >> 1) % 10)));

test("errors of low and of high expectations are told apart where that is asked for", () => {
  const apart = errorTable({ expected, came }, [0.5]);
  expect([...errorQuantiles(apart, 1)]).toEqual(Array(11).fill(0));
  expect(errorQuantiles(apart, 100)[3]).toBe(4.5);
  const together = errorTable({ expected, came }, []);
  expect(errorQuantiles(together, 1)).toEqual(errorQuantiles(together, 100));
  expect(errorQuantiles(together, 1)[10]).toBe(9);
});

test("a part with few errors takes those of all, and unknown ones count nowhere", () => {
  const few = errorTable({ expected: expected.subarray(0, 80), came: came.subarray(0, 80) }, [0.5]);
  expect(errorQuantiles(few, 100)[3]).toBe(0);
  expect(errorQuantiles(few, 100)[5]).toBeCloseTo(7.1, 9);
  const holed = errorTable({ expected, came: came.map((peak, index) => (index % 3 === 0 ? Number.NaN : peak)) }, []);
  expect(errorQuantiles(holed, 1)[10]).toBe(9);
});
