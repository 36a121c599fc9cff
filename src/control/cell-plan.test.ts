import { expect, test } from "vitest";
import type { CellId, CustomerId, Host, HostId, PoolId, VmId, WorkloadId } from "../model/fleet.ts";
import { NOTHING } from "../model/resources.ts";
import { type FleetFacts, planCells } from "./cell-plan.ts";
import { STEADY_PROFILE, tenths } from "./small-cell.arbitrary.ts";

const [anna, ben] = ["anna", "ben"] as CustomerId[] as [CustomerId, CustomerId];
const [shop, wiki] = ["shop", "wiki"] as WorkloadId[] as [WorkloadId, WorkloadId];
const host = (id: string, cell: string, pool = "shared"): Host & { cell: CellId } => ({
  id: id as HostId,
  cell: cell as CellId,
  pool: pool as PoolId,
  capacity: tenths(1),
});
const vm = (id: string, workload: WorkloadId, on: string) => ({
  id: id as VmId,
  workload,
  host: on as HostId,
  base: NOTHING,
  ceiling: tenths(0.1),
});

const FACTS: FleetFacts = {
  customers: [anna, ben].map((id) => ({ id, name: id })),
  workloads: [
    { id: shop, customer: anna, class: "web" },
    { id: wiki, customer: ben, class: "web" },
  ],
  pools: [
    { id: "shared" as PoolId, kind: "shared" },
    { id: "bens" as PoolId, kind: "dedicated", customer: ben },
  ],
  hosts: [host("h1", "west"), host("h2", "east"), host("h3", "west", "bens")],
  vms: [vm("shop-1", shop, "h1"), vm("shop-2", shop, "h2"), vm("wiki-1", wiki, "h2")],
  profiles: new Map([[shop, STEADY_PROFILE]]),
  contracts: new Map([[anna, { customer: anna, plan: "guaranteed", optedIn: ["cpu"] }]]),
  events: [],
  blackouts: [],
  doNotLearn: [],
  settings: new Map([
    [
      "east" as CellId,
      { cell: "east" as CellId, serviceLevel: 0.99, stepMs: 60_000, mode: "act", acting: [ben], killSwitch: true },
    ],
  ]),
};
const DEFAULTS = { serviceLevel: 0.95, stepMs: 300_000 };

test("a cell has its hosts, what runs there, and whoever owns either", () => {
  const planned = planCells(FACTS, DEFAULTS);
  if (!planned.ok) throw new Error(planned.error.message);
  const [east, west] = planned.value;
  expect([east?.cell.id, west?.cell.id]).toEqual(["east", "west"]);
  expect(east?.cell.vms.map(({ id }) => id)).toEqual(["shop-2", "wiki-1"]);
  expect(west?.cell.customers.map(({ id }) => id)).toEqual([anna, ben]);
  expect(west?.cell.workloads.map(({ id }) => id)).toEqual([shop]);
  expect([...(west?.declarations.profiles.keys() ?? [])]).toEqual(["shop-1"]);
});

test("who agreed to nothing is opted out, and what nobody set is observed", () => {
  const planned = planCells(FACTS, DEFAULTS);
  const [east, west] = planned.ok ? planned.value : [];
  expect(east?.contracts).toEqual([
    { customer: anna, plan: "guaranteed", optedIn: ["cpu"] },
    { customer: ben, plan: "standard", optedIn: [] },
  ]);
  expect(west?.settings).toEqual({ cell: "west", ...DEFAULTS, mode: "observe", acting: [], killSwitch: false });
  expect(west?.guardrails).toEqual({
    killSwitch: false,
    modes: { cell: "observe", customers: new Map() },
    blackouts: [],
  });
  expect(east?.guardrails.modes).toEqual({ cell: "act", customers: new Map([[ben, "act"]]) });
  expect(east?.guardrails.killSwitch).toBe(true);
});

test("a reference that leads nowhere is named", () => {
  const lost = { ...FACTS, workloads: FACTS.workloads.slice(1) };
  expect(planCells(lost, DEFAULTS)).toMatchObject({
    ok: false,
    error: { kind: "bad-input", message: "VM shop-2 has unknown workload shop." },
  });
});
