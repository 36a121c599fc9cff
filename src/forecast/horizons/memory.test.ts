import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { MINUTE_MS } from "../../model/time.ts";
import { createDemandEngine } from "../demand-engine.ts";

/** Of all arrays that hang on an object. */
function bytesOf(held: unknown): number {
  if (ArrayBuffer.isView(held)) return held.byteLength;
  if (typeof held !== "object" || held === null) return 0;
  return Object.values(held).reduce<number>((sum, each) => sum + bytesOf(each), 0);
}

function bytesPerSeries(horizons: boolean, network: boolean): number {
  const sizeOf = (vms: number) =>
    bytesOf(
      createDemandEngine({
        stepMs: 5 * MINUTE_MS,
        floors: new Float64Array(vms * RESOURCE_COUNT).fill(1),
        horizons,
        ...(network && { network: { startMs: 0 } }),
      }),
    );
  return (sizeOf(2_000) - sizeOf(1_000)) / (1_000 * RESOURCE_COUNT);
}

test("a hundred thousand VMs fit into 4 GiB: a week of history is the larger half of what a series holds", () => {
  const history = 7 * 288 * 2;
  expect(bytesPerSeries(true, true)).toBeLessThan(9_000);
  expect(bytesPerSeries(true, true)).toBeGreaterThan(history);
  expect(bytesPerSeries(false, false)).toBeLessThan(history + 3_000);
});
