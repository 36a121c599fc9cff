// 10,000 hostile calendars, feeds, calls and addresses: none crashes, none takes longer than its limit, none leaves markup in what is shown,
// and none reaches an address that may not be reached. HEADROOM_HOSTILE_INPUTS says how many.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readCalendar } from "../../../src/adapters/calendar/read-calendar.ts";
import type { Resolver } from "../../../src/adapters/customer-addresses/allowed-address.ts";
import { readFeed } from "../../../src/adapters/feeds/read-feed.ts";
import { fetchSafely } from "../../../src/adapters/fetch/fetch-safely.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { hearHook, secretOf } from "../../../src/main/sources/hear-hook.ts";
import type { EventSource } from "../../../src/model/source.ts";
import { DAY_MS, durationMs, instant } from "../../../src/model/time.ts";

const INPUTS = Number(process.env["HEADROOM_HOSTILE_INPUTS"] ?? 10_000);
const SEED = 1;
const NOW = instant(Date.UTC(2026, 2, 2));
/** Of a calendar, which has the longest limit; and time for a busy machine to notice. */
const LIMIT_MS = 10_000 + 20_000;

const share = (part: number) => ({ seed: SEED, numRuns: Math.ceil(INPUTS * part), endOnFailure: true });

const EVIL = [
  "<script>alert(1)</script>",
  "&lt;img src=x onerror=alert(1)&gt;",
  "javascript:alert(1)",
  "\u202egnp.exe",
  "\u0000\u001b[2J",
  "http://169.254.169.254/latest/meta-data/",
  "file:///etc/passwd",
  "__proto__",
  "constructor",
  "{{7*7}}",
  "'; drop table documents; --",
  "\ud800",
  "A".repeat(5_000),
  "",
];
const evil = fc.oneof(fc.constantFrom(...EVIL), fc.string({ maxLength: 40 }));

const DATES = [
  "20260403T080000Z",
  "20260403T080000",
  "20260403",
  "99991231T235959Z",
  "00000000T000000Z",
  "-20260403T080000Z",
  "20261332T256199Z",
  "20260229",
  "P1D",
  "",
];
const date = fc.oneof(fc.constantFrom(...DATES), evil);
const RULES = [
  "FREQ=SECONDLY",
  "FREQ=MINUTELY;COUNT=1000000",
  "FREQ=DAILY;COUNT=-1",
  "FREQ=DAILY;INTERVAL=0",
  "FREQ=WEEKLY;BYDAY=99MO",
  "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
  "FREQ=YEARLY;BYMONTH=13",
  "FREQ=MONTHLY;BYSETPOS=9999;BYDAY=MO",
  "FREQ=DAILY;UNTIL=99991231",
  "FREQ=",
  "COUNT=3",
  "FREQ=DAILY;FREQ=WEEKLY",
  "FREQ=HOURLY;BYHOUR=0,1,2,3;BYMINUTE=0,1,2",
];
const ENDLESS = [
  "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=4",
  "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
  "FREQ=DAILY;INTERVAL=99999999999",
];
const rule = fc.oneof(
  { weight: 200, arbitrary: fc.constantFrom(...RULES) },
  { weight: 40, arbitrary: evil },
  // Each of them costs its whole limit.
  { weight: 1, arbitrary: fc.constantFrom(...ENDLESS) },
);
const zoneName = fc.constantFrom("Europe/Berlin", "Etc/Nowhere", "../../etc/passwd", "__proto__", "");
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom("UID", "SUMMARY", "CATEGORIES", "X-HEADROOM-UPLIFT", "STATUS"), evil)
    .map(([name, value]) => `${name}:${value}`),
  fc
    .tuple(fc.constantFrom("DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", "CREATED"), date)
    .map(([name, value]) => `${name}:${value}`),
  fc
    .tuple(fc.constantFrom("DTSTART", "DTEND"), zoneName, date)
    .map(([name, zone, value]) => `${name};TZID=${zone}:${value}`),
  fc
    .tuple(fc.constantFrom("DURATION"), fc.constantFrom("PT2H", "-PT2H", "P99999999W", "PT", ""))
    .map(([name, value]) => `${name}:${value}`),
  rule.map((value) => `RRULE:${value}`),
  fc
    .tuple(fc.constantFrom("SEQUENCE"), fc.constantFrom("1", "-1", "1e99", "x"))
    .map(([name, value]) => `${name}:${value}`),
  fc.constantFrom(
    "BEGIN:VALARM",
    "END:VEVENT",
    "BEGIN:VEVENT",
    "BEGIN:VTIMEZONE",
    "END:VCALENDAR",
    ";;;:::",
    " folded",
  ),
);
const block = (name: string, lines: readonly string[]) => [`BEGIN:${name}`, ...lines, `END:${name}`];
const zone = fc
  .tuple(zoneName, date, fc.constantFrom("+0100", "+9999", "x"), rule)
  .map(([name, start, offset, repeats]) =>
    block("VTIMEZONE", [
      `TZID:${name}`,
      ...block("STANDARD", [`DTSTART:${start}`, `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, `RRULE:${repeats}`]),
    ]),
  );
const entry = fc.array(line, { maxLength: 8 }).map((lines) => block("VEVENT", ["DTSTART:20260403T080000Z", ...lines]));
const calendar = fc
  .array(fc.oneof({ weight: 5, arbitrary: entry }, { weight: 1, arbitrary: zone }), { maxLength: 4 })
  .map((blocks) => block("VCALENDAR", blocks.flat()).join("\r\n"));

test("calendars", () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: calendar }, { weight: 1, arbitrary: evil }), (text) => {
      const begin = performance.now();
      const read = readCalendar(new TextEncoder().encode(text), { now: NOW, eventKind: "campaign" });
      expect(performance.now() - begin).toBeLessThan(LIMIT_MS);
      for (const { said, facts } of read.ok ? read.value.said : []) {
        expect(said).not.toMatch(/[<>\p{Cc}\u202e]/u);
        if (facts) expect(facts.end > facts.start && facts.end - facts.start <= 366 * DAY_MS).toBe(true);
      }
    }),
    share(0.45),
  );
});

const markup = fc.oneof(
  evil,
  fc.constantFrom(
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "&a;",
    "&#0;",
    "&#xffffffff;",
    "<a",
    "</item>",
    "<item>",
    "<?xml?>",
    '="',
  ),
);
const element = fc
  .tuple(
    fc.constantFrom("title", "description", "guid", "link", "pubDate", "content:encoded", "updated", "x:y"),
    fc.array(markup, { maxLength: 4 }),
  )
  .map(([name, parts]) => `<${name}>${parts.join("")}</${name}>`);
const items = fc.array(
  fc.array(element, { maxLength: 5 }).map((parts) => `<item>${parts.join("")}</item>`),
  { maxLength: 4 },
);
const DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "http://127.0.0.2/">]>';
const feed = fc
  .tuple(
    fc.constantFrom("", DOCTYPE, '<?xml version="1.0"?>', "\ufeff"),
    fc.constantFrom("rss", "feed", "rdf:RDF", "html"),
    items,
  )
  .map(([head, root, those]) => `${head}<${root}><channel>${those.join("")}</channel></${root}>`);
const nested = fc.integer({ min: 1, max: 3_000 }).map((depth) => `<rss><channel><item>${"<b>".repeat(depth)}`);

test("feeds", () => {
  const any = fc.oneof(
    { weight: 8, arbitrary: feed },
    { weight: 1, arbitrary: markup },
    { weight: 1, arbitrary: nested },
  );
  fc.assert(
    fc.property(any, (text) => {
      const begin = performance.now();
      const read = readFeed(new TextEncoder().encode(text), NOW);
      expect(performance.now() - begin).toBeLessThan(LIMIT_MS);
      for (const { title, text: shown, publishedAt } of read.ok ? read.value : []) {
        expect(`${title}${shown}`).not.toMatch(/[<>\p{Cc}\u202e]/u);
        expect(publishedAt).toBeLessThanOrEqual(NOW);
      }
    }),
    share(0.35),
  );
});

const field = fc.oneof(
  evil,
  fc.double(),
  fc.constantFrom(null, true, [], {}, "2026-04-03T08:00:00Z", 1e300, -1, "cancelled"),
);
const payload = fc.oneof(
  fc.dictionary(
    fc.constantFrom("id", "name", "start", "end", "kind", "status", "declaredUplift", "halfLifeMs", "__proto__"),
    field,
  ),
  fc.record({ events: fc.oneof(field, fc.array(field, { maxLength: 3 })) }),
  fc.anything(),
);

test("calls of programs", async () => {
  const store = createMemoryStore();
  const source: EventSource = { id: "hook", name: "x", muted: false, form: { kind: "hook", salt: "s" } };
  const master = "a master secret for tests only";
  await store.documents.write([{ kind: "source", id: source.id, value: source }], { id: "system", at: NOW });
  const secret = secretOf(source, master);
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        payload.map((value) => JSON.stringify(value) ?? ""),
        evil,
      ),
      async (text) => {
        const body = new TextEncoder().encode(text);
        const seconds = NOW / 1000;
        const digest = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest("hex");
        const heard = await hearHook(
          { source: source.id, signature: `t=${seconds},v1=${digest}`, body, now: NOW },
          { store, master },
        );
        kinds.add(heard.ok ? "heard" : heard.error.kind);
      },
    ),
    share(0.15),
  );
  expect([...kinds].filter((kind) => !["heard", "bad-input", "conflict"].includes(kind))).toEqual([]);
});

let inside: Server;
let outside: Server;
let reached = 0;
let answerWith: { readonly status: number; readonly headers: Record<string, string>; readonly body: Uint8Array };

beforeAll(async () => {
  const listen = (server: Server, host: string) => new Promise<void>((resolve) => server.listen(0, host, resolve));
  inside = createServer((_, response) => response.end("secret"));
  inside.on("connection", () => reached++);
  outside = createServer((_, response) =>
    response.writeHead(answerWith.status, answerWith.headers).end(answerWith.body),
  );
  await Promise.all([listen(inside, "127.0.0.2"), listen(outside, "127.0.0.1")]);
});
afterAll(() => {
  for (const server of [inside, outside]) {
    server.closeAllConnections();
    server.close();
  }
});

/** Ways to write 127.0.0.2. */
const FORMS = [
  "127.0.0.2",
  "2130706434",
  "0x7f000002",
  "0177.0.0.2",
  "127.2",
  "[::ffff:127.0.0.2]",
  "[::ffff:7f00:2]",
  "inside.test",
  "turning.test",
];

test("addresses: whatever leads there, the forbidden one is never reached, and large answers end", async () => {
  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  let asked = 0;
  const resolver: Resolver = (name, done) => {
    const isTurned = name === "inside.test" || (name === "turning.test" && asked++ % 2 === 1);
    done(null, [{ address: isTurned ? "127.0.0.2" : "127.0.0.1", family: 4 }]);
  };
  const bomb = gzipSync(Buffer.alloc(2_000_000));
  const options = {
    allows: (address: string) => address === "127.0.0.1",
    resolver,
    now: NOW,
    limits: { packedBytesMax: 5_000, bytesMax: 100_000, idleMs: durationMs(2_000), totalMs: durationMs(5_000) },
  };
  const hop = fc.record({
    form: fc.constantFrom(...FORMS),
    status: fc.constantFrom(301, 302, 303, 307, 308),
    isBomb: fc.boolean(),
    path: evil,
  });
  await fc.assert(
    fc.asyncProperty(hop, fc.boolean(), async ({ form, status, isBomb, path }, isDirect) => {
      const target = `http://${form}:${portOf(inside)}/${encodeURIComponent(path.replaceAll(/[\ud800-\udfff]/g, ""))}`;
      answerWith = isBomb
        ? { status: 200, headers: { "content-encoding": "gzip" }, body: bomb }
        : { status, headers: { location: target }, body: new Uint8Array() };
      const url = isDirect ? target : `http://127.0.0.1:${portOf(outside)}/`;
      const fetched = await fetchSafely({ url, accept: "*/*" }, options);
      expect(fetched.ok).toBe(false);
    }),
    share(0.05),
  );
  expect(reached).toBe(0);
});
