// headroom discovered: VMs and hosts that are seen and nobody declared, and declaring them all at once.
import { type Command, InvalidArgumentError } from "commander";
import type { Adoption, Discovered } from "../../api/contract/discovered.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { RESOURCES, type ResourceVector } from "../../model/resources.ts";
import { amountsByResource } from "../amount-value.ts";
import type { CommandSetting } from "../commands.ts";
import { ageOf } from "../local-time.ts";
import { oneMore, wholeNumber } from "../option-values.ts";
import { tableLines } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { told } from "./one-in-detail.ts";

interface AdoptTyped extends ServerTyped {
  readonly customer: string;
  readonly workload?: string;
  readonly host?: string;
  readonly pool?: string;
  readonly cell?: string;
  readonly capacity?: ResourceVector;
  readonly base?: ResourceVector;
  readonly ceiling?: ResourceVector;
}

const LIMIT_DEFAULT = 50;

export function discoveredCommand(program: Command, setting: CommandSetting): void {
  const discovered = program
    .command("discovered")
    .helpCommand(false)
    .summary("VMs that metrics tell of and nobody declared")
    .description("Lists VMs and hosts that samples and metrics tell of and that are not declared, or declares them.")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom discovered --help.");
  withServer(discovered.command("list").summary("list them").description("Lists what is seen and not declared."))
    .option("--limit <n>", "at most so many", wholeNumber({ from: 1, to: 10_000 }), LIMIT_DEFAULT)
    .action((typed: ServerTyped & { limit: number }) =>
      answer(setting, typed, {
        ask: (client) => client.listDiscovered(),
        show: (seen, page) => discoveredLines(seen, typed.limit, page),
      }),
    );
  adoptCommand(discovered, setting);
}

function adoptCommand(discovered: Command, setting: CommandSetting): void {
  withServer(
    discovered
      .command("adopt")
      .summary("declare them")
      .description(
        "Declares discovered VMs: all of them, or those that are named. What they need is made too, in observe mode.",
      ),
  )
    .argument("[vm...]", "all where left out", oneMore)
    .requiredOption("--customer <id>", "whose they are; made where there is none of this id")
    .option("--workload <id>", "made where there is none (default: CUSTOMER-adopted)")
    .option("--host <id>", "of all of them (default: the host that metrics name)")
    .option("--pool <id>", "of hosts that are made (default: shared)")
    .option("--cell <id>", "of hosts that are made (default: cell-1)")
    .option(
      "--capacity <amounts>",
      "of each host that is made, such as cpu=64,memory=512GiB,network=2.5GB/s,storage=3GB/s",
      amounts,
    )
    .option("--base <amounts>", "what each VM always has (default: nothing)", amounts)
    .option("--ceiling <amounts>", "the most that each may get (default: its host's capacity)", amounts)
    .action((vms: string[], typed: AdoptTyped) => {
      const { server, key, json, ...chosen } = typed;
      const body: Adoption = { ...chosen, ...(vms.length > 0 && { vms }) };
      return answer(setting, typed, {
        ask: (client) => client.adoptDiscovered({ body }),
        show: ({ vms: count, created }, page) =>
          told(
            `${count} VMs are declared${created.length === 0 ? "" : `, and made beside them: ${created.map(({ kind, id }) => `${kind} ${id}`).join(", ")}`}. ` +
              "Their history: headroom backfill --from URL.",
            page,
          ),
        whereToLook: "headroom discovered list lists them.",
      });
    });
}

/** All four. */
function amounts(typed: string): ResourceVector {
  const read = amountsByResource(typed);
  if (RESOURCES.every((resource) => read[resource] !== undefined)) return read as ResourceVector;
  throw new InvalidArgumentError("Give all four, such as cpu=64,memory=512GiB,network=2.5GB/s,storage=3GB/s.");
}

function discoveredLines({ vms, hosts, vmCount }: Discovered, limit: number, page: LocalPage): string[] {
  if (vms.length === 0) return told("Every VM that is seen is declared.", page);
  const columns = [
    { head: "VM", isText: true, isWhole: true },
    { head: "host", isText: true },
    { head: "told by", isText: true },
    ...["CPU", "memory", "network", "storage"].map((head) => ({ head })),
    { head: "seen for" },
  ] as const;
  const rows = vms.slice(0, limit).map(({ vm, host, toldBy, largest, firstSeen, lastSeen }) => [
    vm,
    host ?? "",
    [...new Set(toldBy.map(({ source }) => source))].join(", ") || "samples",
    ...RESOURCES.map((resource) => {
      const amount = largest[resource];
      return amount === null ? "" : formatAmount(resource, amount);
    }),
    ageOf(Date.parse(lastSeen) - Date.parse(firstSeen)),
  ]);
  const others = vmCount - rows.length;
  const strangers = hosts.filter(({ isDeclared }) => !isDeclared).map(({ host }) => host);
  return [
    ...tableLines({ columns, rows }, page),
    "",
    ...told(
      `${vmCount} VMs are seen and not declared${others > 0 ? `; ${others} more than shown (--limit)` : ""}. Amounts are the most that was seen.` +
        (strangers.length > 0 ? ` Hosts that are not declared: ${strangers.join(", ")}.` : "") +
        " headroom discovered adopt --customer ID declares them.",
      page,
    ),
  ];
}

const EXAMPLES = `
Examples:
  headroom discovered list
  headroom discovered adopt --customer meridian --capacity cpu=64,memory=512GiB,network=2.5GB/s,storage=3GB/s
  headroom discovered adopt web-7 web-8 --customer meridian --host hv-1`;
