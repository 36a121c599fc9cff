// THE WALL between customers. Handlers are given these doors and never the store itself: behind them a customer's key finds,
// lists and changes its own only, and what is somebody else's is as if it were not there. An operator's doors are the store's.
import type {
  ChangeLog,
  DocumentChange,
  DocumentKind,
  DocumentKinds,
  DocumentStore,
  Kept,
  ListQuestion,
  Store,
} from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Route, Tenant } from "../contract/route.ts";
import type { Caller } from "./callers.ts";
import { type Refusal, refusal, unknown } from "./refusals.ts";

export interface ConfinedStore {
  readonly documents: Pick<DocumentStore, "get" | "list" | "write">;
  readonly changes: ChangeLog["changes"];
  readonly decisions: Store["cells"]["decisions"];
  readonly readSamples: Store["samples"]["read"];
  readonly usage: Store["usage"]["read"];
  /** Everybody may know prices. */
  readonly priceBook: () => Promise<Result<Kept<DocumentKinds["price-book"]> | undefined>>;
  /** For operators only. */
  readonly ofAll: Pick<Store["usage"], "customers" | "correct"> | undefined;
}

/** What a route asks of whoever comes: the scope, and for operators' routes the role. */
export function mayUse(route: Pick<Route, "scope" | "tenant">, caller: Caller): Result<void, Refusal> {
  if (route.tenant.kind === "operator" && caller.role !== "operator")
    return refusal("rejected", "This is for operators only.", { status: 403 });
  if (!caller.scopes.includes(route.scope))
    return refusal("rejected", `This key may not do that: it lacks the scope ${route.scope}.`, { status: 403 });
  return success(undefined);
}

/** Whether the document that the path names may be seen at all. Operators see everything, also what is not there yet. */
export async function findsOwn(
  tenant: Tenant,
  { id, caller, store }: { readonly id: string; readonly caller: Caller; readonly store: ConfinedStore },
): Promise<Result<void, Refusal>> {
  if (tenant.kind !== "owned" || caller.role === "operator") return success(undefined);
  const found = await store.documents.get(tenant.document, id);
  if (!found.ok) return found;
  return found.value === undefined ? unknown(tenant.document, id) : success(undefined);
}

export function confine(store: Store, caller: Caller): ConfinedStore {
  if (caller.role === "operator")
    return {
      documents: store.documents,
      changes: (question) => store.log.changes(question),
      decisions: (question) => store.cells.decisions(question),
      readSamples: (vm, span) => store.samples.read(vm, span),
      usage: (question) => store.usage.read(question),
      priceBook: () => store.documents.get("price-book", "current"),
      ofAll: store.usage,
    };
  const { customer } = caller;
  if (customer === undefined) throw new Error("assertion failed: a customer's key says whose it is");
  const documents = confineDocuments(store.documents, customer);
  return {
    documents,
    changes: (question) => store.log.changes({ ...question, customer }),
    decisions: (question) => store.cells.decisions({ ...question, customer }),
    async readSamples(vm, span) {
      const own = await documents.get("vm", vm);
      if (!own.ok) return own;
      return own.value ? store.samples.read(vm, span) : failure("not-found", `There is no vm ${vm}.`);
    },
    usage: (question) => store.usage.read({ ...question, customer }),
    priceBook: () => store.documents.get("price-book", "current"),
    ofAll: undefined,
  };
}

function confineDocuments(documents: DocumentStore, customer: CustomerId): ConfinedStore["documents"] {
  async function get<Kind extends DocumentKind>(
    kind: Kind,
    id: string,
  ): Promise<Result<Kept<DocumentKinds[Kind]> | undefined>> {
    const found = await documents.get(kind, id);
    if (!found.ok) return found;
    return success(found.value?.customer === customer ? found.value : undefined);
  }
  return {
    get,
    list: (kind, question: ListQuestion) => documents.list(kind, { ...question, customer }),
    async write(changes, by) {
      const owned: DocumentChange[] = [];
      for (const change of changes) {
        const checked = await ownChange(documents, change, customer);
        if (!checked.ok) return checked;
        owned.push(checked.value);
      }
      return documents.write(owned, by);
    },
  };
}

/** Tied to the version that was looked at, so that it cannot become somebody else's in between. */
async function ownChange(
  documents: DocumentStore,
  change: DocumentChange,
  customer: CustomerId,
): Promise<Result<DocumentChange>> {
  if (change.customer !== customer) return failure("not-found", `There is no ${change.kind} ${change.id}.`);
  const now = await documents.get(change.kind, change.id);
  if (!now.ok) return now;
  if (now.value !== undefined && now.value.customer !== customer)
    return failure("not-found", `There is no ${change.kind} ${change.id}.`);
  return success({ ifVersion: now.value?.version ?? 0, ...change });
}
