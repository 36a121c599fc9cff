// Machines that come and go while a cell runs: operators take VMs and whole hosts away for some ticks, and make them again. The
// control plane hears of it as production does: by another plan, in which it goes on.
import type { Cell } from "../../model/fleet.ts";
import { inSpell } from "./fault-plan.ts";
import { tickNow, type World } from "./world.ts";

const AWAY_TICKS_MAX = 16;

/** Changes the machines; returns the cell as it is now. A VM that finds no room beside what is handed out is not made yet. */
export function comeAndGo(world: World): Cell {
  const { drawn, fleet } = world;
  const tick = tickNow(world);
  const isAway = (name: string) =>
    inSpell(world.plan, { kind: "comings", where: { tick, name }, lengthMax: AWAY_TICKS_MAX });
  const { cell } = drawn;
  const staying = cell.hosts.filter(({ id }, index) => index === 0 || !isAway(id));
  const hosts = new Set(staying.map(({ id }) => id));
  const wanted = cell.vms.filter(({ id, host }) => hosts.has(host) && !isAway(id));
  fleet.changeTo({ hosts, vms: new Set(wanted.map(({ id }) => id)) });
  const made = new Set(fleet.machines().flatMap(({ vms }) => vms.map(({ vm }) => vm.id)));
  const vms = cell.vms.filter(({ id }) => made.has(id));
  const workloads = new Set(vms.map(({ workload }) => workload));
  return { ...cell, hosts: staying, vms, workloads: cell.workloads.filter(({ id }) => workloads.has(id)) };
}

export function isAlike(one: Pick<Cell, "hosts" | "vms">, other: Pick<Cell, "hosts" | "vms">): boolean {
  const named = ({ hosts, vms }: Pick<Cell, "hosts" | "vms">) => [...hosts, ...vms].map(({ id }) => id).join(" ");
  return named(one) === named(other);
}
