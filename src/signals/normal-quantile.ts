// The inverse of the standard normal distribution function.
import { assert } from "../model/result.ts";

/**
 * z with P(Z <= z) = `level`, to about seven digits; 0 < level < 1.
 * Source: M. J. Wichura, Algorithm AS 241, Applied Statistics 37 (1988), routine PPND7.
 */
export function normalQuantile(level: number): number {
  assert(level > 0 && level < 1, `a level lies between 0 and 1, got ${level}`);
  const offset = level - 0.5;
  if (Math.abs(offset) <= 0.425) {
    const r = 0.180625 - offset * offset;
    const above = ((59.10937472 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    return (offset * above) / (((67.1875636 * r + 78.757757664) * r + 17.895169469) * r + 1);
  }
  const tail = tailQuantile(Math.sqrt(-Math.log(Math.min(level, 1 - level))));
  return offset < 0 ? -tail : tail;
}

function tailQuantile(root: number): number {
  if (root <= 5) {
    const r = root - 1.6;
    const above = ((0.17023821103 * r + 1.3067284816) * r + 2.75681539) * r + 1.4234372777;
    return above / ((0.12021132975 * r + 0.7370016425) * r + 1);
  }
  const r = root - 5;
  const above = ((0.017337203997 * r + 0.42868294337) * r + 3.081226386) * r + 6.657905115;
  return above / ((0.012258202635 * r + 0.24197894225) * r + 1);
}
