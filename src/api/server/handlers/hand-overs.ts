// Hand-overs between wire and cells. A customer's key asks for, sees and returns its own only; every wish is in the log of changes.
import { randomUUID } from "node:crypto";
import type { CustomerId, WorkloadId } from "../../../model/fleet.ts";
import type { HandOverId } from "../../../model/hand-over.ts";
import { resourceVector } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { durationMs, iso, SECOND_MS } from "../../../model/time.ts";
import type { HandOver, handOverRoutes } from "../../contract/hand-overs.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import { ownerOfWorkload } from "../document-forms.ts";
import type { KnownHandOver } from "../hand-over-desk.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, unknown } from "../refusals.ts";
import { templateForm, webhookForm } from "../replica-forms.ts";
import { documentHandlers, pageOf } from "./documents.ts";

type Rows = typeof handOverRoutes;

export function handOverHandlers(desks: Desks): Handlers<Rows> {
  const { handOvers } = desks;
  const templates = documentHandlers(templateForm, desks);
  const webhooks = documentHandlers(webhookForm(handOvers), desks);
  return {
    getTemplate: templates.get,
    putTemplate: templates.put,
    deleteTemplate: templates.remove,
    getWebhook: webhooks.get,
    putWebhook: webhooks.put,
    deleteWebhook: webhooks.remove,
    async listHandOvers({ query: { after = "", limit = PAGE_LIMIT_DEFAULT, customer }, caller }) {
      const items = handOvers
        .all()
        .map(shown)
        .filter((each) => isSeenBy(caller, each) && (customer === undefined || each.customer === customer))
        .filter(({ id }) => id > after)
        .toSorted((left, right) => (left.id < right.id ? -1 : 1));
      return success({ body: pageOf(items, { limit, shown: (item) => item }) });
    },
    async getHandOver({ params: { id }, caller }) {
      const found = ownOne(desks, { id, caller });
      return found.ok ? success({ body: shown(found.value) }) : found;
    },
    postHandOver: (asked) => ask(asked, desks),
    async returnHandOver({ params: { id }, caller, actor }) {
      const found = ownOne(desks, { id, caller });
      if (!found.ok) return found;
      const returned = await handOvers.giveBack(found.value.handOver.id);
      return returned.ok ? logged(desks, returned.value, { what: "changed", actor }) : returned;
    },
  };
}

async function ask({ body, store, seed, actor }: Asked<Rows["postHandOver"]>, desks: Desks) {
  const { workload, replica, size, drainSeconds } = body;
  const owner = await ownerOfWorkload(store, workload);
  if (!owner.ok) return owner;
  const kept = await store.documents.get("template", workload);
  if (!kept.ok) return kept;
  const template = kept.value?.value;
  const wanted = size === undefined ? template?.size : resourceVector(size);
  const asked = await desks.handOvers.ask({
    kind: "hand-over",
    id: `hand-over-${seed ?? randomUUID()}` as HandOverId,
    workload: workload as WorkloadId,
    customer: owner.value as CustomerId,
    replica,
    ...(wanted && { size: wanted }),
    ...(drainSeconds !== undefined && { drainMs: durationMs(drainSeconds * SECOND_MS) }),
    ...(template && {
      template: { image: template.image, ...(template.readiness && { readiness: template.readiness }) },
    }),
  });
  if (!asked.ok) return asked;
  return logged(desks, asked.value, { what: "created", actor });
}

/** What a customer asked for is no document, and in the log all the same. */
async function logged(
  { note }: Desks,
  known: KnownHandOver,
  { what, actor }: { readonly what: "created" | "changed"; readonly actor: Asked["actor"] },
) {
  const body = shown(known);
  const { id, workload, replica, size, returnAsked } = body;
  const noted = await note({
    ...{ at: actor.at, by: actor.id, what, kind: "hand-over", target: id, customer: known.handOver.customer },
    version: what === "created" ? 1 : 2,
    after: { workload, replica, size, returnAsked },
  });
  return noted.ok ? success({ body, location: `/v1/hand-overs/${encodeURIComponent(id)}` }) : noted;
}

function ownOne(
  { handOvers }: Desks,
  { id, caller }: { readonly id: string; readonly caller: Asked["caller"] },
): Result<KnownHandOver, Refusal> {
  const found = handOvers.find(id as HandOverId);
  return found !== undefined && isSeenBy(caller, found.handOver) ? success(found) : unknown("hand-over", id);
}

function isSeenBy({ role, customer }: Asked["caller"], of: { readonly customer: string }): boolean {
  return role === "operator" || customer === of.customer;
}

function shown(known: KnownHandOver): HandOver {
  const { handOver, replica, size, drainMs, template, isReady, returnAsked, moves, untold, problem = null } = known;
  const { id, customer, workload, host, shadowVm, state, since } = handOver;
  return {
    ...{ id, customer, workload, host, shadowVm, state, since: iso(since), replica, size },
    ...{ drainSeconds: drainMs / SECOND_MS, image: template?.image ?? null, ready: isReady, returnAsked },
    moves: moves.map(({ at, to, why }) => ({ at: iso(at), to, why })),
    ...{ untold: [...untold], problem },
  };
}
