// headroom sources: where events are read, what they said, and what became of it.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Static } from "typebox";
import type { ApiClient } from "../../api/client/client.ts";
import type { SourceBody } from "../../api/contract/sources.ts";
import { EVENT_KINDS } from "../../model/event.ts";
import { success } from "../../model/result.ts";
import { ITEM_LABELS, type ItemLabel } from "../../model/source.ts";
import { iso, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { typedInstant, zoneOf } from "../local-time.ts";
import { decimalNumber, oneMore, pathName, wholeNumber } from "../option-values.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { listUpTo } from "./many-calls.ts";
import { told } from "./one-in-detail.ts";
import { readingLines, sourceLines, sourcesLines } from "./source-lines.ts";

type Body = Static<typeof SourceBody>;
type Form = Body["form"];

const SOURCES_MAX = 500;
const EVENTS_SHOWN = 20;
const WHERE = "headroom sources list lists them.";

export function sourcesCommand(program: Command, setting: CommandSetting): void {
  const sources = program
    .command("sources")
    .helpCommand(false)
    .summary("read events from calendars, feeds and programs")
    .description("Lists sources of events, adds one, shows what it said and what that became, mutes or removes it.")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom sources --help.");
  withServer(sources.command("list").summary("list them").description("Lists sources of events.")).action(
    (typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => listUpTo(SOURCES_MAX, (query) => client.listSources({ query })),
        show: ({ items }, page) => sourcesLines(items, page),
      }),
  );
  addCommands(sources, setting);
  aboutOne(sources, setting);
  hookCommand(sources, setting);
}

interface HeadTyped extends ServerTyped {
  readonly customer?: string[];
  readonly uplift?: number;
}

/** One for each kind: each has options of its own. */
function addCommands(sources: Command, setting: CommandSetting): void {
  const add = sources.command("add").helpCommand(false).summary("add one").description("Adds a source of events.");
  const adding = <Typed extends HeadTyped>(given: {
    readonly kind: Form["kind"];
    readonly summary: string;
    readonly options?: (command: Command) => Command;
    readonly form: (typed: Typed) => Form;
  }): void => {
    const { kind, summary, options = (command) => command, form } = given;
    const command = withServer(add.command(kind).summary(summary).description(`Adds ${summary}.`))
      .argument("<name>", "for people")
      .option("--customer <id>", "whom its events touch; again for more, everybody where left out", oneMore)
      .option("--uplift <factor>", "of events that do not say it", decimalNumber({ from: 0.01, to: 100, such: "1.6" }));
    options(command).action((name: string, typed: Typed) =>
      answer(setting, typed, {
        ask: (client) =>
          client.postSource({ body: bodyOf(name, typed, form(typed)), idempotencyKey: crypto.randomUUID() }),
        show: (source, page) =>
          told(`${source.name} is ${source.id}. headroom sources show ${source.id} tells what it says.`, page),
      }),
    );
  };
  const every = (command: Command) =>
    command.option("--every <minutes>", "how often it is read", wholeNumber({ from: 1, to: 10_080 }), 15);
  adding<HeadTyped & { url?: string; every: number; kind: (typeof EVENT_KINDS)[number] }>({
    kind: "calendar",
    summary: "an iCalendar, read from a URL or sent in",
    options: (command) =>
      every(command)
        .option("--url <url>", "where it is; left out: headroom sources upload sends it in")
        .addOption(new Option("--kind <kind>", "what its entries are").choices(EVENT_KINDS).default("campaign")),
    form: ({ url, every: minutes, kind }) => ({
      kind: "calendar",
      everySeconds: (minutes * MINUTE_MS) / SECOND_MS,
      eventKind: kind,
      ...(url !== undefined && { url }),
    }),
  });
  adding<HeadTyped & { url: string; every: number; topic: string[] }>({
    kind: "feed",
    summary: "a feed of news or of a status page (RSS, Atom)",
    options: (command) =>
      every(command)
        .requiredOption("--url <url>", "where it is")
        .requiredOption("--topic <name=term,term>", "what an item must be about; again for more", oneMore),
    form: ({ url, every: minutes, topic }) => ({
      kind: "feed",
      url,
      everySeconds: (minutes * MINUTE_MS) / SECOND_MS,
      topics: topic.map(topicOf),
    }),
  });
  adding<HeadTyped & { place: string; zone?: string }>({
    kind: "holidays",
    summary: "the public holidays of a country, state or region",
    options: (command) =>
      command
        .requiredOption("--place <code>", "DE, US-CA, DE-BY-A")
        .option("--zone <name>", "IANA name of the time zone; the place's own where left out"),
    form: ({ place, zone }) => ({ kind: "holidays", place, ...(zone !== undefined && { timeZone: zone }) }),
  });
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): string => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "coming" });
    if (at !== undefined) return iso(at);
    throw new InvalidArgumentError(`Give a time such as "2026-11-20 00:00" (${zone}) or 2026-11-20T00:00:00Z.`);
  };
  adding<HeadTyped & { start: string; end: string; on: "date" | "weekday" }>({
    kind: "season",
    summary: "a season that comes back every year",
    options: (command) =>
      command
        .requiredOption("--start <time>", `when it begins in one year, ${zone} where no zone is said`, time)
        .requiredOption("--end <time>", "when it is over", time)
        .addOption(new Option("--on <what>", "what stays the same").choices(["date", "weekday"]).default("date")),
    form: ({ start, end, on }) => ({ kind: "season", start, end, on }),
  });
  adding({ kind: "hook", summary: "a program that announces events by signed calls", form: () => ({ kind: "hook" }) });
}

function bodyOf(name: string, { customer, uplift }: HeadTyped, form: Form): Body {
  return {
    name,
    form,
    ...(customer && { customers: customer }),
    ...(uplift !== undefined && { declaredUplift: uplift }),
  };
}

/** "shop=meridian,meridian shop"; one word is its own term. */
function topicOf(typed: string): { name: string; terms: string[] } {
  const [name = "", terms = name] = typed.split("=");
  return { name: name.trim(), terms: terms.split(",").map((term) => term.trim()) };
}

function aboutOne(sources: Command, setting: CommandSetting): void {
  const about = (name: string, summary: string) =>
    withServer(
      sources
        .command(name)
        .summary(summary)
        .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`),
    ).argument("<id>", "of the source, as headroom sources list shows it");
  about("show", "show what it said, and what that became").action((id: string, typed: ServerTyped) =>
    answer(setting, typed, { ask: (client) => wholeSource(client, id), show: sourceLines, whereToLook: WHERE }),
  );
  about("read", "read it now").action((id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.readSource({ id }),
      show: (_, page) => told(`${id} is read now: headroom sources show ${id} tells how it went.`, page),
      whereToLook: WHERE,
    }),
  );
  about("upload", "send in a calendar")
    .argument("<file>", "of iCalendar, or - for standard input", pathName)
    .action((id: string, file: string, typed: ServerTyped) =>
      answer(setting, typed, {
        async ask(client) {
          const text = await setting.commands.service.readText(file);
          return text.ok ? client.uploadCalendar({ id, body: { text: text.value } }) : text;
        },
        show: (reading, page) => [...told(`${file} is taken.`, page), ...readingLines(reading, page)],
        whereToLook: WHERE,
      }),
    );
  about("teach", "say what an item of a feed should have become")
    .argument("<text>", "of the item, as headroom sources show tells it")
    .addOption(new Option("--as <label>", "what it should have become").choices(ITEM_LABELS).makeOptionMandatory())
    .action((id: string, text: string, typed: ServerTyped & { as: ItemLabel }) =>
      answer(setting, typed, {
        ask: (client) => client.teachSource({ id, body: { text, label: typed.as } }),
        show: (_, page) => told(`Learned: words of "${text}" count for ${typed.as} from the next reading on.`, page),
        whereToLook: WHERE,
      }),
    );
  const mute = (isMuted: boolean) => (id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => setMuted(client, { id, isMuted }),
      show: (_, page) => told(isMuted ? `${id} is muted: its events count no more.` : `${id} is heard again.`, page),
      whereToLook: WHERE,
    });
  about("mute", "let its events count no more").action(mute(true));
  about("unmute", "let its events count again").action(mute(false));
  about("remove", "remove it and its events").action((id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.deleteSource({ id }),
      json: () => ({ id, removed: true }),
      show: (_, page) => told(`${id} and its events are removed.`, page),
      whereToLook: WHERE,
    }),
  );
}

async function wholeSource(client: ApiClient, id: string) {
  const [source, reading] = await Promise.all([client.getSource({ id }), client.getSourceReading({ id })]);
  if (!source.ok) return source;
  if (!reading.ok) return reading;
  const events = await listUpTo(SOURCES_MAX, (query) => client.listSourceEvents({ id, query }));
  if (!events.ok) return events;
  const coming = events.value.items.filter(({ end }) => Date.parse(end) > Date.now());
  const next = coming.toSorted((left, right) => Date.parse(left.start) - Date.parse(right.start));
  const counts = { events: events.value.items.length, coming: coming.length };
  return success({ source: source.value, reading: reading.value, ...counts, next: next.slice(0, EVENTS_SHOWN) });
}

async function setMuted(client: ApiClient, { id, isMuted }: { readonly id: string; readonly isMuted: boolean }) {
  const found = await client.getSource({ id });
  if (!found.ok) return found;
  const { version, id: _, changedAt: __, form, ...body } = found.value;
  const { lessons: ___, ...plain } = { lessons: undefined, ...form };
  return client.putSource({ id, ifVersion: version, body: { ...body, muted: isMuted, form: plain as Form } });
}

function hookCommand(sources: Command, setting: CommandSetting): void {
  withServer(
    sources.command("secret").summary("make a new secret for a hook").description("Makes a secret and shows it, once."),
  )
    .argument("<id>", "of the source")
    .action((id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: async (client, { address }) => {
          const renewed = await client.renewSourceSecret({ id });
          return renewed.ok ? success({ ...renewed.value, url: `${address}${renewed.value.url}` }) : renewed;
        },
        show: ({ url, secret }, page) => [
          ...told("Calls go to this address, signed with this secret, which is shown this once:", page),
          `URL=${url}`,
          `SECRET=${secret}`,
        ],
        whereToLook: WHERE,
      }),
    );
}

const EXAMPLES = `
Examples:
  headroom sources add calendar "Campaigns" --url https://shop.example.com/campaigns.ics --customer meridian
  headroom sources add feed "Shop news" --url https://news.example.com/rss --topic "shop=meridian,meridian shop"
  headroom sources add holidays "Bavaria" --place DE-BY
  headroom sources add season "Christmas business" --start "2026-11-20" --end "2026-12-24 14:00" --uplift 1.4
  headroom sources add hook "Shop system" --customer meridian
  headroom sources show source-5f3a9c1e
  headroom sources mute source-5f3a9c1e`;
