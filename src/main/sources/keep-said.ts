// Keeps what a source said, as events beside all others: each change has its line in the log of changes, and a reading that changes
// nothing leaves nothing behind.
import type { DocumentChange, DocumentStore, Kept, Store } from "../../control/store-ports.ts";
import type { ExternalEvent } from "../../model/event.ts";
import { type Result, success } from "../../model/result.ts";
import type { EventSource, SourceReading } from "../../model/source.ts";
import type { Instant } from "../../model/time.ts";
import { mergeSaid } from "../../signals/sources/merge-said.ts";
import type { WhatWasRead } from "./read-source.ts";

export interface KeepSaid {
  readonly store: Pick<Store, "documents">;
  readonly source: Kept<EventSource>;
  /** Undefined: nothing new was said, but the source itself was changed. */
  readonly read: WhatWasRead | undefined;
  readonly now: Instant;
}

export interface SaidCounts {
  readonly changed: number;
  readonly gone: number;
}

const TRIES = 3;

/** "conflict": people changed the same events again and again meanwhile. */
export async function keepSaid(given: KeepSaid): Promise<Result<SaidCounts>> {
  for (let attempt = 1; ; attempt++) {
    const kept = await keepOnce(given);
    if (kept.ok || kept.error.kind !== "conflict" || attempt === TRIES) return kept;
  }
}

async function keepOnce({
  store,
  source: { value: source, customer },
  read,
  now,
}: KeepSaid): Promise<Result<SaidCounts>> {
  const kept = await eventsOfSource(store.documents, source.id);
  if (!kept.ok) return kept;
  const { said = [], isWhole = false } = read ?? {};
  const { changed, gone } = mergeSaid({ source, kept: kept.value.map(({ value }) => value), said, now, isWhole });
  const versions = new Map(kept.value.map(({ id, version }) => [id, version]));
  const owner = customer === undefined ? {} : { customer };
  const needs = [{ kind: "source" as const, id: source.id }];
  const changes: DocumentChange[] = [
    ...changed.map((value): DocumentChange => {
      return { kind: "event", id: value.id, value, ...owner, needs, ifVersion: versions.get(value.id) ?? 0 };
    }),
    ...gone.map(
      (id): DocumentChange => ({ kind: "event", id, value: undefined, ...owner, ifVersion: versions.get(id) ?? 0 }),
    ),
  ];
  const reading = read && (await readingChange(store.documents, { source, read, now, changes: changes.length }));
  if (reading && !reading.ok) return reading;
  const all = reading?.value === undefined ? changes : [...changes, { ...reading.value, ...owner, needs }];
  const written = await store.documents.write(all, { id: `source ${source.id}`, at: now });
  return written.ok ? success({ changed: changed.length, gone: gone.length }) : written;
}

/** Undefined where the newest reading says what the one before did. */
async function readingChange(
  documents: DocumentStore,
  given: { readonly source: EventSource; readonly read: WhatWasRead; readonly now: Instant; readonly changes: number },
): Promise<Result<Extract<DocumentChange, { kind: "source-reading" }> | undefined>> {
  const { source, read, now, changes } = given;
  const { problems, ignored, validators } = read;
  const before = await documents.get("source-reading", source.id);
  if (!before.ok) return before;
  const value: SourceReading = { at: now, ...validators, problems, failed: false, ignored };
  const isNew = changes > 0 || before.value === undefined || !isSame(value, before.value.value);
  return success(isNew ? { kind: "source-reading", id: source.id, value } : undefined);
}

function isSame(left: SourceReading, right: SourceReading): boolean {
  return JSON.stringify({ ...left, at: 0 }) === JSON.stringify({ ...right, at: 0 });
}

/** A source that could not be read is told once, not at every try. */
export async function keepFailure({
  store,
  source: { id, customer },
  message,
  now,
}: Pick<KeepSaid, "store" | "now"> & { readonly source: Kept<EventSource>; readonly message: string }): Promise<
  Result<void>
> {
  const before = await store.documents.get("source-reading", id);
  if (!before.ok) return before;
  const { etag: _, lastModified: __, ...known } = before.value?.value ?? { ignored: [] };
  const value: SourceReading = { ...known, at: now, problems: [message], failed: true };
  if (before.value?.value.failed === true && before.value.value.problems[0] === message) return success(undefined);
  const needs = [{ kind: "source" as const, id }];
  const owner = customer === undefined ? {} : { customer };
  const written = await store.documents.write([{ kind: "source-reading", id, value, needs, ...owner }], {
    id: `source ${id}`,
    at: now,
  });
  return written.ok ? success(undefined) : written;
}

const PAGE = 1000;

/** By id. */
async function eventsOfSource(
  documents: Pick<DocumentStore, "list">,
  source: string,
): Promise<Result<readonly Kept<ExternalEvent>[]>> {
  const prefix = `${source}:`;
  const found: Kept<ExternalEvent>[] = [];
  for (let after = prefix; ; ) {
    const page = await documents.list("event", { after, limit: PAGE });
    if (!page.ok) return page;
    const own = page.value.filter(({ id }) => id.startsWith(prefix));
    found.push(...own.filter(({ value }) => value.provenance?.source === source));
    const last = own.at(-1);
    if (last === undefined || own.length < PAGE) return success(found);
    after = last.id;
  }
}
