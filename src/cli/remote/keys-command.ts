// headroom keys: who may ask and change what. A new key is shown once, and kept nowhere.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Static } from "typebox";
import type { Key, NewKey } from "../../api/contract/operator.ts";
import { iso } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { minuteIn, momentIn, typedInstant, zoneNote, zoneOf } from "../local-time.ts";
import { namesOf } from "../option-values.ts";
import { styled, tableLines } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { listUpTo } from "./many-calls.ts";
import { told } from "./one-in-detail.ts";

const ROLES = ["operator", "customer"] as const;
const SCOPES = ["read", "write", "ingest"] as const;
const KEYS_MAX = 10_000;

interface AddTyped extends ServerTyped {
  readonly role?: (typeof ROLES)[number];
  readonly customer?: string;
  readonly scopes: (typeof SCOPES)[number][];
  readonly expires?: string;
}

export function keysCommand(program: Command, setting: CommandSetting): void {
  const keys = program
    .command("keys")
    .helpCommand(false)
    .summary("list, make and end API keys")
    .description("Lists API keys, makes one, or ends one. For operators.")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom keys --help.");
  withServer(keys.command("list").summary("list them").description("Lists API keys, never what they are."))
    .option("--all", "also those that are over")
    .action((typed: ServerTyped & { all?: true }) =>
      answer(setting, typed, {
        ask: (client) => listUpTo(KEYS_MAX, (query) => client.listKeys({ query })),
        show: ({ items }, page) => keysLines(items, { now: Date.now(), showsAll: typed.all === true }, page),
      }),
    );
  addCommand(keys, setting);
  withServer(keys.command("revoke").summary("end one").description("Ends an API key at once, for good."))
    .argument("<id>", "of the key, as headroom keys list shows it")
    .action((id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => client.revokeKey({ id }),
        show: (key, page) => told(`${key.id} (${key.name}) is ended.`, page),
        whereToLook: "headroom keys list lists them.",
      }),
    );
}

function addCommand(keys: Command, setting: CommandSetting): void {
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): string => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "coming" });
    if (at !== undefined) return iso(at);
    throw new InvalidArgumentError(`Give a time such as 2027-01-01 (${zone}) or 2027-01-01T00:00:00Z.`);
  };
  withServer(keys.command("add").summary("make one").description("Makes an API key and shows it, this once."))
    .argument("<name>", "who or what uses it")
    .addOption(new Option("--role <role>", "default: customer with --customer, operator without").choices(ROLES))
    .option("--customer <id>", "whose key it is: it sees and changes what is its own")
    .option("--scopes <names>", "what it may: read,write,ingest", namesOf(SCOPES), ["read"])
    .option("--expires <time>", "when it is over; never where left out", time)
    .action((name: string, typed: AddTyped, command: Command) => {
      const { customer, scopes, expires, role = customer === undefined ? "operator" : "customer" } = typed;
      if ((role === "customer") !== (customer !== undefined))
        command.error("headroom: keys of role customer, and no others, say whose they are: --customer ID.");
      const expiresAt = expires === undefined ? {} : { expiresAt: expires };
      const body = { name, role, scopes, ...(customer !== undefined && { customer }), ...expiresAt };
      return answer(setting, typed, {
        ask: (client) => client.postKey({ body }),
        show: newKeyLines,
        whereToLook: "headroom customers lists them.",
      });
    });
}

function newKeyLines(key: Static<typeof NewKey>, page: LocalPage): string[] {
  const until = key.expiresAt === undefined ? "until it is ended" : `until ${momentIn(page.zone, key.expiresAt)}`;
  const whose = key.customer === undefined ? "operators" : key.customer;
  return [
    ...told(`${key.id} (${key.name}) may ${key.scopes.join(", ")} for ${whose}, ${until}. Shown this once:`, page),
    `KEY=${key.secret}`,
  ];
}

function keysLines(
  keys: readonly Static<typeof Key>[],
  { now, showsAll }: { now: number; showsAll: boolean },
  page: LocalPage,
): string[] {
  const inForce = keys.filter((key) => showsAll || !isOver(key, now));
  const columns = [
    { head: "key", isText: true, isWhole: true },
    { head: "name", isText: true },
    { head: "of", isText: true },
    { head: "may", isText: true, isWhole: true },
    { head: "until", isText: true, isWhole: true },
  ] as const;
  const rows = inForce.map((key) => [
    key.id,
    key.name,
    key.customer ?? "operator",
    key.scopes.join(","),
    untilOf(key, { now, zone: page.zone }),
  ]);
  const hidden = keys.length - inForce.length;
  const note = `${zoneNote(page.zone, now)}${hidden > 0 ? ` Not shown: ${hidden} that ended (--all).` : ""}`;
  return [...tableLines({ columns, rows }, page), "", styled(note, "dim", page)];
}

function isOver({ revokedAt, expiresAt }: Static<typeof Key>, now: number): boolean {
  return revokedAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= now);
}

function untilOf(key: Static<typeof Key>, { now, zone }: { now: number; zone: string }): string {
  if (key.revokedAt !== undefined) return "(ended)";
  if (isOver(key, now)) return "(over)";
  return key.expiresAt === undefined ? "no end" : minuteIn(zone, key.expiresAt);
}

const EXAMPLES = `
Examples:
  headroom keys list
  headroom keys add collector --customer meridian --scopes ingest
  headroom keys add dashboard --scopes read --expires 2027-01-01
  headroom keys revoke key-5f3a9c1e`;
