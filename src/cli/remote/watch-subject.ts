// Whom a watch follows, and what is known of it at each tick. A customer's key hears its own part of a tick only.
import type { ApiClient } from "../../api/client/client.ts";
import type { CustomerTick, Problem, Tick } from "../../api/contract/live.ts";
import { type Result, success } from "../../model/result.ts";
import { ifThere } from "./many-calls.ts";
import type { Seen } from "./watch-frame.ts";

export type Subject =
  | { readonly kind: "fleet" }
  | { readonly kind: "customer"; readonly id: string }
  | { readonly kind: "vm"; readonly id: string };

/** Fails where nobody answers, the key is not taken, or there is no such customer or VM. */
export async function findSubject(client: ApiClient, id: string | undefined): Promise<Result<Subject, Problem>> {
  const fleet = ifThere(await client.getFleet());
  if (!fleet.ok) return fleet;
  if (id === undefined) {
    if (fleet.value !== null) return success({ kind: "fleet" });
    const mayLook = await client.listCustomers({ query: { limit: 1 } });
    return mayLook.ok ? success({ kind: "fleet" }) : mayLook;
  }
  if (fleet.value?.latest.customers.some((customer) => customer.id === id)) return success({ kind: "customer", id });
  const customer = await client.getCustomer({ id });
  if (customer.ok) return success({ kind: "customer", id });
  if (customer.error.status !== 404) return customer;
  const vm = await client.getVm({ id });
  if (vm.ok) return success({ kind: "vm", id });
  if (vm.error.status !== 404) return vm;
  return { ok: false, error: { ...vm.error, title: `There is no customer or VM ${id}.` } };
}

/** As it is before the first tick that is heard; undefined where nothing can be said yet. */
export async function seenNow(client: ApiClient, subject: Subject): Promise<Seen | undefined> {
  if (subject.kind === "vm") return seenOfVm(client, subject.id);
  const fleet = await client.getFleet();
  return fleet.ok ? partOf(subject, fleet.value.latest) : undefined;
}

export async function seenOfTick(
  client: ApiClient,
  subject: Subject,
  tick: Tick | CustomerTick,
): Promise<Seen | undefined> {
  return subject.kind === "vm" ? seenOfVm(client, subject.id) : partOf(subject, tick);
}

function partOf(subject: Exclude<Subject, { kind: "vm" }>, tick: Tick | CustomerTick): Seen | undefined {
  if (subject.kind === "fleet") return { kind: "fleet", value: tick };
  const state = tick.customers.find(({ id }) => id === subject.id);
  const decisions = tick.decisions.filter(({ customer }) => customer === subject.id);
  return state && { kind: "customer", value: { at: tick.at, customer: state, decisions } };
}

const DECISIONS_SHOWN = 5;

async function seenOfVm(client: ApiClient, id: string): Promise<Seen | undefined> {
  const allocation = await client.getVmAllocation({ id });
  const decisions = await client.listDecisions({ query: { vm: id, limit: DECISIONS_SHOWN } });
  if (!allocation.ok || !decisions.ok) return undefined;
  return { kind: "vm", value: { ...allocation.value, decisions: decisions.value.items } };
}
