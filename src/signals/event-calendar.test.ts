import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId } from "../model/fleet.ts";
import { instant } from "../model/time.ts";
import { activeEvents, eventCalendar, eventsInSight, SIGHT_MS } from "./event-calendar.ts";
import { anEvent, hoursLater } from "./signals.arbitrary.ts";

const someEvents = fc.array(
  fc
    .record({
      start: fc.integer({ min: -200, max: 200 }),
      length: fc.integer({ min: 1, max: 150 }),
      announced: fc.integer({ min: -300, max: 200 }),
    })
    .map(({ start, length, announced }) =>
      anEvent({ start: hoursLater(start), end: hoursLater(start + length), announced: hoursLater(announced) }),
    ),
  { maxLength: 20 },
);

test("finds the same events as looking at each, and none that was not announced", () => {
  fc.assert(
    fc.property(
      someEvents,
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: 0, max: 200 }),
      (events, at, origin, longer) => {
        const question = { at: hoursLater(at), origin: hoursLater(origin) };
        const until = hoursLater(at + longer);
        const known = events.filter(({ announced }) => announced <= question.origin);
        const active = known.filter(({ start, end }) => start <= question.at && question.at < end);
        const near = known.filter(({ start, end }) => start < question.at + SIGHT_MS && end > question.at - SIGHT_MS);
        const nearUntil = known.filter(({ start, end }) => start < until + SIGHT_MS && end > question.at - SIGHT_MS);
        const calendar = eventCalendar(events);
        expect(new Set(activeEvents(calendar, question))).toEqual(new Set(active));
        expect(new Set(eventsInSight(calendar, question))).toEqual(new Set(near));
        expect(new Set(eventsInSight(calendar, { ...question, until }))).toEqual(new Set(nearUntil));
      },
    ),
    { seed: 1 },
  );
});

test("a customer has the events of everybody and its own", () => {
  const [own, other] = ["mossbank" as CustomerId, "otterby" as CustomerId];
  const [everybody, ofOwn, ofOther] = [
    anEvent({ id: "a" }),
    anEvent({ id: "b", customers: [own] }),
    anEvent({ id: "c", customers: [other] }),
  ];
  const ids = (customer?: CustomerId) =>
    eventCalendar([everybody, ofOwn, ofOther], customer).events.map(({ id }) => id);
  expect(ids(own)).toEqual(["a", "b"]);
  expect(ids()).toEqual(["a", "b", "c"]);
});

test("an empty calendar sees nothing", () => {
  expect(eventsInSight(eventCalendar([]), { at: instant(0), origin: instant(0) })).toEqual([]);
});
