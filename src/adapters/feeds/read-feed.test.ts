import { expect, test } from "vitest";
import { instant } from "../../model/time.ts";
import { ITEMS_MAX, readFeed } from "./read-feed.ts";

const NOW = instant(Date.UTC(2026, 2, 2, 12));

function read(text: string) {
  return readFeed(new TextEncoder().encode(text), NOW);
}

function itemsOf(text: string) {
  const items = read(text);
  if (!items.ok) throw new Error(items.error.message);
  return items.value;
}

const RSS = (items: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${items}</channel></rss>`;

test("RSS 2.0", () => {
  const items = itemsOf(
    RSS(`<item><title><![CDATA[Flash <b>sale</b> &amp; more]]></title><guid isPermaLink="false">a</guid>
      <description>&lt;p&gt;30 % off&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;</description>
      <pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item>
      <item><title>Tomorrow</title><link>https://example.com/1</link><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate></item>`),
  );
  expect(items).toMatchObject([
    { title: "Flash sale & more", text: "30 % off", publishedAt: Date.UTC(2026, 2, 2, 7) },
    { title: "Tomorrow", publishedAt: NOW },
  ]);
  expect(new Set(items.map(({ id }) => id)).size).toBe(2);
});

test("Atom, with updates", () => {
  const [item] = itemsOf(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Status</title><entry><id>tag:1</id>
    <title type="html">Outage</title><published>2026-03-01T10:00:00Z</published><updated>2026-03-01T12:00:00Z</updated>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Investigating <b>delays</b></p></div></content>
    <link href="https://status.example.com/1"/></entry></feed>`);
  expect(item).toMatchObject({
    title: "Outage",
    text: "Investigating delays",
    publishedAt: Date.UTC(2026, 2, 1, 10),
    updatedAt: Date.UTC(2026, 2, 1, 12),
  });
});

test("RSS 1.0", () => {
  const items = itemsOf(`<rdf:RDF xmlns:rdf="x" xmlns="http://purl.org/rss/1.0/" xmlns:dc="y"><channel rdf:about="z"/>
    <item rdf:about="z/1"><title>One</title><link>z/1</link><dc:date>2026-03-01T10:00:00Z</dc:date></item></rdf:RDF>`);
  expect(items).toMatchObject([{ title: "One", publishedAt: Date.UTC(2026, 2, 1, 10) }]);
});

test("no more items than are looked at", () => {
  expect(itemsOf(RSS("<item><title>x</title></item>".repeat(ITEMS_MAX + 10))).length).toBe(ITEMS_MAX);
});

const LAUGHS = `<!DOCTYPE x [<!ENTITY a "ha">${Array.from({ length: 20 }, (_, index) => `<!ENTITY b${index} "&a;&a;&a;">`).join("")}]>`;

test.each([
  ["entities of entities", `${LAUGHS}${RSS("<item><title>&b19;</title></item>")}`],
  [
    "a file as an entity",
    `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${RSS("<item><title>&f;</title></item>")}`,
  ],
  ["a document type from elsewhere", `<!doctype rss SYSTEM "http://169.254.169.254/x.dtd">${RSS("")}`],
  ["a page", "<html><body>no feed</body></html>"],
  ["nothing", ""],
  ["text", "hello"],
  ["a broken feed", "<rss><channel><item><title>x"],
])("%s is refused", (_, text) => {
  expect(read(text)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test("nested a hundred thousand deep it ends", () => {
  const deep = `<rss><channel>${"<x>".repeat(100_000)}`;
  expect(read(deep).ok).toBe(false);
});
