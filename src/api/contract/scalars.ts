// The small parts that all requests and answers are made of. Instants are ISO 8601 with a zone, amounts are in base units.
import { type Static, type TProperties, type TSchema, Type } from "typebox";
import { RESOURCES } from "../../model/resources.ts";

/** Unknown fields are refused. */
export function strict<Properties extends TProperties>(properties: Properties, options: { description?: string } = {}) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

export const ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$";
export const Id = Type.String({
  pattern: ID_PATTERN,
  description: "1 to 128 letters, digits, dots, colons or dashes; the first is a letter or digit.",
});

export const IdParams = strict({ id: Id });

/** Years 1980 to 2199, so that a mistaken unit is found out. */
export const Instant = Type.String({
  format: "date-time",
  pattern: "^(19[89]\\d|2[01]\\d\\d)-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)$",
  description: "ISO 8601 with Z or an offset, such as 2026-11-27T08:00:00Z; years 1980 to 2199.",
});

export const ResourceName = Type.Enum([...RESOURCES], { description: "cpu, memory, network or storage." });

const AMOUNT_MAX = 1e30;
const amount = (unit: string) => Type.Number({ minimum: 0, maximum: AMOUNT_MAX, description: `In ${unit}.` });

export const ResourceAmounts = strict(
  {
    cpu: amount("cores"),
    memory: amount("bytes"),
    network: amount("bytes/s, received and sent"),
    storage: amount("bytes/s, read and written"),
  },
  { description: "Cores, bytes, bytes/s, bytes/s. 1e30 stands for no limit." },
);

export function byResource<Schema extends TSchema>(schema: Schema) {
  return strict({ cpu: schema, memory: schema, network: schema, storage: schema });
}

export function nullable<Schema extends TSchema>(schema: Schema, description: string) {
  return Type.Union([schema, Type.Null()], { description });
}

/** What every kept document has beside its own fields. */
export const KEPT = {
  id: Id,
  version: Type.Integer({
    minimum: 0,
    description: "1 at first, grows by one with every change; also sent as ETag. 0: nothing is kept yet.",
  }),
  changedAt: nullable(Instant, "When it was last changed; null where nothing is kept yet."),
};

const PAGE_LIMIT_MAX = 500;
export const PAGE_LIMIT_DEFAULT = 100;

const Limit = Type.Integer({
  minimum: 1,
  maximum: PAGE_LIMIT_MAX,
  description: `Items on a page; ${PAGE_LIMIT_DEFAULT} where left out.`,
});

export const PageQuery = strict({
  after: Type.Optional(Type.String({ maxLength: 128, description: "`next` of the page before." })),
  limit: Type.Optional(Limit),
});

export const OwnerPageQuery = strict({
  ...PageQuery.properties,
  customer: Type.Optional({ ...Id, description: "Only what belongs to this customer." }),
});

/** Newest first: `before` instead of `after`. */
export const NEWEST_FIRST = {
  before: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 53 - 1, description: "`next` of the page before." })),
  limit: Type.Optional(Limit),
};

export function page<Schema extends TSchema>(item: Schema) {
  return strict({ items: Type.Array(item), next: nullable(Type.String(), "`after` of the next page; null: none.") });
}

export function newestPage<Schema extends TSchema>(item: Schema) {
  const next = nullable(Type.Integer(), "`before` of the next page; null: none.");
  return strict({ items: Type.Array(item), next });
}

/** The answer to a removal has no body. */
export const Nothing = Type.Null();

export type ResourceAmounts = Static<typeof ResourceAmounts>;
