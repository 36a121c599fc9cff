// Any request at all to any route: mostly of the right form with something wrong in it, sometimes right, sometimes nothing like it.
import fc from "fast-check";
import type { TSchema } from "typebox";
import type { Route } from "../../../src/api/contract/route.ts";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import type { Ask } from "./ask.ts";
import { CELL, FOREIGN, FOREIGN_VM, FOREIGN_WORKLOAD, KEYS, OWN, OWN_VM, OWN_WORKLOAD } from "./running-service.ts";

type Json = Readonly<Record<string, unknown>>;

const KNOWN = [OWN, OWN_VM, OWN_WORKLOAD, FOREIGN, FOREIGN_VM, FOREIGN_WORKLOAD, CELL, "host-1", "shared", "x"];
const anyId: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...KNOWN) },
  fc.constantFrom("key-over", "aaaaaaaaaaaa", "..", "%00", "-", "a".repeat(129), "é", "__proto__"),
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
);

/** Of the right kind as a rule: a body has many fields, and one that is wrong ends it. */
function anyValueFor(schema: Json): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 25, arbitrary: fitting(schema) }, { weight: 1, arbitrary: anyThing });
}

const anyThing: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, "", 0, -1, 1e308, -0, 1.5, "NaN", [], {}, [[]], "2026-02-30T00:00:00Z", 2 ** 53, true, "'; --"),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.double(),
);

const anyInstant = fc.oneof(
  fc.constantFrom(
    "2026-03-02T00:00:00Z",
    "2026-04-03T08:00:00+02:00",
    "1980-01-01T00:00:00Z",
    "2199-12-31T23:59:59.999Z",
  ),
  fc.date({ min: new Date(0), max: new Date("2300-01-01"), noInvalidDate: true }).map((date) => date.toISOString()),
);

function fitting(schema: Json): fc.Arbitrary<unknown> {
  if (Array.isArray(schema["enum"])) return fc.constantFrom(...(schema["enum"] as unknown[]));
  if ("const" in schema) return fc.constant(schema["const"]);
  if (Array.isArray(schema["anyOf"])) return fc.oneof(...(schema["anyOf"] as Json[]).map(anyValueFor));
  switch (schema["type"]) {
    case "object":
      return anyObject(schema);
    case "array":
      return anyArray(schema);
    case "boolean":
      return fc.boolean();
    case "integer":
      return fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 600 }) }, fc.integer());
    case "number":
      return fc.oneof({ weight: 9, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) }, fc.double({ noNaN: true }));
    case "string":
      return schema["format"] === "date-time" ? anyInstant : anyId;
    default:
      return anyThing;
  }
}

/** Some fields may be missing, and strange ones may be there. */
function anyObject(schema: Json): fc.Arbitrary<unknown> {
  const properties = (schema["properties"] ?? {}) as Record<string, Json>;
  const required = (schema["required"] ?? []) as string[];
  const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, anyValueFor(each)]));
  const strange = fc.dictionary(fc.string({ maxLength: 8 }), anyThing, { maxKeys: 2 });
  const known = fc.record(fields, { requiredKeys: required });
  return fc.oneof(
    { weight: 6, arbitrary: known },
    { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.tuple(known, strange).map(([one, other]) => ({ ...one, ...other })) },
  );
}

function anyArray(schema: Json): fc.Arbitrary<unknown> {
  const least = Number(schema["minItems"] ?? 0);
  const length = { minLength: Math.max(least - 1, 0), maxLength: Math.max(least, 3) };
  const prefix = schema["prefixItems"] as Json[] | undefined;
  if (prefix) return fc.tuple(...prefix.map(anyValueFor));
  return fc.array(anyValueFor((schema["items"] ?? {}) as Json), length);
}

const anyKey = fc.option(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom("operator" as const, "own" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(KEYS) as (keyof typeof KEYS)[])) },
  ),
  { nil: undefined, freq: 20 },
);

/** That may be there. */
function idsOf(path: string): readonly [string, ...string[]] {
  if (path.startsWith("/v1/customers")) return [OWN, FOREIGN];
  if (path.startsWith("/v1/workloads")) return [OWN_WORKLOAD, FOREIGN_WORKLOAD];
  if (path.startsWith("/v1/vms")) return [OWN_VM, FOREIGN_VM];
  if (path.startsWith("/v1/cells")) return [CELL];
  if (path.startsWith("/v1/pools")) return ["shared"];
  if (path.startsWith("/v1/models")) return ["aaaaaaaaaaaa"];
  return ["host-1"];
}

const rows = Object.values(ROUTES) as readonly Route[];

export function anyRequestTo(route: Route): fc.Arbitrary<Ask> {
  return fc
    .record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant(route.method) },
        fc.constantFrom("GET", "PUT", "POST", "PATCH"),
      ),
      id: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...idsOf(route.path)) }, anyId),
      query: fc.option(anyQuery(route.query), { freq: 2 }),
      body: route.body ? anyBody(route.body) : fc.option(anyThing, { nil: undefined, freq: 5 }),
      key: anyKey,
      headers: anyHeaders,
    })
    .map(({ method, id, query, body, key, headers }): Ask => {
      const isBodiless = method === "GET";
      const path = route.path.replace(":id", () => encodeURIComponent(wellFormed(id)));
      return {
        ...{ method, path: `${path}${query ?? ""}`, headers },
        ...(key !== undefined && { key }),
        ...(!isBodiless && body !== undefined && { body }),
      };
    });
}

export const anyRequest: fc.Arbitrary<Ask> = fc.constantFrom(...rows).chain(anyRequestTo);

function anyBody(schema: TSchema): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: anyValueFor(schema as unknown as Json) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 50 }) },
  );
}

function anyQuery(schema: TSchema | undefined): fc.Arbitrary<string> {
  const properties = ((schema as unknown as Json | undefined)?.["properties"] ?? {}) as Record<string, Json>;
  const fields = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, anyValueFor(each)]));
  return fc.record(fields, { requiredKeys: [] }).map((query) => {
    const pairs = Object.entries(query).map(([name, value]) => [
      name,
      wellFormed(typeof value === "object" ? JSON.stringify(value) : String(value)),
    ]);
    return `?${new URLSearchParams(pairs).toString()}`;
  });
}

const anyHeaders: fc.Arbitrary<Record<string, string>> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: strangeHeaders() },
);

function strangeHeaders(): fc.Arbitrary<Record<string, string>> {
  return fc.record(
    {
      "if-match": fc.constantFrom('"1"', '"0"', "*", "1", '"1", "2"', 'W/"1"', '"99999999999999999999"'),
      "if-none-match": fc.constantFrom("*", '"1"', "x"),
      "idempotency-key": fc.constantFrom("a", "b", "c", "a b", "k".repeat(200)),
      accept: fc.constantFrom("*/*", "application/json", "text/html", "", ";;;"),
      "content-type": fc.constantFrom(
        "application/json",
        "application/octet-stream",
        "text/plain",
        "x",
        "application/json; charset=x",
      ),
    },
    { requiredKeys: [] },
  );
}

/** What can be sent as UTF-8. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/g, "?");
}
