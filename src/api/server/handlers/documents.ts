// List, read, put, add and remove: the same for every kind of document. A change goes to the version that the caller has seen.
import { randomUUID } from "node:crypto";
import type { Static, TSchema } from "typebox";
import type { DocumentChange, DocumentKind, DocumentKinds, Kept } from "../../../control/store-ports.ts";
import type { CustomerId } from "../../../model/fleet.ts";
import { type Result, success } from "../../../model/result.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import { type DocumentForm, type PlainChange, type ShownHead, shownDocument } from "../document-forms.ts";
import type { Answer, Asked, Desks } from "../handler.ts";
import { changedMeanwhile } from "../preconditions.ts";
import { type Refusal, refusal, unknown } from "../refusals.ts";

type Common = Omit<Asked, "params" | "query" | "body">;
interface WithId {
  readonly params: { readonly id: string };
}
interface ListAsked extends Common {
  readonly query: { readonly after?: string; readonly limit?: number; readonly customer?: string };
}

export function documentHandlers<Kind extends DocumentKind, Body extends TSchema, Shown extends ShownHead>(
  form: DocumentForm<Kind, Body, Shown>,
  desks: Pick<Desks, "changed" | "directory">,
) {
  const { kind, noun } = form;
  const shown = (kept: Kept<DocumentKinds[Kind]>) => shownDocument(form, kept);
  const changeOf = ({ body, caller, store, now }: Common & { body: Static<Body> }, id: string) =>
    form.toChange({ id, body, caller, store, now });
  const finish = (written: Result<Kept<DocumentKinds[Kind]>, Refusal>, id: string): Result<Answer<Shown>, Refusal> => {
    if (!written.ok) return written;
    if (kind === "vm") desks.directory.forget();
    desks.changed([{ kind, id }]);
    const { version } = written.value;
    const status = version === 1 ? 201 : 200;
    return success({ body: shown(written.value), version, status });
  };
  const located = (made: Result<Answer<Shown>, Refusal>, id: string): Result<Answer<Shown>, Refusal> =>
    made.ok ? success({ ...made.value, location: `${form.path}/${encodeURIComponent(id)}` }) : made;
  return {
    async list({ query, store }: ListAsked): Promise<Result<Answer<Page<Shown>>, Refusal>> {
      const { after = "", limit = PAGE_LIMIT_DEFAULT, customer } = query;
      const only = customer === undefined ? {} : { customer: customer as CustomerId };
      const listed = await store.documents.list(kind, { after, limit: limit + 1, ...only });
      return listed.ok ? success({ body: pageOf(listed.value, { limit, shown }) }) : listed;
    },
    async get({ params: { id }, store }: Common & WithId): Promise<Result<Answer<Shown>, Refusal>> {
      const found = await store.documents.get(kind, id);
      if (!found.ok) return found;
      if (found.value === undefined) return unknown(noun, id);
      return success({ body: shown(found.value), version: found.value.version });
    },
    async put(asked: Common & WithId & { body: Static<Body> }): Promise<Result<Answer<Shown>, Refusal>> {
      const { id } = asked.params;
      const change = await changeOf(asked, id);
      return change.ok ? finish(await writeOne(asked, change.value), id) : change;
    },
    async add(asked: Common & { body: Static<Body> }): Promise<Result<Answer<Shown>, Refusal>> {
      const id = `${kind}-${asked.seed ?? randomUUID()}`;
      const change = await changeOf(asked, id);
      if (!change.ok) return change;
      const written = await writeOne({ ...asked, precondition: { kind: "absent" } }, change.value);
      // What a request that was cut off made before is what it asks for again.
      if (!written.ok && asked.seed !== undefined && written.error.kind === "conflict") {
        const made = await asked.store.documents.get(kind, id);
        if (made.ok && made.value) return located(finish(success(made.value), id), id);
      }
      return located(finish(written, id), id);
    },
    async remove(asked: Common & WithId): Promise<Result<Answer<null>, Refusal>> {
      const { id } = asked.params;
      const { store, actor } = asked;
      const found = await store.documents.get(kind, id);
      if (!found.ok) return found;
      if (found.value === undefined) return unknown(noun, id);
      const seen = seenVersion(asked, found.value.version);
      if (!seen.ok) return seen;
      const changes = [
        await companions(asked, form, id),
        removal({ kind, id, ifVersion: seen.value, ...ownerOf(found.value) }),
      ];
      const written = await store.documents.write(changes.flat(), actor);
      if (!written.ok) return tellRemoval(written.error, noun);
      if (kind === "vm") desks.directory.forget();
      desks.changed([{ kind, id }]);
      return success({ body: null });
    },
  };
}

interface Page<Item> {
  items: Item[];
  next: string | null;
}

/** `listed` holds one more than the page where there is a next one. */
export function pageOf<Item extends { readonly id: string }, Shown>(
  listed: readonly Item[],
  { limit, shown }: { readonly limit: number; readonly shown: (item: Item) => Shown },
): Page<Shown> {
  const items = listed.slice(0, limit);
  return { items: items.map(shown), next: listed.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** One change, to the version that the caller named. */
export async function writeOne<Kind extends DocumentKind>(
  { store, actor, precondition }: Pick<Asked, "store" | "actor" | "precondition">,
  change: PlainChange<Kind>,
): Promise<Result<Kept<DocumentKinds[Kind]>, Refusal>> {
  const expected = await expectedVersion(store, change, precondition);
  if (!expected.ok) return expected;
  const ifVersion = expected.value;
  // A plain change and the version that it goes to make a change of the same kind.
  const whole = { ...change, ...(ifVersion !== undefined && { ifVersion }) } as unknown as DocumentChange;
  const written = await store.documents.write([whole], actor);
  if (!written.ok) {
    if (written.error.kind === "conflict" && precondition.kind !== "none") return changedMeanwhile();
    return written;
  }
  return success(written.value[0] as Kept<DocumentKinds[Kind]>);
}

async function expectedVersion<Kind extends DocumentKind>(
  store: Asked["store"],
  { kind, id }: Pick<PlainChange<Kind>, "kind" | "id">,
  precondition: Asked["precondition"],
): Promise<Result<number | undefined, Refusal>> {
  switch (precondition.kind) {
    case "none":
      return success(undefined);
    case "absent":
      return success(0);
    case "version":
      return success(precondition.version);
    case "exists": {
      const found = await store.documents.get(kind, id);
      if (!found.ok) return found;
      return found.value ? success(found.value.version) : changedMeanwhile();
    }
  }
}

function seenVersion({ precondition }: Common, version: number): Result<number, Refusal> {
  if (precondition.kind === "absent") return changedMeanwhile();
  if (precondition.kind === "version" && precondition.version !== version) return changedMeanwhile();
  return success(version);
}

function removal(change: Omit<DocumentChange, "value">): DocumentChange {
  return { ...change, value: undefined } as DocumentChange;
}

function ownerOf({ customer }: { readonly customer?: CustomerId }) {
  return customer === undefined ? {} : { customer };
}

/** The contract of a customer, the profile of a workload: removed in one go with what it speaks of. */
async function companions(
  { store }: Common,
  { removedWith = [] }: { readonly removedWith?: readonly DocumentKind[] },
  id: string,
): Promise<readonly DocumentChange[]> {
  const changes: DocumentChange[] = [];
  for (const kind of removedWith) {
    const found = await store.documents.get(kind, id);
    if (!found.ok || found.value === undefined) continue;
    changes.push(removal({ kind, id, ifVersion: found.value.version, ...ownerOf(found.value) }));
  }
  return changes;
}

function tellRemoval(error: Refusal, noun: string): Result<never, Refusal> {
  if (error.kind !== "conflict") return { ok: false, error };
  return refusal("conflict", `This ${noun} is still needed, or was changed meanwhile: ${error.message}`);
}
