// Events, do-not-learn ranges and blackouts between wire and store. A customer's key speaks for its own customer only.
import type { Static } from "typebox";
import type { BlackoutScope } from "../../model/blackout.ts";
import type { EventProvenance } from "../../model/event.ts";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";
import { type DurationMs, type Instant, instant, iso, SECOND_MS } from "../../model/time.ts";
import type { DoNotLearn, DoNotLearnBody, Event, EventBody } from "../contract/events.ts";
import type { Blackout, BlackoutBody } from "../contract/operator.ts";
import type { DeclarationDesk } from "./declaration-desk.ts";
import type { DocumentForm } from "./document-forms.ts";
import { type Refusal, refusal, wrongField } from "./refusals.ts";
import type { ConfinedStore } from "./tenant.ts";

/** The contract has seen to it that this is an instant. */
export function instantOf(text: string): Instant {
  return instant(Date.parse(text));
}

export function eventForm({
  readEvent,
}: DeclarationDesk): DocumentForm<"event", typeof EventBody, Static<typeof Event>> {
  return {
    kind: "event",
    noun: "event",
    path: "/v1/events",
    toWire({ id: _, start, end, announced, halfLifeMs, customers, provenance, ...fields }) {
      const times = { start: iso(start), end: iso(end), announced: iso(announced) };
      const touched = customers && { customers: [...customers] };
      const source = provenance && { source: sourceOf(provenance) };
      const fading = halfLifeMs !== undefined && { halfLifeSeconds: halfLifeMs / SECOND_MS };
      return { ...fields, ...times, ...touched, ...fading, ...source };
    },
    async toChange({ id, body, caller, store, now }) {
      const byHand = await saidByHand(store, id);
      if (!byHand.ok) return byHand;
      const { halfLifeSeconds, start, end, announced, ...fields } = body;
      const own = caller.customer;
      if (own !== undefined && fields.customers?.some((named) => named !== own))
        return wrongField("/customers", "a customer's key can name its own customer only");
      const read = readEvent(
        {
          ...fields,
          id,
          start: Date.parse(start),
          ...(end !== undefined && { end: Date.parse(end) }),
          ...(announced !== undefined && { announced: Date.parse(announced) }),
          ...(halfLifeSeconds !== undefined && { halfLifeMs: (halfLifeSeconds * SECOND_MS) as DurationMs }),
          ...(own !== undefined && { customers: [own] }),
        },
        { where: WHERE, now },
      );
      if (!read.ok) return refusedField(read.error.message);
      const { customers = [] } = read.value;
      const [only] = customers;
      const owner = customers.length === 1 && only !== undefined ? { customer: only } : {};
      return success({ kind: "event", id, value: read.value, ...owner });
    },
  };
}

async function saidByHand(store: ConfinedStore, id: string): Promise<Result<void, Refusal>> {
  const before = await store.documents.get("event", id);
  if (!before.ok) return before;
  return before.value?.value.provenance ? isOfSource(id) : success(undefined);
}

/** What a source says would be said again: it is corrected or muted instead. */
export function isOfSource(id: string): Result<never, Refusal> {
  const message = `The event ${id} comes from a source: correct or mute it with PUT /v1/events/${id}/correction.`;
  return refusal("conflict", message);
}

function sourceOf({ source, item, said, because, correction = {} }: EventProvenance) {
  const { muted = false, ...better } = correction;
  const corrected = Object.keys(better);
  return { id: source, item, said, because, muted, ...(corrected.length > 0 && { corrected }) };
}

export const WHERE = "body";

/** "body.demand.cpu.peak: expected ..." names its field. */
export function refusedField(message: string): Result<never, Refusal> {
  const [, path = "", detail = message] = message.match(/^body((?:\.\w+|\[\d+\])*): (.*)$/s) ?? [];
  const pointer = path.replaceAll(/\.(\w+)|\[(\d+)\]/g, (_, name, index) => `/${name ?? index}`);
  return wrongField(pointer.replace("halfLifeMs", "halfLifeSeconds"), detail.replace(/\.$/, ""));
}

export const doNotLearnForm: DocumentForm<"do-not-learn", typeof DoNotLearnBody, Static<typeof DoNotLearn>> = {
  kind: "do-not-learn",
  noun: "do-not-learn range",
  path: "/v1/do-not-learn",
  toWire: ({ start, end, vms, reason }) => {
    return { start: iso(start), end: iso(end), reason, ...(vms && { vms: [...vms] }) };
  },
  async toChange({ id, body, caller, store }) {
    const { vms, reason } = body;
    const span = readSpan(body);
    if (!span.ok) return span;
    if (vms === undefined) {
      if (caller.customer !== undefined) return wrongField("/vms", "name your VMs: only operators speak for everybody");
      return success({ kind: "do-not-learn", id, value: { ...span.value, reason } });
    }
    const owners = await ownersOf(store, vms);
    if (!owners.ok) return owners;
    const [only] = owners.value;
    const owner = owners.value.size === 1 && only !== undefined ? { customer: only } : {};
    const value = { ...span.value, vms: vms.map((vm) => vm as VmId), reason };
    return success({ kind: "do-not-learn", id, value, ...owner });
  },
};

async function ownersOf(
  store: ConfinedStore,
  vms: readonly string[],
): Promise<Result<ReadonlySet<CustomerId | undefined>, Refusal>> {
  const found = await Promise.all(vms.map((vm) => store.documents.get("vm", vm)));
  const owners = new Set<CustomerId | undefined>();
  for (const [index, each] of found.entries()) {
    if (!each.ok) return each;
    if (each.value === undefined) return wrongField(`/vms/${index}`, `there is no VM ${vms[index]}`);
    owners.add(each.value.customer);
  }
  return success(owners);
}

export const blackoutForm: DocumentForm<"blackout", typeof BlackoutBody, Static<typeof Blackout>> = {
  kind: "blackout",
  noun: "blackout",
  path: "/v1/blackouts",
  toWire: ({ start, end, ...fields }) => ({ ...fields, start: iso(start), end: iso(end) }),
  async toChange({ id, body, caller }) {
    const span = readSpan(body);
    if (!span.ok) return span;
    const scope = body.scope as BlackoutScope;
    const customer = scope.kind === "customer" ? scope.customer : undefined;
    if (caller.customer !== undefined && customer !== caller.customer)
      return wrongField("/scope", "a customer's key can name its own customer only");
    const value = { ...span.value, scope, forbids: body.forbids, reason: body.reason };
    return success({ kind: "blackout", id, value, ...(customer !== undefined && { customer }) });
  },
};

function readSpan({ start, end }: { readonly start: string; readonly end: string }) {
  const span = { start: instantOf(start), end: instantOf(end) };
  if (span.end <= span.start) return wrongField("/end", `must be after the start, ${start}`);
  return success(span);
}
