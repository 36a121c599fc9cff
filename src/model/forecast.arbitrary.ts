// Any row of quantiles: ascending, never negative, with steps of every size.
import fc from "fast-check";
import { LEVEL_COUNT } from "./forecast.ts";

const step = fc.oneof(
  fc.constant(0),
  fc.double({ min: 1e-6, max: 10, noNaN: true }),
  fc.double({ min: 1, max: 1e9, noNaN: true }),
);

export const anyRow = fc
  .array(step, { minLength: LEVEL_COUNT, maxLength: LEVEL_COUNT })
  .map((steps) =>
    Float64Array.from(steps, (_, level) => steps.slice(0, level + 1).reduce((sum, each) => sum + each, 0)),
  );
