import { expect, test } from "vitest";
import { type HostCase, hostsOf } from "./host-case.ts";
import { eachPromise, replayHeadroom, violationsPromise } from "./replay-headroom.ts";
import { seededTrace } from "./small-trace.arbitrary.ts";

const [host] = hostsOf(seededTrace({ seed: 9, vms: 4, days: 6, stepMinutes: 30 }), 50);
if (host === undefined) throw new Error("VMs fill a host");
const small: HostCase = host;
const PROMISES = [eachPromise(0.9), violationsPromise(0.02, "gentle")];

interface SeenTick {
  readonly tick: number;
  readonly demand: readonly number[];
  readonly quantiles: readonly number[];
  readonly allocations: readonly number[];
  readonly buffers: readonly number[];
}

function replayed(of: HostCase): SeenTick[] {
  const seen: SeenTick[] = [];
  replayHeadroom({
    host: of,
    promises: PROMISES,
    onScored: ({ tick, demand, quantiles, cells }) =>
      seen.push({
        tick,
        demand: [...demand],
        quantiles: [...quantiles],
        allocations: cells.flatMap(({ allocations }) => [...allocations]),
        buffers: cells.flatMap(({ buffers }) => [...buffers]),
      }),
  });
  return seen;
}

test("every scored tick is shown once, in order, with the demand that really came", () => {
  const seen = replayed(small);
  const ticks = Array.from({ length: small.grid.length - small.firstScored }, (_, index) => small.firstScored + index);
  expect(seen.map(({ tick }) => tick)).toEqual(ticks);
  for (const { tick, demand } of seen) expect(demand).toEqual(small.demand.map((values) => values?.[tick]));
});

test("what comes later changes no forecast, allocation or buffer that was in force before", () => {
  const changedFrom = small.firstScored + 60;
  const demand = small.demand.map((values) =>
    values?.map((value, tick) => (tick < changedFrom ? value : 5 * value + 1)),
  );
  const known = replayed(small).map(({ demand: _, ...decided }) => decided);
  const changed = replayed({ ...small, demand }).map(({ demand: _, ...decided }) => decided);
  expect(changed.slice(0, 61)).toEqual(known.slice(0, 61));
  expect(changed[61]).not.toEqual(known[61]);
});

test("allocations keep the base, pooled ones beside a buffer, single ones without", () => {
  const seriesCount = small.demand.length;
  for (const { allocations, buffers } of replayed(small)) {
    for (const [index, allocation] of allocations.entries())
      expect(allocation).toBeGreaterThanOrEqual(small.base[index % seriesCount] ?? 0);
    expect(buffers.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(Math.min(...buffers.slice(4))).toBeGreaterThan(0);
  }
});
