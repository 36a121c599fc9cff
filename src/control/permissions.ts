// What the guardrails allow at this moment, VM by VM: asked once a tick for each host and customer, and then read off columns.
import type { Subject } from "../model/blackout.ts";
import type { Instant } from "../model/time.ts";
import { type Guardrails, mayChange, type Permission, type WishedChange } from "../shaping/guardrails.ts";
import { type CellLayout, NOBODY } from "./cell-layout.ts";

export interface Permissions {
  /** [vm] 1 = yes. */
  readonly mayGrow: Uint8Array;
  readonly mayShrink: Uint8Array;
  /** [host] 1 = nothing that belongs to nobody may be changed there: buffer and shadow VMs stay as they are. */
  readonly frozen: Uint8Array;
}

export function createPermissions({ vmIds, hostIds }: CellLayout): Permissions {
  return {
    mayGrow: new Uint8Array(vmIds.length).fill(1),
    mayShrink: new Uint8Array(vmIds.length).fill(1),
    frozen: new Uint8Array(hostIds.length),
  };
}

/** Everybody known is acted for, nothing is forbidden. */
export function noGuardrails({ customers }: CellLayout): Guardrails {
  return {
    killSwitch: false,
    modes: { cell: "act", customers: new Map(customers.map((customer) => [customer, "act"])) },
    blackouts: [],
  };
}

interface Question {
  readonly layout: CellLayout;
  readonly guardrails: Guardrails;
  readonly now: Instant;
}

/** Consent and budget are asked where a change is wished; the rest holds for all of a customer's VMs on a host. */
export function readPermissions({ mayGrow, mayShrink, frozen }: Permissions, question: Question): void {
  const { layout } = question;
  const groups = layout.customers.length + 1;
  const known = new Map<number, { readonly grow: boolean; readonly shrink: boolean }>();
  for (const host of layout.hostIds.keys())
    frozen[host] = permissionFor(question, { host, customer: NOBODY, direction: "more" }).kind === "yes" ? 0 : 1;
  for (let vm = 0; vm < mayGrow.length; vm++) {
    const host = layout.hostOfVm[vm] as number;
    const customer = layout.customerOfVm[vm] as number;
    const group = host * groups + customer + 1;
    let allowed = known.get(group);
    if (allowed === undefined) {
      const may = (direction: WishedChange["direction"]) =>
        permissionFor(question, { host, customer, direction }).kind === "yes";
      allowed = { grow: may("more"), shrink: may("less") };
      known.set(group, allowed);
    }
    mayGrow[vm] = allowed.grow ? 1 : 0;
    mayShrink[vm] = allowed.shrink ? 1 : 0;
  }
}

/** With the sentence that goes on the record. */
export function permissionFor(
  { layout, guardrails, now }: Question,
  { host, customer, direction }: { host: number; customer: number; direction: WishedChange["direction"] },
): Permission {
  const owner = layout.customers[customer];
  const subject: Subject = {
    cell: layout.cell,
    host: layout.hostIds[host] as Subject["host"],
    ...(owner !== undefined && { customer: owner }),
  };
  return mayChange({ subject, direction, cause: "contract", optedIn: true, budgetLeft: 1 }, { guardrails, now });
}
