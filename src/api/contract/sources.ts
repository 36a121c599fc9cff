// Sources of events: calendars, feeds, holidays, seasons, and programs that call. What they said, what it became, and how to correct it.
import { type Static, Type } from "typebox";
import { EVENT_KINDS } from "../../model/event.ts";
import { ITEM_LABELS, SOURCE_KINDS } from "../../model/source.ts";
import { ADDRESSES } from "./addresses.ts";
import { documentRows } from "./document-rows.ts";
import { Event } from "./events.ts";
import { owned, type Route } from "./route.ts";
import { Id, IdParams, Instant, KEPT, nullable, PageQuery, page, ResourceName, strict } from "./scalars.ts";

const READ = "Read from time to time. It may not lead into a private network unless the operator allows that.";
const url = Type.String({ minLength: 8, maxLength: 2048, pattern: "^https?://", description: READ });
const everySeconds = Type.Optional(
  Type.Integer({ minimum: 60, maximum: 604_800, description: "How often it is read; 900 where left out." }),
);
const Topic = strict({
  name: Type.String({ minLength: 1, maxLength: 60 }),
  terms: Type.Array(Type.String({ minLength: 2, maxLength: 60 }), {
    minItems: 1,
    maxItems: 30,
    description: "Words or phrases, one of which an item about it has.",
  }),
});
const Lesson = strict({
  text: Type.String({ minLength: 1, maxLength: 300, description: "Of an item." }),
  label: Type.Enum([...ITEM_LABELS], { description: "What it should have become." }),
});
const CALENDAR = {
  kind: Type.Literal("calendar"),
  url: Type.Optional({ ...url, description: `${READ} Left out: the calendar is sent in.` }),
  everySeconds,
  eventKind: Type.Optional(
    Type.Enum([...EVENT_KINDS], { description: "Of entries that do not say it themselves; campaign where left out." }),
  ),
};
const FEED = {
  kind: Type.Literal("feed"),
  url,
  everySeconds,
  topics: Type.Array(Topic, { minItems: 1, maxItems: 20, description: "An item about none of them becomes nothing." }),
};
const HolidaysForm = strict({
  kind: Type.Literal("holidays"),
  place: Type.String({ minLength: 2, maxLength: 40, description: "Country, state, region: DE, US-CA, DE-BY-A." }),
  timeZone: Type.Optional(
    Type.String({ minLength: 1, maxLength: 60, description: "IANA name; the place's own where left out." }),
  ),
});
const SeasonForm = strict({
  kind: Type.Literal("season"),
  start: { ...Instant, description: "Of one year: it comes back every year." },
  end: { ...Instant, description: "Exclusive; at most a year after the start." },
  on: Type.Optional(
    Type.Enum(["date", "weekday"], {
      description:
        "date: the same day of the same month. weekday: the same weekday within the month, as the fourth Thursday.",
    }),
  ),
  utcOffsetMinutes: Type.Optional(
    Type.Integer({ minimum: -840, maximum: 840, description: "Local time ahead of UTC; 0 where left out." }),
  ),
});
const HookForm = strict({ kind: Type.Literal("hook") });

const FORM = "Where its events come from. A source stays of its kind.";
const HEAD = {
  name: Type.String({ minLength: 1, maxLength: 120, description: "For people; of a season: the name of its events." }),
  customers: Type.Optional(
    Type.Array(Id, {
      minItems: 1,
      maxItems: 1_000,
      uniqueItems: true,
      description: "Whom its events touch; everybody where left out. A customer's key can name its own customer only.",
    }),
  ),
  declaredUplift: Type.Optional(
    Type.Number({ minimum: 0.01, maximum: 100, description: "Of events that do not say it themselves." }),
  ),
};
const muted = Type.Boolean({ description: "Its events count no more, and nothing is read." });

export const SourceBody = strict({
  ...HEAD,
  muted: Type.Optional(muted),
  form: Type.Union([strict(CALENDAR), strict(FEED), HolidaysForm, SeasonForm, HookForm], { description: FORM }),
});
export const Source = strict({
  ...KEPT,
  ...HEAD,
  muted,
  form: Type.Union(
    [
      strict(CALENDAR),
      strict({ ...FEED, lessons: Type.Array(Lesson, { description: "What people said of items, the newest last." }) }),
      HolidaysForm,
      SeasonForm,
      HookForm,
    ],
    { description: FORM },
  ),
});

const Ignored = strict({
  item: Type.String(),
  said: Type.String({ description: "What came in, as plain text." }),
  because: Type.String({ description: "Why it became nothing." }),
});
export const SourceReading = strict({
  source: Id,
  kind: Type.Enum([...SOURCE_KINDS]),
  changedAt: nullable(Instant, "When what it says changed last; null: it was not read yet."),
  askedAt: nullable(Instant, "When it was asked last; null: not since the service began, or it speaks up by itself."),
  nextAt: nullable(Instant, "When it is asked next."),
  failures: Type.Integer({ minimum: 0, description: "In a row." }),
  failed: Type.Boolean(),
  problems: Type.Array(Type.String(), { description: "Why it could not be read, or what of it could not." }),
  ignored: Type.Array(Ignored, { description: "Items that became nothing, the newest first." }),
});

const CORRECTED = {
  kind: Type.Optional(Type.Enum([...EVENT_KINDS])),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 120 })),
  start: Type.Optional(Instant),
  end: Type.Optional({ ...Instant, description: "Exclusive." }),
  declaredUplift: Type.Optional(Type.Number({ minimum: 0.01, maximum: 100 })),
  confidence: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
  muted: Type.Optional(Type.Boolean({ description: "It counts no more." })),
};
export const CorrectionBody = strict(CORRECTED);

const EffectOn = strict({
  resource: ResourceName,
  factor: Type.Number({ description: "What demand is multiplied with while it lasts." }),
  events: Type.Integer({ minimum: 0, description: "From so many earlier ones that was learned." }),
  sentence: Type.String(),
});
export const EventEffects = strict({
  event: Id,
  isFollowed: Type.Boolean({ description: "It is in sight of a running cell." }),
  wasLearnedFrom: Type.Boolean({ description: "It is over, and what it did was measured." }),
  workloads: Type.Array(
    strict({
      workload: Id,
      customer: Id,
      vms: Type.Array(Id, { description: "The first VMs whose forecasts it touches." }),
      vmCount: Type.Integer({ minimum: 0 }),
      changesForecasts: Type.Boolean({ description: "It has a part in the forecasts of the next 24 hours." }),
      effects: Type.Array(EffectOn, { description: "By resource." }),
    }),
    { description: "The first ones that it touches, by id." },
  ),
});
export type EventEffects = Static<typeof EventEffects>;

const EXAMPLE_FORM = {
  kind: "calendar",
  url: "https://shop.example.com/campaigns.ics",
  everySeconds: 900,
  eventKind: "campaign",
};
const EXAMPLE = {
  name: "Campaigns of the shop",
  customers: ["meridian"],
  declaredUplift: 1.5,
  muted: false,
  form: EXAMPLE_FORM,
};
const EXAMPLE_ID = "source-5f3a9c1e";
const EXAMPLE_EVENT = {
  id: `${EXAMPLE_ID}:9a0364b9e99b`,
  version: 1,
  changedAt: "2026-03-02T08:00:00.000Z",
  kind: "campaign",
  name: "spring-sale",
  start: "2026-04-03T08:00:00.000Z",
  end: "2026-04-05T22:00:00.000Z",
  announced: "2026-03-02T08:00:00.000Z",
  customers: ["meridian"],
  source: {
    id: EXAMPLE_ID,
    item: "9a0364b9e99b",
    said: "spring-sale",
    because: "an entry of the calendar, as the source says",
    muted: false,
  },
};

const OWN = owned("source");
const OWN_EVENT = owned("event");
const sources = documentRows({
  tag: "sources",
  noun: "source",
  removable: "a source and its events",
  description: "It is read at once, and from then on as often as it says.",
  body: SourceBody,
  kept: Source,
  readers: OWN,
  writers: OWN,
  example: { id: EXAMPLE_ID, body: EXAMPLE },
});
const ROW = { tag: "sources", tenant: OWN, params: IdParams } as const;
const EVENT_ROW = { tag: "sources", tenant: OWN_EVENT, params: IdParams } as const;

export const sourceRoutes = {
  listSources: { ...ADDRESSES.listSources, ...sources.list },
  postSource: { ...ADDRESSES.postSource, ...sources.add },
  getSource: { ...ADDRESSES.getSource, ...sources.get },
  putSource: { ...ADDRESSES.putSource, ...sources.put },
  deleteSource: { ...ADDRESSES.deleteSource, ...sources.remove },
  getSourceReading: {
    ...ADDRESSES.getSourceReading,
    ...ROW,
    scope: "read",
    summary: "How the reading of a source goes, and what became nothing",
    response: SourceReading,
    example: {
      response: {
        source: EXAMPLE_ID,
        kind: "calendar",
        changedAt: "2026-03-02T08:00:00.000Z",
        askedAt: "2026-03-02T08:15:00.000Z",
        nextAt: "2026-03-02T08:30:00.000Z",
        failures: 0,
        failed: false,
        problems: [],
        ignored: [],
      },
    },
  },
  listSourceEvents: {
    ...ADDRESSES.listSourceEvents,
    ...ROW,
    scope: "read",
    summary: "What a source said, and what it became",
    query: PageQuery,
    response: page(Event),
    example: { response: { items: [EXAMPLE_EVENT], next: null } },
  },
  uploadCalendar: {
    ...ADDRESSES.uploadCalendar,
    ...ROW,
    scope: "write",
    summary: "Send in a calendar",
    description: "The whole of it, as iCalendar: what was to come and is not in it any more is taken back.",
    body: strict({
      text: Type.String({ minLength: 1, maxLength: 4_000_000, description: "BEGIN:VCALENDAR and so on." }),
    }),
    bodyBytesMax: 5 * 2 ** 20,
    response: SourceReading,
    example: {
      body: {
        text: "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:sale\r\nDTSTART:20260403T080000Z\r\nDTEND:20260405T220000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
      },
    },
  },
  readSource: {
    ...ADDRESSES.readSource,
    ...ROW,
    scope: "write",
    summary: "Read a source now",
    description: "Answers at once; how it went is told by its reading.",
    response: SourceReading,
    example: {},
  },
  teachSource: {
    ...ADDRESSES.teachSource,
    ...ROW,
    scope: "write",
    summary: "Say what an item of a feed should have become",
    description: "Words of its text weigh for that label from the next reading on.",
    body: Lesson,
    response: Source,
    example: { body: { text: "Meridian opens marathon registration", label: "campaign" } },
  },
  renewSourceSecret: {
    ...ADDRESSES.renewSourceSecret,
    ...ROW,
    scope: "write",
    summary: "Make a new secret for a hook",
    description: "The one before is over at once.",
    secret: true,
    response: strict({
      url: Type.String({ description: "The path that calls go to." }),
      secret: Type.String({ description: "What they are signed with, shown this once." }),
    }),
    example: {
      response: { url: `/v1/hooks/${EXAMPLE_ID}`, secret: "hook_0mWq1h5s3Vt8o7Zk2xYc9Jb4Rf6Ld1Qa0Ge3Nu5Pi8M" },
    },
  },
  correctEvent: {
    ...ADDRESSES.correctEvent,
    ...EVENT_ROW,
    scope: "write",
    summary: "Say better than its source what an event is",
    description:
      "In the place of what was said before; what is left out is as the source says. Of a feed's item a kind or `muted` is also a lesson.",
    body: CorrectionBody,
    response: Event,
    versioned: true,
    example: { body: { declaredUplift: 1.8 }, response: EXAMPLE_EVENT },
  },
  getEventEffects: {
    ...ADDRESSES.getEventEffects,
    ...EVENT_ROW,
    scope: "read",
    summary: "What an event is expected to do, and whose forecasts it changes",
    response: EventEffects,
    example: { response: { event: EXAMPLE_EVENT.id, isFollowed: true, wasLearnedFrom: false, workloads: [] } },
  },
} as const satisfies Record<string, Route>;
