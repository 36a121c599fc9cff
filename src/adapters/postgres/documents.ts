// Documents, their references and versions. All writers of documents and of the log wait for one row, so that ids in the log come in
// the order of their commits. A reference is a foreign key: what is needed cannot go.
import {
  type Actor,
  type DocumentChange,
  type DocumentKind,
  type DocumentStore,
  type Kept,
  type ListQuestion,
  loggedValue,
} from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { type Instant, instant } from "../../model/time.ts";
import { lockLog, logChanges, newestChange } from "./change-log.ts";
import type { Connections, Sql } from "./connections.ts";
import { fromText, toText } from "./document-text.ts";
import { checkedLimit } from "./list-limits.ts";

const CHANGES_MAX = 10_000;

interface DocumentRow {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly version: number;
  readonly body: string;
  readonly customer: string | null;
  readonly changed_at: number;
}

type DocumentKey = Pick<DocumentChange, "kind" | "id">;
type Known = Map<string, DocumentRow>;

const COLUMNS = "kind, id, version, body, customer, changed_at";

export function documentStore(connections: Connections): DocumentStore {
  return {
    async get(kind, id) {
      const text = `select ${COLUMNS} from documents where kind = $1 and id = $2`;
      const rows = await connections.ask<DocumentRow>(text, [kind, id]);
      return rows.ok ? success(rows.value[0] && keptOf(rows.value[0])) : rows;
    },
    async list(kind, question) {
      const rows = await listed(connections, kind, question);
      return rows.ok ? success(rows.value.map(keptOf<never>)) : rows;
    },
    async write(changes, by) {
      if (changes.length > CHANGES_MAX)
        return failure("bad-input", `${changes.length} changes at once: write at most ${CHANGES_MAX}.`);
      return changes.length === 0 ? success([]) : connections.transaction((sql) => written(sql, changes, by));
    },
    revision: () => newestChange(connections),
  };
}

async function listed(connections: Connections, kind: DocumentKind, question: ListQuestion) {
  const limit = checkedLimit(question.limit);
  if (!limit.ok) return limit;
  const text = `select ${COLUMNS} from documents
    where kind = $1 and id > $2 ${question.customer === undefined ? "" : "and customer = $4"} order by id limit $3`;
  const own = question.customer === undefined ? [] : [question.customer];
  return connections.ask<DocumentRow>(text, [kind, question.after ?? "", limit.value, ...own]);
}

async function written(
  sql: Sql,
  changes: readonly DocumentChange[],
  by: Actor,
): Promise<Result<readonly Kept<unknown>[]>> {
  await lockLog(sql);
  const before = await known(sql, changes);
  const after: Known = new Map(before);
  const rows: (DocumentRow & { readonly removed: boolean })[] = [];
  const lines = [];
  for (const change of changes) {
    const old = after.get(nameOf(change));
    const fault = faultOf(change, old);
    if (fault !== undefined) return fault;
    const row = changedRow(change, old, by.at);
    if (change.value === undefined) after.delete(nameOf(change));
    else after.set(nameOf(change), row);
    rows.push({ ...row, removed: change.value === undefined });
    lines.push({
      at: by.at,
      by: by.id,
      what:
        old === undefined
          ? ("created" as const)
          : change.value === undefined
            ? ("removed" as const)
            : ("changed" as const),
      kind: row.kind,
      target: row.id,
      customer: row.customer,
      version: row.version,
      before: old === undefined ? null : loggedText(old),
      after: change.value === undefined ? null : loggedText(row),
    });
  }
  await keep(sql, before, after);
  await keepNeeds(sql, changes);
  const broken = await brokenNeed(sql, changes);
  if (broken !== undefined) return broken;
  await logChanges(sql, lines);
  return success(rows.map((row) => (row.removed ? { ...keptOf(row), value: undefined } : keptOf(row))));
}

async function known(sql: Sql, changes: readonly DocumentKey[]): Promise<Known> {
  const rows = await sql<DocumentRow>(
    `select ${COLUMNS} from documents natural join
      (select distinct * from unnest($1::text[], $2::text[]) as asked (kind, id)) as asked`,
    [changes.map(({ kind }) => kind), changes.map(({ id }) => id)],
  );
  return new Map(rows.map((row) => [nameOf(row), row]));
}

function faultOf({ kind, id, value, ifVersion }: DocumentChange, old: DocumentRow | undefined) {
  const version = old?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== version) {
    const found = version === 0 ? "is not there" : `has version ${version}`;
    const wanted = ifVersion === 0 ? "is not to be there yet" : `was to have version ${ifVersion}`;
    return failure("conflict", `The ${kind} ${id} ${wanted} and ${found}: read it again and decide anew.`);
  }
  if (value === undefined && old === undefined)
    return failure("not-found", `There is no ${kind} ${id} that could be removed.`);
  return undefined;
}

function changedRow(change: DocumentChange, old: DocumentRow | undefined, at: Instant): DocumentRow {
  const { kind, id, value } = change;
  return {
    kind,
    id,
    version: (old?.version ?? 0) + 1,
    body: value === undefined ? (old?.body ?? "") : toText(value),
    customer: change.customer ?? (value === undefined ? (old?.customer ?? null) : null),
    changed_at: at,
  };
}

function loggedText({ kind, body }: DocumentRow): string {
  const value = fromText(body);
  const logged = loggedValue(kind, value);
  return logged === value ? body : toText(logged);
}

async function keep(sql: Sql, before: Known, after: Known): Promise<void> {
  const gone = [...before.values()].filter((row) => !after.has(nameOf(row)));
  const rows = [...after.values()].filter((row) => before.get(nameOf(row)) !== row);
  await sql(
    `insert into documents (${COLUMNS})
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::bigint[])
     on conflict (kind, id) do update set version = excluded.version, body = excluded.body,
       customer = excluded.customer, changed_at = excluded.changed_at`,
    [
      rows.map(({ kind }) => kind),
      rows.map(({ id }) => id),
      rows.map(({ version }) => version),
      rows.map(({ body }) => body),
      rows.map(({ customer }) => customer),
      rows.map(({ changed_at }) => changed_at),
    ],
  );
  await sql(
    `delete from documents using unnest($1::text[], $2::text[]) as gone (kind, id)
     where documents.kind = gone.kind and documents.id = gone.id`,
    [gone.map(({ kind }) => kind), gone.map(({ id }) => id)],
  );
}

async function keepNeeds(sql: Sql, changes: readonly DocumentChange[]): Promise<void> {
  const last = new Map(changes.map((change) => [nameOf(change), change]));
  const touched = [...last.values()];
  const needs = touched.flatMap(({ kind, id, value, needs = [] }) =>
    value === undefined ? [] : needs.map((needed) => ({ kind, id, needed })),
  );
  await sql(
    `delete from document_needs using unnest($1::text[], $2::text[]) as touched (kind, id)
     where document_needs.kind = touched.kind and document_needs.id = touched.id`,
    [touched.map(({ kind }) => kind), touched.map(({ id }) => id)],
  );
  await sql(
    `insert into document_needs (kind, id, needs_kind, needs_id)
     select distinct * from unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
    [
      needs.map(({ kind }) => kind),
      needs.map(({ id }) => id),
      needs.map(({ needed }) => needed.kind),
      needs.map(({ needed }) => needed.id),
    ],
  );
}

/** What the foreign keys would say at the end, in words. */
async function brokenNeed(sql: Sql, changes: readonly DocumentKey[]) {
  const [broken] = await sql<{ kind: string; id: string; needs_kind: string; needs_id: string; mine: boolean }>(
    `with touched as (select distinct * from unnest($1::text[], $2::text[]) as touched (kind, id))
     select needs.*, exists (select from touched where kind = needs.kind and id = needs.id) as mine
     from document_needs as needs
     where (exists (select from touched where kind = needs.kind and id = needs.id)
         or exists (select from touched where kind = needs.needs_kind and id = needs.needs_id))
       and not exists (select from documents where kind = needs.needs_kind and id = needs.needs_id)
     order by mine desc, kind, id limit 1`,
    [changes.map(({ kind }) => kind), changes.map(({ id }) => id)],
  );
  if (broken === undefined) return undefined;
  const [one, needed] = [`${broken.kind} ${broken.id}`, `${broken.needs_kind} ${broken.needs_id}`];
  return broken.mine
    ? failure("not-found", `The ${one} needs the ${needed}, which is not there: make that first.`)
    : failure("conflict", `The ${needed} cannot be removed: the ${one} still needs it. Remove that first.`);
}

function keptOf<Value>(row: DocumentRow): Kept<Value> {
  return {
    id: row.id,
    value: fromText(row.body) as Value,
    version: row.version,
    changedAt: instant(row.changed_at),
    ...(row.customer === null ? {} : { customer: row.customer as CustomerId }),
  };
}

function nameOf({ kind, id }: DocumentKey): string {
  return `${kind} ${id}`;
}
