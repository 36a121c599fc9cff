// Samples come in: unknown VMs are told or discovered, the rest is durable when the answer goes out.
import type { HostId, VmId, WorkloadId } from "../../../model/fleet.ts";
import { NOTHING } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import type { sampleRoutes } from "../../contract/samples.ts";
import { UNKNOWN_MAX } from "../../contract/samples.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { withoutVms } from "../own-samples.ts";
import { readSamples } from "../read-samples.ts";
import { type Refusal, refusal, unknown, wrongParameter } from "../refusals.ts";

type Rows = typeof sampleRoutes;
type SamplesAsked = Asked<Rows["postSamples"]>;

export function sampleHandlers(desks: Desks): Handlers<Rows> {
  return {
    async postSamples(asked) {
      const read = readSamples(asked.body, asked.now);
      if (!read.ok) return read;
      const { vms } = read.value;
      const found = await strangersIn(vms, asked, desks);
      if (!found.ok) return found;
      if (!asked.query.discover) {
        const { customer } = asked.caller;
        desks.strangers.note(read.value, new Set(found.value.nobodys), { now: asked.now, customer });
      }
      const discovered = await discover(found.value.all, asked, desks);
      if (!discovered.ok) return discovered;
      const strangers = asked.query.discover ? new Set<VmId>() : new Set(found.value.all);
      const columns = withoutVms(read.value, strangers);
      const taken = await desks.inbox.take(columns, asked.now);
      if (!taken.ok) return taken;
      const accepted = columns.at.length;
      const unknownRows = read.value.at.length - accepted;
      const told = [...strangers].slice(0, UNKNOWN_MAX);
      return success({ body: { accepted, unknown: told, unknownRows, discovered: discovered.value } });
    },
  };
}

interface Strangers {
  /** For a customer's key also those that are somebody else's. */
  readonly all: readonly VmId[];
  readonly nobodys: readonly VmId[];
}

async function strangersIn(
  vms: readonly VmId[],
  { caller }: SamplesAsked,
  { directory }: Desks,
): Promise<Result<Strangers, Refusal>> {
  const owners = await directory.owners(vms);
  if (!owners.ok) return owners;
  const isOwn = (owner: string | undefined) =>
    owner !== undefined && (caller.role === "operator" || owner === caller.customer);
  return success({
    all: vms.filter((_, index) => !isOwn(owners.value[index])),
    nobodys: vms.filter((_, index) => owners.value[index] === undefined),
  });
}

const DISCOVERED_MAX = 1_000;

/** A discovered VM has no base of its own, and the most that its host has; nothing is shaped before its customer opts in. */
async function discover(
  strangers: readonly VmId[],
  { query, caller, store, actor }: SamplesAsked,
  { directory, changed }: Desks,
): Promise<Result<number, Refusal>> {
  const { discover: isAsked, host, workload } = query;
  if (!isAsked) return success(0);
  if (caller.role !== "operator")
    return refusal("rejected", "Only operators discover VMs: leave discover out.", { status: 403 });
  if (host === undefined) return wrongParameter("host", "must be given where VMs are discovered");
  if (workload === undefined) return wrongParameter("workload", "must be given where VMs are discovered");
  const [runsOn, owner] = await Promise.all([
    store.documents.get("host", host),
    store.documents.get("workload", workload),
  ]);
  if (!runsOn.ok) return runsOn;
  if (!owner.ok) return owner;
  if (!runsOn.value) return unknown("host", host);
  if (!owner.value) return unknown("workload", workload);
  const ids = [...new Set(strangers)];
  if (ids.length > DISCOVERED_MAX)
    return refusal("rejected", `A batch discovers at most ${DISCOVERED_MAX} VMs: send smaller ones.`);
  if (ids.length === 0) return success(0);
  const { customer } = owner.value.value;
  const ceiling = runsOn.value.value.capacity;
  const place = { workload: workload as WorkloadId, host: host as HostId, base: NOTHING, ceiling };
  const needs = [
    { kind: "workload" as const, id: workload },
    { kind: "host" as const, id: host },
  ];
  const written = await store.documents.write(
    ids.map((id) => ({ kind: "vm", id, value: { id, ...place }, customer, ifVersion: 0, needs })),
    actor,
  );
  if (!written.ok) return written;
  directory.forget();
  changed(ids.map((id) => ({ kind: "vm", id })));
  return success(ids.length);
}
