// API keys: made, listed, replaced, ended. The key itself is in one answer and nowhere else.
import type { Static } from "typebox";
import type { ApiKey } from "../../../control/store-ports.ts";
import type { CustomerId } from "../../../model/fleet.ts";
import { type Result, success } from "../../../model/result.ts";
import { iso } from "../../../model/time.ts";
import type { KeyBody, operatorRoutes } from "../../contract/operator.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import { hashOf, newKeyId, newSecret } from "../api-keys.ts";
import { instantOf } from "../declared-forms.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, refusal, unknown, wrongField } from "../refusals.ts";
import { pageOf } from "./documents.ts";

type Rows = Pick<typeof operatorRoutes, "listKeys" | "postKey" | "rotateKey" | "revokeKey">;

export function keyHandlers(desks: Desks): Handlers<Rows> {
  const { keys } = desks;
  return {
    async listKeys({ query: { after = "", limit = PAGE_LIMIT_DEFAULT } }) {
      const listed = await keys.keys({ after, limit: limit + 1 });
      return listed.ok ? success({ body: pageOf(listed.value, { limit, shown: shownKey }) }) : listed;
    },
    async postKey({ body, store, actor, now }) {
      const rights = await rightsOf(body, { store, now });
      return rights.ok ? make(rights.value, { actor, now, keys }) : rights;
    },
    async rotateKey({ params: { id }, actor, now }) {
      const found = await liveKey(keys, id);
      if (!found.ok) return found;
      const { id: _, createdAt: __, ...rights } = found.value;
      const made = await make(rights, { actor, now, keys });
      if (!made.ok) return made;
      const ended = await keys.revoke(id, actor);
      desks.keysChanged();
      return ended.ok ? made : ended;
    },
    async revokeKey({ params: { id }, actor, now }) {
      const found = await liveKey(keys, id);
      if (!found.ok) return found;
      const ended = await keys.revoke(id, actor);
      desks.keysChanged();
      return ended.ok ? success({ body: shownKey({ ...found.value, revokedAt: now }) }) : ended;
    },
  };
}

type Rights = Omit<ApiKey, "id" | "createdAt">;

async function rightsOf(
  { customer, expiresAt, name, role, scopes }: Static<typeof KeyBody>,
  { store, now }: Pick<Asked, "store" | "now">,
): Promise<Result<Rights, Refusal>> {
  if (role === "customer" && customer === undefined)
    return wrongField("/customer", "must be given for the role customer");
  if (role === "operator" && customer !== undefined)
    return wrongField("/customer", "cannot be given for the role operator");
  const ends = expiresAt === undefined ? undefined : instantOf(expiresAt);
  if (ends !== undefined && ends <= now) return wrongField("/expiresAt", "must lie ahead");
  const rights = { name, role, scopes, ...(ends !== undefined && { expiresAt: ends }) };
  if (customer === undefined) return success(rights);
  const owner = await store.documents.get("customer", customer);
  if (!owner.ok) return owner;
  if (owner.value === undefined) return wrongField("/customer", `there is no customer ${customer}`);
  return success({ ...rights, customer: customer as CustomerId });
}

async function make(rights: Rights, { actor, now, keys }: Pick<Asked, "actor" | "now"> & Pick<Desks, "keys">) {
  const secret = newSecret();
  const key: ApiKey = { id: newKeyId(), createdAt: now, ...rights };
  const added = await keys.add(key, hashOf(secret), actor);
  return added.ok ? success({ body: { ...shownKey(key), secret } }) : added;
}

const PAGE = 1_000;

async function liveKey(keys: Desks["keys"], id: string): Promise<Result<ApiKey, Refusal>> {
  let after = "";
  for (;;) {
    const listed = await keys.keys({ after, limit: PAGE });
    if (!listed.ok) return listed;
    const found = listed.value.find((key) => key.id === id);
    if (found?.revokedAt !== undefined) return refusal("conflict", `The key ${id} was ended before.`);
    if (found) return success(found);
    const last = listed.value.at(-1);
    if (last === undefined || listed.value.length < PAGE) return unknown("key", id);
    after = last.id;
  }
}

function shownKey({ createdAt, expiresAt, revokedAt, scopes, ...key }: ApiKey) {
  return {
    ...key,
    scopes: [...scopes],
    createdAt: iso(createdAt),
    ...(expiresAt !== undefined && { expiresAt: iso(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: iso(revokedAt) }),
  };
}
