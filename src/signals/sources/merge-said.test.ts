import { expect, test } from "vitest";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { type EventSource, eventWith, type SaidEvent } from "../../model/source.ts";
import { DAY_MS, durationMs, HOUR_MS, instant } from "../../model/time.ts";
import { EVENTS_OF_SOURCE_MAX, mergeSaid, standingEvents } from "./merge-said.ts";

const NOW = instant(Date.UTC(2026, 2, 2));
const SOURCE: EventSource = {
  id: "shop-calendar",
  name: "Shop",
  customers: ["meridian" as CustomerId],
  muted: false,
  declaredUplift: 1.5,
  form: { kind: "calendar", everyMs: durationMs(HOUR_MS), eventKind: "campaign" },
};

function said(item: string, days: number, more: Partial<SaidEvent> = {}): SaidEvent {
  const start = instant(NOW + days * DAY_MS);
  const facts = { kind: "campaign", name: item, start, end: instant(start + HOUR_MS), announced: NOW } as const;
  return { item, sequence: 0, said: item, because: "it says so", facts, ...more };
}

function merged(kept: readonly ExternalEvent[], now: readonly SaidEvent[], isWhole = true) {
  const { changed, gone } = mergeSaid({ source: SOURCE, kept, said: now, now: NOW, isWhole });
  const after = new Map(kept.map((event) => [event.id, event]));
  for (const id of gone) after.delete(id);
  for (const event of changed) after.set(event.id, event);
  return { changed: changed.map(({ id }) => id), gone, after: [...after.values()] };
}

const first = merged([], [said("a", 1), said("b", 2), said("old", -3)]).after;

test("what a source says becomes events of its customers, with the uplift that the source declares", () => {
  expect(first.map(({ id }) => id).toSorted()).toEqual(["shop-calendar:a", "shop-calendar:b", "shop-calendar:old"]);
  expect(first[0]).toMatchObject({ customers: ["meridian"], declaredUplift: 1.5, provenance: { source: SOURCE.id } });
});

test("the same again changes nothing", () => {
  expect(merged(first, [said("b", 2), said("a", 1), said("old", -3)])).toMatchObject({ changed: [], gone: [] });
});

test("what was to come and is not said any more is gone, what is over stays; a part of what a source says takes nothing back", () => {
  expect(merged(first, [said("b", 2)])).toMatchObject({ changed: [], gone: ["shop-calendar:a"] });
  expect(merged(first, [], false).gone).toEqual([]);
});

test("an update replaces, unless it is older than what is known; a cancellation ends", () => {
  const moved = merged(first, [said("a", 5, { sequence: 2 }), said("b", 2), said("old", -3)]);
  expect(moved.changed).toEqual(["shop-calendar:a"]);
  const late = merged(moved.after, [said("a", 1, { sequence: 1 }), said("b", 2)]);
  expect(late).toMatchObject({ changed: [], gone: [] });
  const ended = merged(moved.after, [said("a", 5, { sequence: 3, facts: undefined })], false);
  expect(ended.gone).toEqual(["shop-calendar:a"]);
});

test("it was known when it was said first", () => {
  const { facts, ...later } = said("a", 1, { sequence: 1 });
  if (facts === undefined) throw new Error("it takes place");
  const again = { ...later, facts: { ...facts, announced: instant(NOW + HOUR_MS) } };
  expect(merged(first, [again], false).after.map(({ announced }) => announced)).toEqual([NOW, NOW, NOW]);
});

test("a correction stays through updates, and a muted event counts no more", () => {
  const event = first.find(({ id }) => id.endsWith(":a"));
  if (event?.provenance === undefined) throw new Error("it was said");
  const correction = { name: "better", end: instant(NOW + DAY_MS + 7 * HOUR_MS), muted: true };
  const corrected = eventWith({ ...event.provenance, correction }, SOURCE);
  expect(corrected.end).toBe(correction.end);
  const others = first.filter((other) => other !== event);
  const { after } = merged([corrected, ...others], [said("a", 5, { sequence: 1 }), said("b", 2)]);
  const updated = after.find(({ id }) => id === event.id);
  expect(updated).toMatchObject({ name: "better", start: NOW + 5 * DAY_MS });
  expect(standingEvents(after, [SOURCE]).map(({ id }) => id)).not.toContain(event.id);
  expect(standingEvents(after, [{ ...SOURCE, muted: true }])).toEqual([]);
  expect(standingEvents(after, [])).toEqual([]);
});

test("what changes of the source changes its events", () => {
  const source = { ...SOURCE, declaredUplift: 2 };
  const { changed } = mergeSaid({ source, kept: first, said: [], now: NOW, isWhole: false });
  expect(changed.map(({ declaredUplift }) => declaredUplift)).toEqual([2, 2, 2]);
});

test("a source has so many events and no more: the latest", () => {
  const many = Array.from({ length: EVENTS_OF_SOURCE_MAX + 10 }, (_, index) => said(`e${index}`, index / 24));
  const { changed } = merged([], many);
  expect(changed.length).toBe(EVENTS_OF_SOURCE_MAX);
  expect(changed).not.toContain("shop-calendar:e0");
});
