// The four or five routes that every kind of document has: list, read, put, remove, and add where the server makes the id.
import type { TObject, TSchema } from "typebox";
import { CONFINED, OPERATOR, type Route, type Tenant } from "./route.ts";
import { IdParams, Nothing, OwnerPageQuery, page } from "./scalars.ts";

interface DocumentKindRows<Body extends TSchema, Kept extends TObject> {
  readonly tag: Route["tag"];
  readonly noun: string;
  /** "a VM that is gone": what may be removed. */
  readonly removable?: string;
  readonly description?: string;
  readonly body: Body;
  readonly kept: Kept;
  /** Who reads one; whoever does may list those that are its own. */
  readonly readers: Tenant;
  /** Who changes one. Operators where left out. */
  readonly writers?: Tenant;
  readonly example: { readonly id: string; readonly body: object };
}

export function documentRows<Body extends TSchema, Kept extends TObject>(given: DocumentKindRows<Body, Kept>) {
  const { tag, noun, body, kept, readers, writers = OPERATOR, example, description } = given;
  const { removable = `a ${noun}` } = given;
  const shown = { id: example.id, version: 1, changedAt: "2026-03-02T08:00:00.000Z", ...example.body };
  const told = description === undefined ? {} : { description };
  const lister = readers.kind === "operator" ? OPERATOR : CONFINED;
  const adder = writers.kind === "operator" ? OPERATOR : CONFINED;
  return {
    list: {
      tag,
      scope: "read",
      tenant: lister,
      summary: `List ${noun}s`,
      query: OwnerPageQuery,
      response: page(kept),
      example: { response: { items: [shown], next: null } },
    },
    get: {
      tag,
      scope: "read",
      tenant: readers,
      summary: `Read a ${noun}`,
      params: IdParams,
      response: kept,
      versioned: true,
      example: { response: shown },
    },
    put: {
      tag,
      scope: "write",
      tenant: writers,
      summary: `Create or change a ${noun}`,
      ...told,
      params: IdParams,
      body,
      response: kept,
      versioned: true,
      example: { body: example.body, response: shown },
    },
    add: {
      tag,
      scope: "write",
      tenant: adder,
      summary: `Add a ${noun}`,
      ...told,
      body,
      status: 201,
      response: kept,
      versioned: true,
      example: { body: example.body, response: shown },
    },
    remove: {
      tag,
      scope: "write",
      tenant: writers,
      summary: `Remove ${removable}`,
      params: IdParams,
      status: 204,
      response: Nothing,
      versioned: true,
      example: {},
    },
  } as const;
}
