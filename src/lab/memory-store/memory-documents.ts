// Documents by kind and id: all changes of a write, or none.
import {
  type Actor,
  type DocumentChange,
  type DocumentKind,
  type DocumentKinds,
  type DocumentStore,
  type Kept,
  loggedValue,
} from "../../control/store-ports.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { appendChange } from "./memory-log.ts";
import type { MemoryTables, Need } from "./memory-tables.ts";

type Row = Kept<unknown> & { readonly needs: readonly Need[] };

export function memoryDocuments(tables: MemoryTables): DocumentStore {
  const { documents, log } = tables;
  return {
    get: async (kind, id) => success(shown(documents.get(kind)?.get(id))),
    async list(kind, { after = "", limit, customer }) {
      const rows = [...(documents.get(kind)?.values() ?? [])]
        .filter((row) => row.id > after && (customer === undefined || row.customer === customer))
        .sort((left, right) => (left.id < right.id ? -1 : 1));
      return success(rows.slice(0, limit).flatMap((row) => shown(row) ?? []));
    },
    async write(changes, by) {
      if (changes.length > CHANGES_MAX)
        return failure("bad-input", `At most ${CHANGES_MAX} changes are written in one go, got ${changes.length}.`);
      const undo = snapshot(tables);
      const done: Applied[] = [];
      for (const change of changes) {
        const applied = apply(tables, change, by.at);
        if (!applied.ok) {
          undo();
          return applied;
        }
        done.push(applied.value);
      }
      const broken = brokenNeed(tables, changes);
      if (broken) {
        undo();
        return broken;
      }
      for (const each of done) logWrite(tables, each, by);
      return success(done.map(({ row: { needs: _, ...kept } }) => kept));
    },
    revision: async () => success(log.at(-1)?.id ?? 0),
  };
}

function shown<Kind extends DocumentKind>(row: Row | undefined): Kept<DocumentKinds[Kind]> | undefined {
  if (row === undefined) return undefined;
  const { needs: _, ...kept } = row;
  // Rows are kept by kind, so each has a value of its kind.
  return kept as Kept<DocumentKinds[Kind]>;
}

const CHANGES_MAX = 10_000;

/** Undoes whatever was done since. */
function snapshot({ documents }: MemoryTables): () => void {
  const tables = [...documents].map(([kind, rows]) => [kind, new Map(rows)] as const);
  return () => {
    documents.clear();
    for (const [kind, rows] of tables) documents.set(kind, rows);
  };
}

interface Applied {
  readonly change: DocumentChange;
  readonly row: Row;
  readonly was: Row | undefined;
}

function apply({ documents }: MemoryTables, change: DocumentChange, at: Row["changedAt"]): Result<Applied> {
  const { kind, id, value, ifVersion, needs = [] } = change;
  const rows = documents.get(kind) ?? new Map<string, Row>();
  documents.set(kind, rows);
  const was = rows.get(id);
  const version = was?.version ?? 0;
  if (ifVersion !== undefined && ifVersion !== version)
    return failure("conflict", `The ${kind} ${id} has version ${version} and not ${ifVersion}: read it again.`);
  if (value === undefined && was === undefined)
    return failure("not-found", `There is no ${kind} ${id} that could be removed.`);
  const customer = change.customer ?? (value === undefined ? was?.customer : undefined);
  const row: Row = {
    id,
    value,
    version: version + 1,
    changedAt: at,
    needs,
    ...(customer !== undefined && { customer }),
  };
  if (value === undefined) rows.delete(id);
  else rows.set(id, row);
  return success({ change, row, was });
}

/** Looked for when all is done: what changes need may come in any order. */
function brokenNeed({ documents }: MemoryTables, changes: readonly DocumentChange[]): Result<never> | undefined {
  const isThere = (need: Need) => documents.get(need.kind)?.has(need.id) === true;
  for (const { kind, id } of changes) {
    const missing = documents
      .get(kind)
      ?.get(id)
      ?.needs.find((need) => !isThere(need));
    if (missing)
      return failure("not-found", `The ${kind} ${id} needs the ${missing.kind} ${missing.id}, which is not there.`);
  }
  const removed = changes.filter((change) => !isThere(change));
  for (const [kind, rows] of removed.length === 0 ? [] : documents)
    for (const { id, needs } of rows.values()) {
      const gone = needs.find((need) => removed.some((each) => each.kind === need.kind && each.id === need.id));
      if (gone)
        return failure("conflict", `The ${gone.kind} ${gone.id} cannot be removed: the ${kind} ${id} needs it.`);
    }
  return undefined;
}

function logWrite(tables: MemoryTables, { change, row, was }: Applied, by: Actor): void {
  const what = change.value === undefined ? "removed" : was === undefined ? "created" : "changed";
  appendChange(tables, {
    ...{ at: by.at, by: by.id, what, kind: change.kind, target: change.id, version: row.version },
    ...(row.customer !== undefined && { customer: row.customer }),
    ...(was !== undefined && { before: loggedValue(change.kind, was.value) }),
    ...(change.value !== undefined && { after: loggedValue(change.kind, change.value) }),
  });
}
