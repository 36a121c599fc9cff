// Calendars, feeds, holidays and seasons, read by the service as it runs: what they say becomes events, and stays what people corrected.
import { expect, test } from "vitest";
import { DAY_MS, HOUR_MS, instant, MINUTE_MS } from "../../../src/model/time.ts";
import { OWN, type RunningService, startsServices } from "../api/running-service.ts";
import { publish } from "./published.ts";

const start = startsServices({ ticks: 3 });

function calendar(...entries: readonly (readonly string[])[]): string {
  const lines = entries.flatMap((entry) => ["BEGIN:VEVENT", ...entry, "DURATION:PT2H", "END:VEVENT"]);
  return ["BEGIN:VCALENDAR", "VERSION:2.0", ...lines, "END:VCALENDAR", ""].join("\r\n");
}

type Form = Parameters<ReturnType<RunningService["as"]>["postSource"]>[0]["body"]["form"];

async function add(service: RunningService, form: Form, name = "test") {
  const made = await service.as("own").postSource({ body: { name, form } });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  await service.sources.readDue();
  return made.value.id;
}

async function pass(service: RunningService, ms: number): Promise<void> {
  service.clock.advanceTo(instant(service.clock.now() + ms));
  await service.sources.readDue();
}

async function eventsOf(service: RunningService, id: string) {
  const listed = await service.as("own").listSourceEvents({ id });
  return listed.ok ? listed.value.items : [];
}

async function readingOf(service: RunningService, id: string) {
  const reading = await service.as("own").getSourceReading({ id });
  return reading.ok ? reading.value : undefined;
}

test("a calendar by URL: read when due, asked only for news, updates replace, what is gone is gone, corrections stay", async () => {
  const service = await start();
  const sale = ["UID:1", "SUMMARY:sale", "SEQUENCE:1", "DTSTART;TZID=Europe/Berlin:20260403T200000"];
  const match = ["UID:2", "SUMMARY:match", "DTSTART:20260404T180000Z"];
  const published = await publish(calendar(sale, match));
  const id = await add(service, { kind: "calendar", url: published.url });
  const [first, second] = await eventsOf(service, id);
  expect([first?.start, second?.start].toSorted()).toEqual(["2026-04-03T18:00:00.000Z", "2026-04-04T18:00:00.000Z"]);
  await pass(service, 20 * MINUTE_MS);
  await pass(service, 20 * MINUTE_MS);
  expect(published.given).toEqual({ whole: 1, unchanged: 2 });
  const found = [first, second].find((event) => event?.name === "sale")?.id ?? "";
  await service.as("own").correctEvent({ id: found, body: { declaredUplift: 1.9 } });
  published.text = calendar([...sale.slice(0, 2), "SEQUENCE:2", "DTSTART:20260410T180000Z"]);
  await pass(service, 20 * MINUTE_MS);
  expect(await eventsOf(service, id)).toMatchObject([
    { id: found, start: "2026-04-10T18:00:00.000Z", declaredUplift: 1.9, source: { corrected: ["declaredUplift"] } },
  ]);
  const changes = await service.as("own").listChanges({ query: { kind: "event", target: found } });
  expect(changes.ok && changes.value.items.map(({ by, what }) => `${what} by ${by}`)).toEqual([
    `changed by source ${id}`,
    "changed by key-own",
    `created by source ${id}`,
  ]);
  expect(service.errors).toEqual([]);
});

test("a source that fails is asked later and later, says why once, and keeps what it said", async () => {
  const service = await start();
  const published = await publish(calendar(["UID:1", "SUMMARY:sale", "DTSTART:20260403T180000Z"]));
  const id = await add(service, { kind: "calendar", url: published.url });
  published.status = 503;
  published.headers = { "retry-after": "7200" };
  await pass(service, 20 * MINUTE_MS);
  const asked = published.given.whole;
  expect(await readingOf(service, id)).toMatchObject({
    failed: true,
    failures: 1,
    problems: [expect.stringContaining("503")],
  });
  await pass(service, HOUR_MS);
  expect(published.given.whole).toBe(asked);
  await pass(service, HOUR_MS + MINUTE_MS);
  expect(published.given.whole).toBe(asked + 1);
  expect(await eventsOf(service, id)).toHaveLength(1);
  published.status = 200;
  await pass(service, DAY_MS);
  expect(await readingOf(service, id)).toMatchObject({ failed: false, failures: 0, problems: [] });
});

test("a private address is refused when it is set, and when a server leads there", async () => {
  const service = await start();
  const body = { name: "inside", form: { kind: "calendar", url: "http://169.254.169.254/latest" } } as const;
  expect(await service.as("own").postSource({ body })).toMatchObject({
    ok: false,
    error: { status: 422, errors: [{ pointer: "/form/url" }] },
  });
  const published = await publish("");
  published.status = 302;
  published.headers = { location: "http://10.0.0.1/" };
  const id = await add(service, { kind: "calendar", url: published.url });
  expect(await readingOf(service, id)).toMatchObject({
    failed: true,
    problems: [expect.stringContaining("leads elsewhere")],
  });
});

test("a feed: items about a topic become events with confidence, others nothing, and both tell why; people teach it", async () => {
  const service = await start();
  const item = (guid: string, title: string) =>
    `<item><guid>${guid}</guid><title>${title}</title><pubDate>Mon, 02 Mar 2026 00:05:00 GMT</pubDate></item>`;
  const feed = (...items: readonly string[]) => `<rss version="2.0"><channel>${items.join("")}</channel></rss>`;
  const published = await publish(
    feed(
      item("1", "Meridian flash sale: &lt;script&gt;alert(1)&lt;/script&gt;30 % off"),
      item("2", "Meridian opens marathon registration"),
      item("3", "Weather tomorrow"),
    ),
  );
  const id = await add(service, { kind: "feed", url: published.url, topics: [{ name: "shop", terms: ["meridian"] }] });
  const [sale, ...others] = await eventsOf(service, id);
  expect(others).toEqual([]);
  expect(sale).toMatchObject({
    kind: "campaign",
    name: "shop campaign",
    start: "2026-03-02T00:05:00.000Z",
    source: { said: "Meridian flash sale: 30 % off", because: expect.stringContaining('"flash sale"') },
  });
  expect(sale?.confidence ?? 0).toBeGreaterThan(0.8);
  const reading = await readingOf(service, id);
  expect(reading?.ignored.map(({ said, because }) => `${said}: ${because}`)).toEqual([
    expect.stringMatching(/^Meridian opens marathon registration: about shop, nothing/),
    "Weather tomorrow: it is about none of the topics",
  ]);
  const text = "Meridian opens marathon registration";
  await service.as("own").teachSource({ id, body: { text, label: "campaign" } });
  await service.as("own").correctEvent({ id: sale?.id ?? "", body: { muted: true } });
  published.text = feed(
    item("4", "Meridian marathon registration closes soon"),
    item("5", "Meridian flash sale again"),
  );
  await service.as("own").readSource({ id });
  await service.sources.readDue();
  const after = await eventsOf(service, id);
  const said = (part: string) => after.find((event) => event.source?.said.includes(part));
  expect(said("closes soon")).toMatchObject({ kind: "campaign" });
  expect(said("30 % off")).toMatchObject({ source: { muted: true } });
  expect(said("again")?.confidence ?? 0).toBeLessThan(sale?.confidence ?? 1);
});

test("holidays of a region with years of history, and a season of every year", async () => {
  const service = await start();
  const holidays = await eventsOf(service, await add(service, { kind: "holidays", place: "DE-BY" }));
  expect(holidays.length).toBeGreaterThan(80);
  expect(holidays).toContainEqual(
    expect.objectContaining({ kind: "holiday", name: "Epiphany", start: "2025-01-05T23:00:00.000Z", customers: [OWN] }),
  );
  const span = { start: "2026-11-20T00:00:00Z", end: "2026-12-24T12:00:00Z" };
  const season = await eventsOf(service, await add(service, { kind: "season", ...span }, "Christmas business"));
  expect(season).toHaveLength(7);
  expect(season).toContainEqual(
    expect.objectContaining({ kind: "season", name: "Christmas business", start: "2024-11-20T00:00:00.000Z" }),
  );
  const wrong = { name: "nowhere", form: { kind: "holidays", place: "XX" } } as const;
  expect(await service.as("own").postSource({ body: wrong })).toMatchObject({ ok: false, error: { status: 422 } });
});
