import fc from "fast-check";
import { expect, test } from "vitest";
import { addError, copyErrors, createErrorRing } from "./error-ring.ts";

test("a ring holds the last errors of each row, rounded up by less than 1/8000, and no others", () => {
  const error = fc.double({ min: -3.9, max: 3.9, noNaN: true });
  fc.assert(
    fc.property(fc.array(error, { maxLength: 30 }), fc.integer({ min: 1, max: 9 }), (errors, length) => {
      const ring = createErrorRing({ rows: 2, length });
      for (const each of errors) addError(ring, 1, each);
      const target = { values: new Float32Array(40).fill(77), at: 2 };
      const end = copyErrors(ring, 1, target);
      const kept = [...target.values.subarray(2, end)].sort((left, right) => left - right);
      const expected = errors.slice(-length).sort((left, right) => left - right);
      expect(kept.length).toBe(expected.length);
      for (const [place, value] of kept.entries()) {
        expect(value).toBeGreaterThan((expected[place] ?? 0) - 1e-6);
        expect(value).toBeLessThan((expected[place] ?? 0) + 1 / 7990);
      }
      expect(copyErrors(ring, 0, target)).toBe(2);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("errors beyond the range are held at its end", () => {
  const ring = createErrorRing({ rows: 1, length: 2 });
  addError(ring, 0, 1e9);
  addError(ring, 0, -1e9);
  const values = new Float32Array(2);
  copyErrors(ring, 0, { values, at: 0 });
  expect([...values]).toEqual([4, -4]);
});
