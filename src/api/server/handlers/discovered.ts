// Who is seen and not declared; and declaring them: what they need is made first, then they, each in one transaction.
import type { DocumentChange } from "../../../control/store-ports.ts";
import type { CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../../model/fleet.ts";
import { NOTHING, RESOURCES, type ResourceVector, resourceVector } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { durationMs, instant, iso, MINUTE_MS } from "../../../model/time.ts";
import { ADOPTED_MAX, type Adoption, type discoveredRoutes } from "../../contract/discovered.ts";
import { ID_PATTERN } from "../../contract/scalars.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import type { MetricTarget } from "../metrics-inbox.ts";
import { type Refusal, refusal, wrongField } from "../refusals.ts";
import type { Stranger } from "../stranger-book.ts";

type Rows = typeof discoveredRoutes;
type AdoptionAsked = Asked<Rows["adoptDiscovered"]>;

const LISTED_MAX = 10_000;
const TOLD_MAX = 10;
/** These run on the hypervisor: their target is the host. */
const ON_HOSTS = /^libvirt/;

export function discoveredHandlers(desks: Desks): Handlers<Rows> {
  return {
    async listDiscovered({ store }) {
      const targets = targetsByVm(desks);
      const strangers = await whoIsStill(desks);
      if (!strangers.ok) return strangers;
      const vms = strangers.value.slice(0, LISTED_MAX).map((each) => shown(each, targets.get(each.vm) ?? []));
      const counts = new Map<string, number>();
      for (const { host } of vms) if (host !== null) counts.set(host, (counts.get(host) ?? 0) + 1);
      const hosts: { host: string; vms: number; isDeclared: boolean }[] = [];
      for (const [host, count] of [...counts].sort(([one], [other]) => (one < other ? -1 : 1))) {
        const kept = await store.documents.get("host", host);
        if (!kept.ok) return kept;
        hosts.push({ host, vms: count, isDeclared: kept.value !== undefined });
      }
      return success({ body: { vms, hosts, vmCount: strangers.value.length } });
    },
    async adoptDiscovered(asked) {
      const strangers = await whoIsStill(desks);
      if (!strangers.ok) return strangers;
      const targets = targetsByVm(desks);
      const wanted = asked.body.vms === undefined ? undefined : new Set(asked.body.vms);
      const chosen = strangers.value.filter(({ vm }) => wanted?.has(vm) ?? true).map(({ vm }) => vm);
      const absent = [...(wanted ?? [])].find((vm) => !chosen.includes(vm as VmId));
      if (absent !== undefined) return wrongField("/vms", `${absent} is none that was discovered and is not declared`);
      if (chosen.length > ADOPTED_MAX) return wrongField("/vms", `name at most ${ADOPTED_MAX} of the ${chosen.length}`);
      const placed = placesOf(chosen, { asked, targets });
      return placed.ok ? adopt(placed.value, asked, desks) : placed;
    },
  };
}

/** By id. Whoever was declared meanwhile is forgotten. */
async function whoIsStill({ strangers, directory }: Desks): Promise<Result<readonly Stranger[], Refusal>> {
  const all = [...strangers.all()].sort((one, other) => (one.vm < other.vm ? -1 : 1));
  const owners = await directory.owners(all.map(({ vm }) => vm));
  if (!owners.ok) return owners;
  const still = all.filter((_, index) => owners.value[index] === undefined);
  for (const [index, { vm }] of all.entries()) if (owners.value[index] !== undefined) strangers.forget(vm);
  return success(still);
}

function targetsByVm({ metrics }: Desks): ReadonlyMap<string, readonly MetricTarget[]> {
  const byVm = new Map<string, MetricTarget[]>();
  for (const target of metrics?.targets() ?? []) byVm.set(target.vm, [...(byVm.get(target.vm) ?? []), target]);
  return byVm;
}

function shown({ vm, rows, firstSeen, lastSeen, largest, customer }: Stranger, targets: readonly MetricTarget[]) {
  const most = RESOURCES.map((resource, offset) => {
    const amount = largest[offset] as number;
    return [resource, Number.isNaN(amount) ? null : amount];
  });
  return {
    ...{ vm, rows, firstSeen: timeOf(firstSeen), lastSeen: timeOf(lastSeen), customer: customer ?? null },
    largest: Object.fromEntries(most) as Record<keyof ResourceVector, number | null>,
    host: hostOf(targets) ?? null,
    toldBy: targets.slice(0, TOLD_MAX).map(({ source, job, instance }) => ({ source, job, instance })),
  };
}

function timeOf(at: number): string {
  return iso(instant(at));
}

const ID = new RegExp(ID_PATTERN);

function hostOf(targets: readonly MetricTarget[]): string | undefined {
  const host = targets.find(({ source }) => ON_HOSTS.test(source))?.instance.replace(/:\d+$/, "") ?? "";
  return ID.test(host) ? host : undefined;
}

interface Place {
  readonly vm: VmId;
  readonly host: string;
}

function placesOf(
  vms: readonly VmId[],
  given: { readonly asked: AdoptionAsked; readonly targets: ReadonlyMap<string, readonly MetricTarget[]> },
): Result<readonly Place[], Refusal> {
  const { asked, targets } = given;
  const places: Place[] = [];
  for (const vm of vms) {
    const host = asked.body.host ?? hostOf(targets.get(vm) ?? []);
    if (host === undefined) return wrongField("/host", `must be given: no metric says on which host ${vm} runs`);
    places.push({ vm, host });
  }
  return success(places);
}

async function adopt(places: readonly Place[], asked: AdoptionAsked, { changed, directory, strangers }: Desks) {
  const { store, body, actor } = asked;
  const hosts = await hostsOf(places, asked);
  if (!hosts.ok) return hosts;
  const around = await surroundings(hosts.value, asked);
  if (!around.ok) return around;
  const { customer, workload = `${customer}-adopted`, base = NOTHING } = body;
  const vms = places.map(({ vm, host }): DocumentChange => {
    const ceiling = body.ceiling ?? (hosts.value.get(host)?.capacity as ResourceVector);
    const value = { id: vm, workload: workload as WorkloadId, host: host as HostId };
    const size = { base: resourceVector(base), ceiling: resourceVector(ceiling) };
    const needs = [
      { kind: "workload" as const, id: workload },
      { kind: "host" as const, id: host },
    ];
    return { kind: "vm", id: vm, value: { ...value, ...size }, customer: customer as CustomerId, ifVersion: 0, needs };
  });
  for (const changes of [around.value, vms]) {
    if (changes.length === 0) continue;
    const written = await store.documents.write(changes, actor);
    if (!written.ok) return written;
  }
  directory.forget();
  for (const { vm } of places) strangers.forget(vm);
  changed([...around.value, ...vms].map(({ kind, id }) => ({ kind, id })));
  return success({ body: { vms: vms.length, created: around.value.map(({ kind, id }) => ({ kind, id })) } });
}

/** What each has, or is to have; whether it is there already. */
type Hosts = ReadonlyMap<string, { readonly capacity: ResourceVector; readonly isThere: boolean }>;

async function hostsOf(places: readonly Place[], { body, store }: AdoptionAsked): Promise<Result<Hosts, Refusal>> {
  const hosts = new Map<string, { readonly capacity: ResourceVector; readonly isThere: boolean }>();
  for (const id of new Set(places.map(({ host }) => host))) {
    const kept = await store.documents.get("host", id);
    if (!kept.ok) return kept;
    const capacity = kept.value?.value.capacity ?? (body.capacity && resourceVector(body.capacity));
    if (capacity === undefined)
      return wrongField("/capacity", `must be given: there is no host ${id} yet, and no metric says how large it is`);
    hosts.set(id, { capacity, isThere: kept.value !== undefined });
    const above = RESOURCES.find((each) => (body.base?.[each] ?? 0) > (body.ceiling ?? capacity)[each]);
    if (above !== undefined) return wrongField(`/base/${above}`, "must not be above the ceiling");
  }
  return success(hosts);
}

/** Customer, workload, pool, cell and hosts that are not there yet. */
async function surroundings(hosts: Hosts, asked: AdoptionAsked): Promise<Result<DocumentChange[], Refusal>> {
  const { body, store } = asked;
  const { customer, workload = `${customer}-adopted`, pool = "shared", cell = "cell-1" } = body;
  const missing = [...hosts].filter(([, { isThere }]) => !isThere);
  const owner = customer as CustomerId;
  const wanted: DocumentChange[] = [
    { kind: "customer", id: customer, value: { id: owner, name: customer }, customer: owner },
    workloadOf(workload, body),
    ...(missing.length > 0
      ? [{ kind: "pool" as const, id: pool, value: { id: pool as PoolId, kind: "shared" as const } }]
      : []),
    ...(missing.length > 0 ? [cellOf(cell as CellId)] : []),
  ];
  const made: DocumentChange[] = [];
  for (const change of wanted) {
    const kept = await store.documents.get(change.kind, change.id);
    if (!kept.ok) return kept;
    if (kept.value === undefined) made.push({ ...change, ifVersion: 0 } as DocumentChange);
    else if (change.kind === "workload" && kept.value.customer !== owner)
      return refusal("rejected", `The workload ${workload} is not one of ${customer}.`);
  }
  const needs = [
    { kind: "cell-settings" as const, id: cell },
    { kind: "pool" as const, id: pool },
  ];
  for (const [id, { capacity }] of missing) {
    const value = { id: id as HostId, cell: cell as CellId, pool: pool as PoolId, capacity };
    made.push({ kind: "host", id, value, needs, ifVersion: 0 });
  }
  return success(made);
}

function workloadOf(id: string, { customer, class: kind = "web" }: Adoption): DocumentChange {
  const owner = customer as CustomerId;
  const value = { id: id as WorkloadId, customer: owner, class: kind };
  return { kind: "workload", id, value, customer: owner, needs: [{ kind: "customer", id: customer }] };
}

const SERVICE_LEVEL = 0.99;
const STEP_MS = durationMs(5 * MINUTE_MS);

function cellOf(cell: CellId): DocumentChange {
  const settings = { serviceLevel: SERVICE_LEVEL, stepMs: STEP_MS, mode: "observe" as const };
  return { kind: "cell-settings", id: cell, value: { ...settings, cell, acting: [], killSwitch: false } };
}
