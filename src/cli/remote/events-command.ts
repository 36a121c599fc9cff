// headroom events: what is coming, as customers and operators announce it.
import { type Command, InvalidArgumentError, Option } from "commander";
import { EVENT_KINDS, type EventKind } from "../../model/event.ts";
import { iso } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { minuteIn, momentIn, typedInstant, zoneNote, zoneOf } from "../local-time.ts";
import { decimalNumber, oneMore, wholeNumber } from "../option-values.ts";
import { styled, tableLines } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { listUpTo } from "./many-calls.ts";
import { oneEventCommands } from "./one-event-commands.ts";
import { told } from "./one-in-detail.ts";

interface AddTyped extends ServerTyped {
  readonly start: string;
  readonly end?: string;
  readonly kind: EventKind;
  readonly uplift?: number;
  readonly confidence?: number;
  readonly customer?: string[];
}

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly start: string;
  readonly end: string;
  readonly declaredUplift?: number;
  readonly customers?: readonly string[];
}

const LIMIT_DEFAULT = 200;

export function eventsCommand(program: Command, setting: CommandSetting): void {
  const events = program
    .command("events")
    .helpCommand(false)
    .summary("say what is coming: campaigns, releases, holidays")
    .description("Lists announced events, adds one, or cancels one. Forecasts reckon with them from the next tick on.")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom events --help.");
  listCommand(events, setting);
  addCommand(events, setting);
  oneEventCommands(events, setting);
  withServer(events.command("cancel").summary("cancel one").description("Cancels an announced event."))
    .argument("<id>", "of the event, as headroom events list shows it")
    .action((id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => client.deleteEvent({ id }),
        json: () => ({ id, cancelled: true }),
        show: (_, page) => told(`${id} is cancelled: forecasts reckon with it no more from the next tick on.`, page),
        whereToLook: "headroom events list lists them.",
      }),
    );
}

function listCommand(events: Command, setting: CommandSetting): void {
  withServer(events.command("list").summary("list them, the next one first").description("Lists announced events."))
    .option("--customer <id>", "only those for this customer alone")
    .option("--limit <n>", "at most so many", wholeNumber({ from: 1, to: 10_000 }), LIMIT_DEFAULT)
    .action((typed: ServerTyped & { customer?: string; limit: number }) => {
      const owner = typed.customer === undefined ? {} : { customer: typed.customer };
      return answer(setting, typed, {
        ask: (client) => listUpTo(typed.limit, (query) => client.listEvents({ query: { ...query, ...owner } })),
        show: ({ items }, page) => eventsLines(items, page),
      });
    });
}

function addCommand(events: Command, setting: CommandSetting): void {
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): string => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "coming" });
    if (at !== undefined) return iso(at);
    throw new InvalidArgumentError(`Give a time such as "2026-11-27 08:00" (${zone}) or 2026-11-27T08:00:00Z.`);
  };
  withServer(events.command("add").summary("announce one").description("Announces an event."))
    .argument("<name>", "what happens; events of one kind and name are alike")
    .requiredOption("--start <time>", `when it begins, ${zone} where no zone is said`, time)
    .option("--end <time>", "when it is over; only news may have none", time)
    .addOption(new Option("--kind <kind>", "what it is").choices(EVENT_KINDS).default("campaign"))
    .option("--uplift <factor>", "what demand is multiplied with", decimalNumber({ from: 0.01, to: 100, such: "1.6" }))
    .option("--confidence <share>", "how sure it is", decimalNumber({ from: 0, to: 1, such: "0.8" }))
    .option("--customer <id>", "whom it touches; again for more, everybody where left out", oneMore)
    .action((name: string, typed: AddTyped) =>
      answer(setting, typed, {
        ask: (client) => client.postEvent({ body: bodyOf(name, typed), idempotencyKey: crypto.randomUUID() }),
        show: (event, page) =>
          told(
            `${event.name} is announced as ${event.id}, ${momentIn(page.zone, event.start)} to ${momentIn(page.zone, event.end)}.`,
            page,
          ),
      }),
    );
}

function bodyOf(name: string, { start, end, kind, uplift, confidence, customer }: AddTyped) {
  return {
    name,
    kind,
    start,
    ...(end !== undefined && { end }),
    ...(uplift !== undefined && { declaredUplift: uplift }),
    ...(confidence !== undefined && { confidence }),
    ...(customer && { customers: customer }),
  };
}

function eventsLines(events: readonly Shown[], page: LocalPage): string[] {
  const [first] = events;
  if (first === undefined) return ["No events are announced: headroom events add announces one."];
  const isWide = page.columns >= WIDE_COLUMNS;
  const heads = ["event", "from", "to", ...(isWide ? ["what", "uplift", "for"] : [])];
  const columns = [
    { head: "id", isText: true, isWhole: true },
    ...heads.map((head) => ({ head, isText: true as const })),
  ] as const;
  const rows = events
    .toSorted((one, other) => Date.parse(one.start) - Date.parse(other.start))
    .map(({ id, name, kind, start, end, declaredUplift, customers = [] }) => {
      const uplift = declaredUplift === undefined ? "-" : `x ${declaredUplift}`;
      const whom = customers.length > 1 ? `${customers.length} customers` : (customers[0] ?? "all");
      const times = [minuteIn(page.zone, start), minuteIn(page.zone, end)];
      return [id, name, ...times, ...(isWide ? [kind, uplift, whom] : [])];
    });
  const more = isWide ? "" : " A wider terminal also shows kind, uplift and whom it touches.";
  return [
    ...tableLines({ columns, rows }, page),
    "",
    ...told(`${zoneNote(page.zone, first.start)}${more}`, page).map((line) => styled(line, "dim", page)),
  ];
}

const WIDE_COLUMNS = 112;

const EXAMPLES = `
Examples:
  headroom events list
  headroom events add spring-sale --start "2026-04-03 08:00" --end "2026-04-05 22:00" --uplift 1.6
  headroom events add play-off --start 20:15 --end 22:30 --customer meridian
  headroom events cancel event-5f3a9c1e
  headroom events show source-5f3a9c1e:9a0364b9e99b
  headroom events correct source-5f3a9c1e:9a0364b9e99b --uplift 1.8
  headroom events mute source-5f3a9c1e:9a0364b9e99b`;
