// External events, for one customer or for all, and ranges from which nothing is to be learned.
import { Type } from "typebox";
import { EVENT_KINDS } from "../../model/event.ts";
import { ADDRESSES } from "./addresses.ts";
import { documentRows } from "./document-rows.ts";
import { owned, type Route } from "./route.ts";
import { Id, Instant, KEPT, strict } from "./scalars.ts";

const RANGE_VMS_MAX = 200;

const ALIKE = "Events of one kind and name are alike.";
const kind = Type.Enum([...EVENT_KINDS], { description: ALIKE });
const name = Type.String({ minLength: 1, maxLength: 120, description: "What happens: play-off." });
const announced = { ...Instant, description: "From when on it was known: no forecast made before that uses it." };
const MINUTE_SECONDS = 60;
const TWO_MONTHS_SECONDS = 60 * 86_400;
const OPTIONAL_FIELDS = {
  declaredUplift: Type.Optional(
    Type.Number({
      minimum: 0.01,
      maximum: 100,
      description: "What demand is expected to be multiplied with; believed until experience says otherwise.",
    }),
  ),
  confidence: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: "How sure it is that this happens at all; 1 where left out." }),
  ),
  customers: Type.Optional(
    Type.Array(Id, {
      minItems: 1,
      maxItems: 10_000,
      uniqueItems: true,
      description: "Whom it touches; everybody where left out. A customer's key can name its own customer only.",
    }),
  ),
  halfLifeSeconds: Type.Optional(
    Type.Number({
      minimum: MINUTE_SECONDS,
      maximum: TWO_MONTHS_SECONDS,
      description: "News only: after so many seconds half of its effect is gone.",
    }),
  ),
};

export const EventBody = strict({
  kind: Type.Optional({ ...kind, description: `campaign where left out. ${ALIKE}` }),
  name,
  start: Instant,
  end: Type.Optional({ ...Instant, description: "Exclusive; may be left out for news only." }),
  announced: Type.Optional({ ...announced, description: `Now where left out. ${announced.description}` }),
  ...OPTIONAL_FIELDS,
});
export const Event = strict({
  ...KEPT,
  kind,
  name,
  start: Instant,
  end: Instant,
  announced,
  ...OPTIONAL_FIELDS,
  source: Type.Optional(
    strict(
      {
        id: Id,
        item: Type.String({ description: "Its name there." }),
        said: Type.String({ description: "What came in, as plain text." }),
        because: Type.String({ description: "Why it became this." }),
        muted: Type.Boolean({ description: "It counts no more." }),
        corrected: Type.Optional(
          Type.Array(Type.String(), { description: "Fields that people know better than the source." }),
        ),
      },
      { description: "Where it was read; left out for what was announced by hand." },
    ),
  ),
});

const reason = Type.String({ minLength: 1, maxLength: 300, description: "In the words of whoever says so." });
export const DoNotLearnBody = strict({
  start: Instant,
  end: { ...Instant, description: "Exclusive." },
  vms: Type.Optional(
    Type.Array(Id, {
      minItems: 1,
      maxItems: RANGE_VMS_MAX,
      uniqueItems: true,
      description: "Everybody where left out (operators only).",
    }),
  ),
  reason,
});
export const DoNotLearn = strict({ ...KEPT, ...DoNotLearnBody.properties });

const events = documentRows({
  tag: "events",
  noun: "event",
  removable: "an event: it is cancelled",
  description: "Forecasts reckon with it from the next tick on.",
  body: EventBody,
  kept: Event,
  readers: owned("event"),
  writers: owned("event"),
  example: {
    id: "event-5f3a9c1e",
    body: {
      kind: "campaign",
      name: "spring-sale",
      start: "2026-04-03T08:00:00.000Z",
      end: "2026-04-05T22:00:00.000Z",
      announced: "2026-03-02T08:00:00.000Z",
      declaredUplift: 1.6,
      customers: ["meridian"],
    },
  },
});
const ranges = documentRows({
  tag: "events",
  noun: "do-not-learn range",
  body: DoNotLearnBody,
  kept: DoNotLearn,
  readers: owned("do-not-learn"),
  writers: owned("do-not-learn"),
  example: {
    id: "range-5f3a9c1e",
    body: {
      start: "2026-03-01T01:00:00.000Z",
      end: "2026-03-01T03:00:00.000Z",
      vms: ["meridian-web-1"],
      reason: "load test",
    },
  },
});

export const eventRoutes = {
  listEvents: { ...ADDRESSES.listEvents, ...events.list },
  postEvent: { ...ADDRESSES.postEvent, ...events.add },
  getEvent: { ...ADDRESSES.getEvent, ...events.get },
  putEvent: { ...ADDRESSES.putEvent, ...events.put },
  deleteEvent: { ...ADDRESSES.deleteEvent, ...events.remove },
  listDoNotLearn: { ...ADDRESSES.listDoNotLearn, ...ranges.list },
  postDoNotLearn: { ...ADDRESSES.postDoNotLearn, ...ranges.add },
  getDoNotLearn: { ...ADDRESSES.getDoNotLearn, ...ranges.get },
  putDoNotLearn: { ...ADDRESSES.putDoNotLearn, ...ranges.put },
  deleteDoNotLearn: { ...ADDRESSES.deleteDoNotLearn, ...ranges.remove },
} as const satisfies Record<string, Route>;
