// The documents of the fleet between wire and store: instants and durations are texts and seconds there, milliseconds here; whose
// they are and what they need is worked out here and nowhere else.
import type { Static, TSchema } from "typebox";
import type { DocumentKind, DocumentKinds, Kept } from "../../control/store-ports.ts";
import type { CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../model/fleet.ts";
import { RESOURCES, type ResourceVector, resourceVector } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { type Instant, iso, isTimeZone, SECOND_MS } from "../../model/time.ts";
import type {
  CellBody,
  CustomerBody,
  HostBody,
  PoolBody,
  Cell as ShownCell,
  Customer as ShownCustomer,
  Host as ShownHost,
  Pool as ShownPool,
  Vm as ShownVm,
  Workload as ShownWorkload,
  VmBody,
  WorkloadBody,
} from "../contract/fleet.ts";
import type { Caller } from "./callers.ts";
import { type Refusal, unknown, wrongField } from "./refusals.ts";
import type { ConfinedStore } from "./tenant.ts";

/** The change without what the request's headers say. */
export interface PlainChange<Kind extends DocumentKind> {
  readonly kind: Kind;
  readonly id: string;
  readonly value: DocumentKinds[Kind];
  readonly customer?: CustomerId;
  readonly needs?: readonly { readonly kind: DocumentKind; readonly id: string }[];
}

/** What every document shows beside its own fields. */
export interface ShownHead {
  readonly id: string;
  readonly version: number;
  readonly changedAt: string | null;
}

interface ChangeAsked<Body> {
  readonly id: string;
  readonly body: Body;
  readonly caller: Caller;
  readonly store: ConfinedStore;
  readonly now: Instant;
}

export interface DocumentForm<Kind extends DocumentKind, Body extends TSchema, Shown extends ShownHead> {
  readonly kind: Kind;
  /** For people: "VM". */
  readonly noun: string;
  readonly path: string;
  /** Its own fields as they go out; id, version and changedAt are added to them. */
  toWire(value: DocumentKinds[Kind]): Omit<Shown, keyof ShownHead>;
  toChange(asked: ChangeAsked<Static<Body>>): Promise<Result<PlainChange<Kind>, Refusal>>;
  /** What goes with it when it is removed. */
  readonly removedWith?: readonly DocumentKind[];
}

/** As the wire shows what is kept. */
export function shownDocument<Kind extends DocumentKind, Body extends TSchema, Shown extends ShownHead>(
  form: Pick<DocumentForm<Kind, Body, Shown>, "toWire">,
  { id, version, changedAt, value }: Kept<DocumentKinds[Kind]>,
): Shown {
  // Head and fields make the whole; the compiler cannot add up what it took apart.
  return { id, version, changedAt: iso(changedAt), ...form.toWire(value) } as unknown as Shown;
}

export const customerForm: DocumentForm<"customer", typeof CustomerBody, Static<typeof ShownCustomer>> = {
  kind: "customer",
  noun: "customer",
  path: "/v1/customers",
  toWire: ({ name, timeZone }) => ({ name, ...(timeZone !== undefined && { timeZone }) }),
  toChange: async ({ id, body }) => {
    const customer = id as CustomerId;
    if (body.timeZone !== undefined && !isTimeZone(body.timeZone))
      return wrongField("/timeZone", "must be an IANA name such as Europe/Berlin");
    return success({ kind: "customer", id, value: { id: customer, ...body }, customer });
  },
  removedWith: ["contract", "webhook"],
};

export const workloadForm: DocumentForm<"workload", typeof WorkloadBody, Static<typeof ShownWorkload>> = {
  kind: "workload",
  noun: "workload",
  path: "/v1/workloads",
  toWire: ({ customer, class: workloadClass }) => ({ customer, class: workloadClass }),
  async toChange({ id, body, store }) {
    const customer = body.customer as CustomerId;
    const before = await store.documents.get("workload", id);
    if (!before.ok) return before;
    if (before.value && before.value.value.customer !== customer)
      return wrongField("/customer", "a workload stays with its customer; make a new one for another");
    const owner = await store.documents.get("customer", customer);
    if (!owner.ok) return owner;
    if (owner.value === undefined) return wrongField("/customer", `there is no customer ${customer}`);
    const value = { id: id as WorkloadId, customer, class: body.class };
    return success({ kind: "workload", id, value, customer, needs: [{ kind: "customer", id: customer }] });
  },
  removedWith: ["profile", "template"],
};

export const vmForm: DocumentForm<"vm", typeof VmBody, Static<typeof ShownVm>> = {
  kind: "vm",
  noun: "VM",
  path: "/v1/vms",
  toWire: ({ workload, host, base, ceiling }) => ({ workload, host, base, ceiling }),
  async toChange({ id, body, store }) {
    const { workload, host, base, ceiling } = body;
    const above = RESOURCES.find((resource) => ceiling[resource] < base[resource]);
    if (above !== undefined) return wrongField(`/ceiling/${above}`, `must be at least the base, ${base[above]}`);
    const [owner, runsOn, before] = await Promise.all([
      store.documents.get("workload", workload),
      store.documents.get("host", host),
      store.documents.get("vm", id),
    ]);
    if (!owner.ok) return owner;
    if (!runsOn.ok) return runsOn;
    if (!before.ok) return before;
    if (owner.value === undefined) return wrongField("/workload", `there is no workload ${workload}`);
    if (runsOn.value === undefined) return wrongField("/host", `there is no host ${host}`);
    const { customer } = owner.value.value;
    if (before.value?.customer !== undefined && before.value.customer !== customer)
      return wrongField(
        "/workload",
        "a VM stays with its customer, since its history is the customer's; take a new id",
      );
    const owned = { workload: workload as WorkloadId, host: host as HostId };
    const value = { id: id as VmId, ...owned, base: resourceVector(base), ceiling: resourceVector(ceiling) };
    const needs = [
      { kind: "workload" as const, id: workload },
      { kind: "host" as const, id: host },
    ];
    return success({ kind: "vm", id, value, customer, needs });
  },
};

export const poolForm: DocumentForm<"pool", typeof PoolBody, Static<typeof ShownPool>> = {
  kind: "pool",
  noun: "pool",
  path: "/v1/pools",
  toWire: ({ id: _, ...fields }) => fields,
  async toChange({ id, body, store }) {
    if (body.kind === "shared") return success({ kind: "pool", id, value: { id: id as PoolId, kind: "shared" } });
    const customer = body.customer as CustomerId;
    const owner = await store.documents.get("customer", customer);
    if (!owner.ok) return owner;
    if (owner.value === undefined) return wrongField("/customer", `there is no customer ${customer}`);
    const value = { id: id as PoolId, kind: "dedicated" as const, customer };
    return success({ kind: "pool", id, value, customer, needs: [{ kind: "customer", id: customer }] });
  },
};

export const hostForm: DocumentForm<"host", typeof HostBody, Static<typeof ShownHost>> = {
  kind: "host",
  noun: "host",
  path: "/v1/hosts",
  toWire: ({ cell, pool, capacity }) => ({ cell, pool, capacity }),
  async toChange({ id, body, store }) {
    const { cell, pool } = body;
    const [inCell, inPool] = await Promise.all([
      store.documents.get("cell-settings", cell),
      store.documents.get("pool", pool),
    ]);
    if (!inCell.ok) return inCell;
    if (!inPool.ok) return inPool;
    if (inCell.value === undefined) return wrongField("/cell", `there is no cell ${cell}`);
    if (inPool.value === undefined) return wrongField("/pool", `there is no pool ${pool}`);
    const capacity: ResourceVector = resourceVector(body.capacity);
    const value = { id: id as HostId, cell: cell as CellId, pool: pool as PoolId, capacity };
    const needs = [
      { kind: "cell-settings" as const, id: cell },
      { kind: "pool" as const, id: pool },
    ];
    return success({ kind: "host", id, value, needs });
  },
};

export const cellForm: DocumentForm<"cell-settings", typeof CellBody, Static<typeof ShownCell>> = {
  kind: "cell-settings",
  noun: "cell",
  path: "/v1/cells",
  toWire: ({ cell: _, stepMs, acting, ...settings }) => ({
    ...settings,
    acting: [...acting],
    stepSeconds: stepMs / SECOND_MS,
  }),
  toChange: async ({ id, body }) => {
    const { stepSeconds, acting, ...settings } = body;
    const acted = acting.map((customer) => customer as CustomerId);
    const value = { ...settings, cell: id as CellId, acting: acted, stepMs: stepSeconds * SECOND_MS };
    return success({ kind: "cell-settings", id, value });
  },
};

/** Whose the workload is; the same words whether it is not there or somebody else's. */
export async function ownerOfWorkload(store: ConfinedStore, id: string): Promise<Result<CustomerId, Refusal>> {
  const found = await store.documents.get("workload", id);
  if (!found.ok) return found;
  return found.value ? success(found.value.value.customer) : unknown("workload", id);
}
