// Pages of the log of changes, newest first.
import type { LoggedChange } from "../../../control/store-ports.ts";
import type { CustomerId } from "../../../model/fleet.ts";
import { success } from "../../../model/result.ts";
import { iso } from "../../../model/time.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import type { ConfinedStore } from "../tenant.ts";

export interface ChangesQuery {
  readonly before?: number;
  readonly limit?: number;
  readonly customer?: string;
  readonly kind?: string;
  readonly target?: string;
}

export async function changesPage(store: ConfinedStore, query: ChangesQuery) {
  const { limit = PAGE_LIMIT_DEFAULT, customer, ...question } = query;
  const only = customer === undefined ? {} : { customer: customer as CustomerId };
  const found = await store.changes({ ...question, ...only, limit: limit + 1 });
  if (!found.ok) return found;
  const items = found.value.slice(0, limit);
  const next = found.value.length > limit ? (items.at(-1)?.id ?? null) : null;
  return success({ body: { items: items.map(shownChange), next } });
}

function shownChange({ at, before, after, ...change }: LoggedChange) {
  return {
    ...change,
    at: iso(at),
    ...(before !== undefined && { before: plain(before) }),
    ...(after !== undefined && { after: plain(after) }),
  };
}

/** As kept; long columns of numbers as lists. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}
