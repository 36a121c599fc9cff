// From what is kept of a fleet to what each cell runs on: its machines, what was agreed and declared, and what is allowed.
import type { Blackout } from "../model/blackout.ts";
import type { DoNotLearnRange } from "../model/do-not-learn.ts";
import type { ExternalEvent } from "../model/event.ts";
import {
  type Cell,
  type CellId,
  type Customer,
  type CustomerId,
  checkCell,
  type Host,
  type Pool,
  type Vm,
  type Workload,
  type WorkloadId,
} from "../model/fleet.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import { type Result, success } from "../model/result.ts";
import { optedOut, type ServiceContract } from "../model/service-plan.ts";
import type { Guardrails } from "../shaping/guardrails.ts";
import type { Declarations } from "./ports.ts";
import type { CellSettings } from "./store-ports.ts";

export interface FleetFacts {
  readonly customers: readonly Customer[];
  readonly workloads: readonly Workload[];
  readonly pools: readonly Pool[];
  readonly hosts: readonly (Host & { readonly cell: CellId })[];
  readonly vms: readonly Vm[];
  readonly profiles: ReadonlyMap<WorkloadId, WorkloadProfile>;
  readonly contracts: ReadonlyMap<CustomerId, ServiceContract>;
  readonly events: readonly ExternalEvent[];
  readonly blackouts: readonly Blackout[];
  readonly doNotLearn: readonly DoNotLearnRange[];
  readonly settings: ReadonlyMap<CellId, CellSettings>;
}

export interface CellPlan {
  readonly cell: Cell;
  readonly settings: CellSettings;
  readonly declarations: Declarations;
  /** One for each customer with VMs or hosts here; who agreed to nothing is opted out. */
  readonly contracts: readonly ServiceContract[];
  readonly guardrails: Guardrails;
}

/** A cell that nobody set anything for is observed, at the service level and pace of its operator's defaults. */
export type SettingsDefaults = Pick<CellSettings, "serviceLevel" | "stepMs">;

/** Every cell that has a host, by id. Fails with the first reference that leads nowhere. */
export function planCells(facts: FleetFacts, defaults: SettingsDefaults): Result<readonly CellPlan[]> {
  const ids = [...new Set(facts.hosts.map(({ cell }) => cell))].toSorted();
  const plans: CellPlan[] = [];
  for (const id of ids) {
    const cell = checkCell(cellOf(facts, id));
    if (!cell.ok) return cell;
    plans.push(planOf(facts, { cell: cell.value, defaults }));
  }
  return success(plans);
}

function cellOf({ customers, workloads, pools, hosts, vms }: FleetFacts, id: CellId): Cell {
  const own = hosts.filter(({ cell }) => cell === id);
  const ownHosts = new Set(own.map((host) => host.id));
  const ownPools = new Set(own.map(({ pool }) => pool));
  const ownVms = vms.filter(({ host }) => ownHosts.has(host));
  const ownWorkloads = new Set(ownVms.map(({ workload }) => workload));
  const used = {
    pools: pools.filter((pool) => ownPools.has(pool.id)),
    workloads: workloads.filter((one) => ownWorkloads.has(one.id)),
  };
  const owners = new Set<CustomerId>([
    ...used.workloads.map(({ customer }) => customer),
    ...used.pools.flatMap((pool) => (pool.kind === "dedicated" ? [pool.customer] : [])),
  ]);
  return { id, hosts: own, vms: ownVms, ...used, customers: customers.filter((one) => owners.has(one.id)) };
}

function planOf(facts: FleetFacts, { cell, defaults }: { cell: Cell; defaults: SettingsDefaults }): CellPlan {
  const { profiles, events, doNotLearn, contracts, blackouts } = facts;
  const settings = facts.settings.get(cell.id) ?? {
    ...defaults,
    cell: cell.id,
    mode: "observe",
    acting: [],
    killSwitch: false,
  };
  const ofVms = cell.vms.flatMap(({ id, workload }) => {
    const profile = profiles.get(workload);
    return profile === undefined ? [] : [[id, profile] as const];
  });
  return {
    cell,
    settings,
    declarations: { profiles: new Map(ofVms), events, doNotLearn },
    contracts: cell.customers.map(({ id }) => contracts.get(id) ?? optedOut(id)),
    guardrails: {
      killSwitch: settings.killSwitch,
      modes: { cell: settings.mode, customers: new Map(settings.acting.map((customer) => [customer, "act"])) },
      blackouts,
    },
  };
}
