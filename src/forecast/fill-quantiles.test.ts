import fc from "fast-check";
import { expect, test } from "vitest";
import { QUANTILE_LEVELS } from "../model/forecast.ts";
import { fillQuantiles } from "./fill-quantiles.ts";
import { naiveQuantile } from "./moment.arbitrary.ts";

const float = fc.float({ noNaN: true, noDefaultInfinity: true });

test("quantiles are those of a plain sort, negative values included, and the rest of the scratch stays", () => {
  fc.assert(
    fc.property(fc.array(float, { minLength: 1, maxLength: 60 }), (values) => {
      const scratch = Float32Array.from([...values, 123]);
      const target = { values: new Float64Array(QUANTILE_LEVELS.length + 2).fill(-7), at: 1 };
      fillQuantiles(scratch, values.length, target);
      for (const [index, level] of QUANTILE_LEVELS.entries())
        expect((target.values[1 + index] ?? Number.NaN) + 0).toBe(naiveQuantile(values, level) + 0);
      expect([target.values[0], target.values.at(-1), scratch.at(-1)]).toEqual([-7, -7, 123]);
    }),
    { seed: 1, numRuns: 500 },
  );
});
