import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { seededRandom } from "../model/seeded-random.ts";
import { hostsOf } from "./host-case.ts";
import { type HeadroomReplay, replayHeadroom, violationsPromise } from "./replay-headroom.ts";
import { seededTrace } from "./small-trace.arbitrary.ts";
import { garbageNetwork, lastSampleBelief, silentBelief } from "./wrong-forecasts.ts";

const [host] = hostsOf(seededTrace({ seed: 3, vms: 3, days: 3, stepMinutes: 30 }), 50);
if (host === undefined) throw new Error("VMs fill a host");
const small = host;

/** [tick][series] what was lent at every tick. */
function lent(changed: Partial<HeadroomReplay>): number[][] {
  const seen: number[][] = [];
  replayHeadroom({
    host: small,
    promises: [violationsPromise(0.02, "every-tick")],
    onScored: ({ cells }) => seen.push(cells.flatMap(({ allocations }) => [...allocations])),
    ...changed,
  });
  return seen;
}

test("where demand is believed to stay as it is, leases are the last sample, never below the base", () => {
  const [first, second] = lent({ believed: lastSampleBelief(small.demand.length) });
  for (const [back, allocations] of [first, second].entries())
    for (const [series, allocation] of (allocations ?? []).entries()) {
      const last = small.demand[series]?.[small.firstScored + back - 1] ?? Number.NaN;
      expect(allocation).toBe(Math.max(last, small.base[series] ?? 0));
    }
});

test("a sample that did not come leaves what was believed before", () => {
  const believe = lastSampleBelief(2);
  const quantiles = new Float64Array(0);
  believe({ quantiles, demand: Float64Array.of(3, Number.NaN) });
  const believed = [...believe({ quantiles, demand: Float64Array.of(Number.NaN, 5) })];
  expect(believed).toEqual([...Array(LEVEL_COUNT).fill(3), ...Array(LEVEL_COUNT).fill(5)]);
});

test("nothing is believed of what is not foreseen, and lending goes on by samples", () => {
  const silent = silentBelief(2)({ quantiles: new Float64Array(0), demand: Float64Array.of(1, 2) });
  expect([...silent]).toEqual(Array(2 * LEVEL_COUNT).fill(Number.NaN));
  const leases = lent({ believed: silentBelief(small.demand.length) });
  expect(leases.at(-1)).not.toEqual(leases.at(0));
});

test("garbage ascends, is the same for equal seeds, and changes what is forecast", () => {
  const request = {
    steps: 1,
    windows: 3,
    inputs: new Float32Array(3),
    questions: [{ decoder: 0, rowsPerWindow: 2, features: new Float32Array(6) }],
  };
  const [said] = garbageNetwork(seededRandom(1)).infer(request).quantiles;
  expect(said).toHaveLength(3 * 2 * LEVEL_COUNT);
  for (let row = 0; row < 6; row++) {
    const levels = said?.slice(row * LEVEL_COUNT, (row + 1) * LEVEL_COUNT);
    expect(levels).toEqual(levels?.slice().sort());
  }
  const garbage = () => lent({ network: garbageNetwork(seededRandom(1)) });
  expect(garbage()).toEqual(garbage());
  expect(garbage()).not.toEqual(lent({}));
});
