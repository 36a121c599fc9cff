// Sources between wire and store. A customer's key speaks for its own customer only; what people taught a feed, and what the secret of a
// hook is made of, stays when the rest is changed.
import type { Static } from "typebox";
import type { CustomerId } from "../../model/fleet.ts";
import { type Result, success, unreachable } from "../../model/result.ts";
import type { EventSource, SourceForm } from "../../model/source.ts";
import { DAY_MS, durationMs, iso, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import type { Source, SourceBody } from "../contract/sources.ts";
import type { Caller } from "./callers.ts";
import { instantOf } from "./declared-forms.ts";
import type { DocumentForm } from "./document-forms.ts";
import { type Refusal, refusal, wrongField } from "./refusals.ts";
import type { SourceDesk } from "./source-desk.ts";

type Body = Static<typeof SourceBody>;
type Shown = Static<typeof Source>;

const EVERY_MS_UNLESS_SAID = 15 * MINUTE_MS;
const LENGTH_MAX_MS = 366 * DAY_MS;
/** The id of an event has the id of its source in it. */
const ID_LENGTH_MAX = 60;

export function sourceForm(desk: SourceDesk): DocumentForm<"source", typeof SourceBody, Shown> {
  return {
    kind: "source",
    noun: "source",
    path: "/v1/sources",
    toWire: sourceToWire,
    async toChange({ id, body, caller, store, now }) {
      const before = await store.documents.get("source", id);
      if (!before.ok) return before;
      const value = sourceOf(body, { id, caller, known: before.value?.value, desk });
      if (!value.ok) return value;
      const checked = desk.check(value.value, now);
      if (!checked.ok) return wrongField(PLACE_OF_FAULT[body.form.kind], checked.error.message.replace(/\.$/, ""));
      return success({ kind: "source", id, value: value.value, ...ownerOf(value.value) });
    },
  };
}

function sourceOf(
  body: Body,
  given: {
    readonly id: string;
    readonly caller: Caller;
    readonly known: EventSource | undefined;
    readonly desk: SourceDesk;
  },
): Result<EventSource, Refusal> {
  const { id, caller, known, desk } = given;
  if (id.length > ID_LENGTH_MAX || id.includes(":"))
    return refusal("bad-input", `The id of a source has at most ${ID_LENGTH_MAX} characters and no colon.`);
  if (known !== undefined && known.form.kind !== body.form.kind)
    return wrongField("/form/kind", `this source is of the kind ${known.form.kind} and stays so; make a new one`);
  const customers = customersOf(body, caller);
  if (!customers.ok) return customers;
  const form = formOf(body.form, { known: known?.form, desk });
  if (!form.ok) return form;
  const { name, muted = false, declaredUplift } = body;
  const touched = customers.value && { customers: customers.value };
  const declared = declaredUplift !== undefined && { declaredUplift };
  return success({ id, name, muted, form: form.value, ...touched, ...declared });
}

function ownerOf({ customers = [] }: EventSource) {
  const [only, ...others] = customers;
  if (only === undefined || others.length > 0) return {};
  return { customer: only, needs: [{ kind: "customer" as const, id: only }] };
}

const PLACE_OF_FAULT: Readonly<Record<SourceForm["kind"], string>> = {
  calendar: "/form/url",
  feed: "/form/url",
  holidays: "/form/place",
  season: "/form",
  hook: "/form",
};

function customersOf({ customers }: Body, caller: Caller): Result<readonly CustomerId[] | undefined, Refusal> {
  const own = caller.customer;
  if (own === undefined) return success(customers as readonly CustomerId[] | undefined);
  if (customers?.some((named) => named !== own))
    return wrongField("/customers", "a customer's key can name its own customer only");
  return success([own]);
}

function formOf(
  form: Body["form"],
  { known, desk }: { readonly known: SourceForm | undefined; readonly desk: SourceDesk },
): Result<SourceForm, Refusal> {
  switch (form.kind) {
    case "calendar": {
      const { url, eventKind = "campaign" } = form;
      return success({ kind: "calendar", everyMs: everyMsOf(form), eventKind, ...(url !== undefined && { url }) });
    }
    case "feed": {
      const { url, topics } = form;
      const lessons = known?.kind === "feed" ? known.lessons : [];
      return success({ kind: "feed", url, everyMs: everyMsOf(form), topics, lessons });
    }
    case "holidays": {
      const { place, timeZone } = form;
      return success({ kind: "holidays", place, ...(timeZone !== undefined && { timeZone }) });
    }
    case "season": {
      const { on = "date", utcOffsetMinutes = 0 } = form;
      const [start, end] = [instantOf(form.start), instantOf(form.end)];
      if (end <= start || end - start > LENGTH_MAX_MS)
        return wrongField("/form/end", "must be after the start, and a year after it at most");
      return success({ kind: "season", start, end, on, utcOffsetMinutes });
    }
    case "hook":
      return success({ kind: "hook", salt: known?.kind === "hook" ? known.salt : desk.newSalt() });
    default:
      return unreachable(form);
  }
}

function everyMsOf({ everySeconds }: { readonly everySeconds?: number }) {
  return durationMs(everySeconds === undefined ? EVERY_MS_UNLESS_SAID : everySeconds * SECOND_MS);
}

function sourceToWire({ id: _, form, customers, ...fields }: EventSource) {
  return { ...fields, ...(customers && { customers: [...customers] }), form: formToWire(form) };
}

function formToWire(form: SourceForm): Shown["form"] {
  switch (form.kind) {
    case "calendar": {
      const { everyMs, ...fields } = form;
      return { ...fields, everySeconds: everyMs / SECOND_MS };
    }
    case "feed": {
      const { everyMs, topics, lessons, ...fields } = form;
      const shown = topics.map(({ name, terms }) => ({ name, terms: [...terms] }));
      return { ...fields, everySeconds: everyMs / SECOND_MS, topics: shown, lessons: [...lessons] };
    }
    case "holidays":
      return form;
    case "season":
      return { ...form, start: iso(form.start), end: iso(form.end) };
    case "hook":
      return { kind: "hook" };
    default:
      return unreachable(form);
  }
}
