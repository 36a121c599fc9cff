// RSS 0.9x, 1.0 and 2.0 and Atom as plain items. A document type is refused before anything is parsed: whoever has none can define no
// entities, neither from outside nor of itself.
import { createHash } from "node:crypto";
import { XMLParser } from "fast-xml-parser";
import { failure, type Result } from "../../model/result.ts";
import { DAY_MS, type DurationMs, durationMs, type Instant, instant } from "../../model/time.ts";
import { plainText } from "../text/plain-text.ts";
import { withinTime } from "../time-limit/within-time.ts";

export interface FeedItem {
  /** Short, of letters and digits; the same for the same item. */
  readonly id: string;
  readonly title: string;
  readonly text: string;
  /** As said, but never later than now; now where nothing was said. */
  readonly publishedAt: Instant;
  /** When it was changed last; as published where nothing was said. */
  readonly updatedAt: Instant;
}

export const ITEMS_MAX = 500;
const TITLE_LENGTH_MAX = 200;
const TEXT_LENGTH_MAX = 2_000;
const READ_LIMIT_MS: DurationMs = durationMs(5_000);
const AGE_MAX_MS = 20 * 366 * DAY_MS;

/** The first ones of many. "bad-input": it is no feed; "timeout": it takes too long to read. */
export function readFeed(bytes: Uint8Array, now: Instant): Result<readonly FeedItem[]> {
  const text = new TextDecoder().decode(bytes);
  if (/<!\s*(DOCTYPE|ENTITY)/i.test(text))
    return failure("bad-input", "The feed has a document type: that is not read.");
  const read = withinTime(READ_LIMIT_MS, () => itemsOf(parse(text), now));
  if (read.ok) return read;
  const { kind, message } = read.error;
  return failure(kind, kind === "timeout" ? "The feed takes too long to read." : `It is no feed: ${message}`);
}

type Node = Readonly<Record<string, unknown>>;

const LISTS = ["item", "entry", "link"];

function parse(text: string): Node {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    isArray: (name) => LISTS.includes(name),
    // Markup within is text for whoever strips it.
    stopNodes: ["..description", "..summary", "..content", "..encoded", "..title"],
  });
  return childOf(parser.parse(text)) ?? {};
}

function itemsOf(document: Node, now: Instant): FeedItem[] {
  const { rss, feed, RDF } = document as { readonly rss?: unknown; readonly feed?: unknown; readonly RDF?: unknown };
  const channel = childOf(childOf(rss)?.["channel"]) ?? childOf(feed) ?? childOf(RDF);
  if (channel === undefined) throw new Error("there is no rss, feed or rdf in it.");
  const items = [channel["item"], channel["entry"]].flatMap((list) => (Array.isArray(list) ? list : []));
  return items.slice(0, ITEMS_MAX).flatMap((item) => itemOf(childOf(item), now));
}

function itemOf(item: Node | undefined, now: Instant): FeedItem[] {
  if (item === undefined) return [];
  const title = plainText(textIn(item["title"]), TITLE_LENGTH_MAX);
  const described = ["description", "summary", "content", "encoded"].map((name) => textIn(item[name])).join(" ");
  const text = plainText(described, TEXT_LENGTH_MAX);
  if (title === "" && text === "") return [];
  const published = dateIn(item, ["pubDate", "published", "date", "issued", "updated"], now) ?? now;
  const updated = dateIn(item, ["updated", "modified"], now) ?? published;
  const name = textIn(item["guid"]) || textIn(item["id"]) || linkIn(item["link"]) || `${title} ${published}`;
  const id = createHash("sha256").update(name).digest("hex").slice(0, 12);
  return [{ id, title: title || text.slice(0, TITLE_LENGTH_MAX), text, publishedAt: published, updatedAt: updated }];
}

function childOf(value: unknown): Node | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Node) : undefined;
}

function textIn(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === "string") return first;
  const text = childOf(first)?.["#text"];
  return typeof text === "string" ? text : "";
}

function linkIn(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const href = childOf(first)?.["@href"];
  return typeof href === "string" ? href : textIn(first);
}

function dateIn(item: Node, names: readonly string[], now: Instant): Instant | undefined {
  for (const name of names) {
    const at = Date.parse(textIn(item[name]).slice(0, 60).trim());
    if (!Number.isNaN(at) && at > now - AGE_MAX_MS) return instant(Math.min(at, now));
  }
  return undefined;
}
