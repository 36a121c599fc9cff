import { expect, test } from "vitest";
import type { HostId, PoolId, VmId, WorkloadId } from "../model/fleet.ts";
import { NOTHING, resourceVector } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { layOut } from "./cell-layout.ts";
import { pooledPromise } from "./cell-state.ts";
import { dateLeases, leasesOf } from "./leases.ts";
import { startCell } from "./loop.ts";

const amounts = (cpu: number) => resourceVector({ cpu, memory: 1, network: 1, storage: 1 });
const host = "host-1" as HostId;
const vm = { id: "web-1" as VmId, workload: "web" as WorkloadId, host, base: amounts(1), ceiling: amounts(4) };
const hosts = [{ id: host, pool: "shared" as PoolId, capacity: amounts(8) }];
const layout = layOut({ hosts, vms: [vm] }, { stepMs: 300_000, shadowVm: { minimum: NOTHING, ceiling: amounts(4) } });

test("a lease is what is allocated above the base, dated from when it began without a break", () => {
  const { state } = startCell({ layout, promise: pooledPromise(0.99), at: instant(0) });
  state.allocations[0] = 3;
  dateLeases(state, instant(300_000));
  state.allocations[0] = 2;
  dateLeases(state, instant(600_000));
  state.at = instant(600_000);
  expect(leasesOf(state)).toEqual([
    { id: "web-1/cpu", vm: "web-1", resource: "cpu", amount: 1, grantedAt: 300_000, expiresAt: 900_000, state: "held" },
  ]);
});

test("a lease that ended begins anew", () => {
  const { state } = startCell({ layout, promise: pooledPromise(0.99), at: instant(0) });
  for (const [amount, at] of [
    [3, 300_000],
    [1, 600_000],
    [2, 900_000],
  ] as const) {
    state.allocations[0] = amount;
    dateLeases(state, instant(at));
  }
  expect(leasesOf(state).map(({ grantedAt }) => grantedAt)).toEqual([900_000]);
});
