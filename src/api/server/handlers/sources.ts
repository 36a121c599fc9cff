// Sources of events: set, read, taught and removed; and the events that came of them: looked at, corrected, muted.
import type { DocumentChange, Kept } from "../../../control/store-ports.ts";
import type { EventCorrection, ExternalEvent } from "../../../model/event.ts";
import { type Result, success } from "../../../model/result.ts";
import { type EventSource, eventWith, type ItemLabel, type ItemLesson } from "../../../model/source.ts";
import { iso } from "../../../model/time.ts";
import { PAGE_LIMIT_DEFAULT } from "../../contract/scalars.ts";
import type { sourceRoutes } from "../../contract/sources.ts";
import { eventForm, instantOf } from "../declared-forms.ts";
import { shownDocument } from "../document-forms.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, refusal, unknown, wrongField } from "../refusals.ts";
import type { SourceDesk } from "../source-desk.ts";
import { sourceForm } from "../source-form.ts";
import { documentHandlers, pageOf, writeOne } from "./documents.ts";

type Rows = typeof sourceRoutes;

const SOURCES_MAX = 100;

export function sourceHandlers(desks: Desks): Handlers<Rows> {
  const { sources: desk = NOT_READ, views } = desks;
  const form = sourceForm(desk);
  const documents = documentHandlers(form, desks);
  const events = eventForm(desks.declarations);
  return {
    listSources: documents.list,
    getSource: documents.get,
    async postSource(asked) {
      const room = await hasRoom(asked);
      if (!room.ok) return room;
      const made = await documents.add(asked);
      if (made.ok) desk.soon(made.value.body.id);
      return made;
    },
    async putSource(asked) {
      const room = await hasRoom(asked, asked.params.id);
      if (!room.ok) return room;
      const put = await documents.put(asked);
      if (put.ok) desk.soon(asked.params.id);
      return put;
    },
    deleteSource: (asked) => removeWhole(asked, desks),
    getSourceReading: async (asked) => withSource(asked, (source) => readingOf(asked, { source, desk })),
    async listSourceEvents({ params, query, store }) {
      const prefix = `${params.id}:`;
      const { after = prefix, limit = PAGE_LIMIT_DEFAULT } = query;
      const listed = await store.documents.list("event", { after: after < prefix ? prefix : after, limit: limit + 1 });
      if (!listed.ok) return listed;
      const own = listed.value.filter(({ id }) => id.startsWith(prefix));
      return success({ body: pageOf(own, { limit, shown: (kept) => shownDocument(events, kept) }) });
    },
    uploadCalendar: async (asked) =>
      withSource(asked, async (source) => {
        const taken = await desk.upload(source, { text: asked.body.text, now: asked.now });
        return taken.ok ? readingOf(asked, { source, desk }) : taken;
      }),
    readSource: async (asked) =>
      withSource(asked, (source) => {
        desk.soon(source.id);
        return readingOf(asked, { source, desk });
      }),
    teachSource: async (asked) =>
      withSource(asked, async (source) => {
        const taught = await writeOne(asked, { ...changeOf(source), value: withLesson(source.value, asked.body) });
        if (!taught.ok) return taught;
        desk.soon(source.id);
        return success({ body: shownDocument(form, taught.value) });
      }),
    renewSourceSecret: async (asked) =>
      withSource(asked, async (source) => {
        if (source.value.form.kind !== "hook")
          return refusal("conflict", "Only a source of the kind hook has a secret.");
        const value: EventSource = { ...source.value, form: { kind: "hook", salt: desk.newSalt() } };
        const written = await writeOne(asked, { ...changeOf(source), value });
        if (!written.ok) return written;
        return success({ body: { url: `/v1/hooks/${source.id}`, secret: desk.secretOf(value) } });
      }),
    async correctEvent(asked) {
      const corrected = await correct(asked, desks);
      if (!corrected.ok) return corrected;
      return success({ body: shownDocument(events, corrected.value), version: corrected.value.version });
    },
    async getEventEffects({ params: { id }, store, caller }) {
      const found = await store.documents.get("event", id);
      if (!found.ok) return found;
      if (found.value === undefined) return unknown("event", id);
      const effects = await views.eventEffects(found.value.value);
      if (!effects.ok) return effects;
      const { workloads, ...head } = effects.value;
      const own = workloads.filter(({ customer }) => caller.customer === undefined || customer === caller.customer);
      return success({ body: { ...head, workloads: own } });
    },
  };
}

/** Where nobody wired the reading of sources, they are kept all the same. */
const NOT_READ: SourceDesk = {
  check: () => success(undefined),
  soon: () => undefined,
  progress: () => undefined,
  upload: async () => refusal("unavailable", "No sources are read here."),
  secretOf: () => "",
  newSalt: () => "",
  hear: async () => refusal("unavailable", "No sources are read here."),
};

async function withSource<Value>(
  { params: { id }, store }: Pick<Asked<Rows["getSource"]>, "params" | "store">,
  work: (source: Kept<EventSource>) => Promise<Result<Value, Refusal>>,
): Promise<Result<Value, Refusal>> {
  const found = await store.documents.get("source", id);
  if (!found.ok) return found;
  return found.value === undefined ? unknown("source", id) : work(found.value);
}

/** Each of them is asked again and again. */
async function hasRoom({ store }: Pick<Asked, "store">, id?: string): Promise<Result<void, Refusal>> {
  const listed = await store.documents.list("source", { limit: SOURCES_MAX });
  if (!listed.ok) return listed;
  const isKnown = listed.value.some((source) => source.id === id);
  if (isKnown || listed.value.length < SOURCES_MAX) return success(undefined);
  return refusal("no-capacity", `There are ${SOURCES_MAX} sources already: remove one first.`, { status: 409 });
}

function changeOf({ id, customer }: Kept<EventSource>) {
  const owner = customer === undefined ? {} : { customer, needs: [{ kind: "customer" as const, id: customer }] };
  return { kind: "source" as const, id, ...owner };
}

async function removeWhole(
  asked: Asked<Rows["deleteSource"]>,
  desks: Desks,
): ReturnType<Handlers<Rows>["deleteSource"]> {
  const { params, store, actor, precondition } = asked;
  return withSource(asked, async (source) => {
    const { version } = source;
    if (precondition.kind === "absent" || (precondition.kind === "version" && precondition.version !== version))
      return refusal("conflict", "It is not as you saw it: read it again.", { status: 412 });
    const owner = source.customer === undefined ? {} : { customer: source.customer };
    const reading = await store.documents.get("source-reading", source.id);
    if (!reading.ok) return reading;
    const events = await allEvents(store, source.id);
    if (!events.ok) return events;
    const changes: DocumentChange[] = [
      ...events.value.map(({ id }): DocumentChange => ({ kind: "event", id, value: undefined, ...owner })),
      ...(reading.value ? [{ kind: "source-reading", id: source.id, value: undefined, ...owner } as const] : []),
      { kind: "source", id: source.id, value: undefined, ifVersion: version, ...owner },
    ];
    const removed = await store.documents.write(changes, actor);
    if (!removed.ok) return removed;
    desks.changed([{ kind: "source", id: params.id }]);
    return success({ body: null });
  });
}

const PAGE = 1000;

async function allEvents(
  store: Asked["store"],
  source: string,
): Promise<Result<readonly Kept<ExternalEvent>[], Refusal>> {
  const prefix = `${source}:`;
  const found: Kept<ExternalEvent>[] = [];
  for (let after = prefix; ; ) {
    const listed = await store.documents.list("event", { after, limit: PAGE });
    if (!listed.ok) return listed;
    const own = listed.value.filter(({ id }) => id.startsWith(prefix));
    found.push(...own);
    const last = own.at(-1);
    if (last === undefined || own.length < PAGE) return success(found);
    after = last.id;
  }
}

async function readingOf(
  { store }: Pick<Asked, "store">,
  { source, desk }: { readonly source: Kept<EventSource>; readonly desk: SourceDesk },
): ReturnType<Handlers<Rows>["getSourceReading"]> {
  const kept = await store.documents.get("source-reading", source.id);
  if (!kept.ok) return kept;
  const { at, failed = false, problems = [], ignored = [] } = kept.value?.value ?? {};
  const { askedAt, nextAt, failures = 0 } = desk.progress(source.id) ?? {};
  const shown = (moment: typeof at) => (moment === undefined ? null : iso(moment));
  return success({
    body: {
      source: source.id,
      kind: source.value.form.kind,
      changedAt: shown(at),
      askedAt: shown(askedAt),
      nextAt: shown(nextAt),
      failures,
      failed,
      problems: [...problems],
      ignored: [...ignored],
    },
  });
}

const LESSONS_MAX = 200;

function withLesson(source: EventSource, { text, label }: ItemLesson): EventSource {
  const { form } = source;
  if (form.kind !== "feed") return source;
  const others = form.lessons.filter((lesson) => lesson.text !== text);
  return { ...source, form: { ...form, lessons: [...others, { text, label }].slice(-LESSONS_MAX) } };
}

async function correct(
  asked: Asked<Rows["correctEvent"]>,
  desks: Desks,
): Promise<Result<Kept<ExternalEvent>, Refusal>> {
  const {
    params: { id },
    body,
    store,
  } = asked;
  const found = await store.documents.get("event", id);
  if (!found.ok) return found;
  const event = found.value?.value;
  if (event === undefined) return unknown("event", id);
  const { provenance } = event;
  if (provenance === undefined)
    return refusal("conflict", `The event ${id} was announced by hand: change it with PUT /v1/events/${id}.`);
  const source = await store.documents.get("source", provenance.source);
  if (!source.ok) return source;
  if (source.value === undefined) return unknown("source", provenance.source);
  const correction = correctionOf(body);
  const { start = provenance.facts.start, end = provenance.facts.end } = correction;
  if (end <= start) return wrongField("/end", `must be after the start, ${iso(start)}`);
  const value = eventWith({ ...provenance, correction }, source.value.value);
  const customer = found.value?.customer;
  const owner = customer === undefined ? {} : { customer };
  const needs = [{ kind: "source" as const, id: provenance.source }];
  const written = await writeOne(asked, { kind: "event", id, value, needs, ...owner });
  if (!written.ok) return written;
  desks.changed([{ kind: "event", id }]);
  const label = lessonIn(correction);
  if (source.value.value.form.kind !== "feed" || label === undefined) return written;
  const lesson = withLesson(source.value.value, { text: provenance.said, label });
  const taught = await writeOne(
    { ...asked, precondition: { kind: "none" } },
    { ...changeOf(source.value), value: lesson },
  );
  return taught.ok ? written : taught;
}

function correctionOf({ start, end, ...fields }: Asked<Rows["correctEvent"]>["body"]): EventCorrection {
  const times = {
    ...(start !== undefined && { start: instantOf(start) }),
    ...(end !== undefined && { end: instantOf(end) }),
  };
  return { ...fields, ...times };
}

function lessonIn({ muted, kind }: EventCorrection): ItemLabel | undefined {
  if (muted === true) return "nothing";
  return kind === "news" || kind === "campaign" || kind === "release" ? kind : undefined;
}
