// headroom price-book, usage, invoice, profile-score, plan-costs: what it costs, why, and whether the promise was kept.
import { type Command, InvalidArgumentError } from "commander";
import type { ApiClient } from "../../api/client/client.ts";
import type { PriceBookBody } from "../../api/contract/price-book.ts";
import type { CommandSetting } from "../commands.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import {
  invoiceHeadLines,
  invoiceLines,
  planCostLines,
  priceBookLines,
  quoteLines,
  scoreLines,
  serviceLines,
  usageLines,
} from "./billing-lines.ts";
import { told } from "./one-in-detail.ts";

const WHERE = "headroom customers lists them; a price book is set with headroom price-book set FILE.";

interface MonthTyped extends ServerTyped {
  readonly month?: string;
}

const queryOf = ({ month }: MonthTyped) => ({ query: month === undefined ? {} : { month } });

function month(typed: string): string {
  if (/^\d{4}-\d\d$/.test(typed)) return typed;
  throw new InvalidArgumentError("Give a month such as 2026-03.");
}

export function priceBookCommand(program: Command, setting: CommandSetting): void {
  const book = program
    .command("price-book")
    .helpCommand(false)
    .summary("show and set what it costs")
    .description("Shows the price book, or sets it from a file of JSON or YAML. What was in force is never changed.")
    .showHelpAfterError("See headroom price-book --help.");
  withServer(
    book.command("show").summary("show it").description("Shows the prices that are in force, and those to come."),
  ).action((typed: ServerTyped) =>
    answer(setting, typed, { ask: (client) => client.getPriceBook(), show: priceBookLines, whereToLook: WHERE }),
  );
  withServer(book.command("set").summary("set it").description("Sets the price book. For operators."))
    .argument("<file>", "JSON or YAML; - is standard input")
    .action((file: string, typed: ServerTyped) =>
      answer(setting, typed, {
        async ask(client) {
          const read = await setting.commands.service.readDocument(file);
          // As it stands: the service says what is wrong with it, field by field.
          return read.ok ? client.putPriceBook({ body: read.value as PriceBookBody }) : read;
        },
        show: ({ version, versions }, page) =>
          told(`The price book is set (version ${version}): ${versions.map(({ id }) => id).join(", ")}.`, page),
      }),
    );
}

export function usageCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("usage")
    .summary("show what a customer used")
    .description("Shows the usage records of the last day, or of a span of 7 days at most: hour by hour, VM by VM.")
    .argument("<customer>", "its id")
    .option("--from <time>", "2026-03-02T08:00:00Z; a day before --to where left out")
    .option("--to <time>", "now where left out");
  withServer(command).action((id: string, typed: ServerTyped & { from?: string; to?: string }) => {
    const { from, to } = typed;
    const query = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
    return answer(setting, typed, {
      ask: (client) => client.getUsage({ id, query }),
      show: usageLines,
      whereToLook: WHERE,
    });
  });
}

export function invoiceCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("invoice")
    .summary("show the invoice of a month")
    .description("Shows a customer's final invoice of a month, or a draft of what it comes to so far.")
    .argument("<customer>", "its id")
    .option("--month <month>", "2026-03; the one that goes on now where left out", month)
    .option("--focus", "as FOCUS 1.2 CSV")
    .option("--final", "make it final first, once the month is over: it gets a number and never changes. For operators")
    .option("--list", "the final ones");
  withServer(command).action((id: string, typed: MonthTyped & { focus?: true; final?: true; list?: true }) => {
    const { whereToLook } = { whereToLook: WHERE };
    if (typed.list)
      return answer(setting, typed, {
        ask: (client) => client.listInvoices({ id }),
        show: invoiceHeadLines,
        whereToLook,
      });
    if (typed.focus) {
      const ask = (client: ApiClient) => client.getInvoiceFocus({ id, ...queryOf(typed) });
      return answer(setting, typed, { ask, show: ({ csv }) => csv.trimEnd().split("\r\n"), whereToLook });
    }
    if (typed.final && typed.month === undefined)
      return command.error("headroom: say which month is to be final: --month 2026-03.");
    const ask = (client: ApiClient) =>
      typed.final && typed.month !== undefined
        ? client.postInvoice({ id, body: { month: typed.month } })
        : client.getInvoice({ id, ...queryOf(typed) });
    return answer(setting, typed, { ask, show: invoiceLines, whereToLook });
  });
}

export function serviceReportCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("service-report")
    .summary("show whether the promise was kept")
    .description("Shows for each plan and resource how much of the time in which more was asked for it was there.")
    .argument("<customer>", "its id")
    .option("--month <month>", "2026-03; the one that goes on now where left out", month);
  withServer(command).action((id: string, typed: MonthTyped) =>
    answer(setting, typed, {
      ask: (client) => client.getServiceReport({ id, ...queryOf(typed) }),
      show: serviceLines,
      whereToLook: WHERE,
    }),
  );
}

export function profileScoreCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("profile-score")
    .summary("show what a customer's profiles are worth")
    .description("Shows how well declared profiles told what came, the discount that makes, and what would raise it.")
    .argument("<customer>", "its id");
  withServer(command).action((id: string, typed: ServerTyped) =>
    answer(setting, typed, { ask: (client) => client.getProfileScore({ id }), show: scoreLines, whereToLook: WHERE }),
  );
}

export function quoteCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("quote")
    .summary("show what each plan would cost a customer")
    .description(
      "Replays a customer's own samples through the planner, and bills them under each plan at the prices of now.",
    )
    .argument("<customer>", "its id")
    .option("--days <n>", "of history: half of them teach, half are billed", days, 14);
  withServer(command).action((id: string, typed: ServerTyped & { days: number }) =>
    answer(setting, typed, {
      ask: (client) => client.getQuote({ id, query: { days: typed.days } }),
      show: quoteLines,
      whereToLook: WHERE,
    }),
  );
}

function days(typed: string): number {
  const count = Number(typed);
  if (Number.isInteger(count) && count >= 4 && count <= 28) return count;
  throw new InvalidArgumentError("Give whole days, 4 to 28.");
}

interface CostsTyped extends MonthTyped {
  readonly cpu?: number;
  readonly memory?: number;
  readonly network?: number;
  readonly storage?: number;
}

export function planCostsCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("plan-costs")
    .summary("show what each plan brought in and cost")
    .description(
      "Shows revenue beyond the base, and the cost of leases not used and of buffers held, by plan. For operators.",
    )
    .option("--month <month>", "2026-03; the one that goes on now where left out", month)
    .option("--cpu <price>", "what a core costs you for an hour: 0.012", unitCost)
    .option("--memory <price>", "what a GiB costs", unitCost)
    .option("--network <price>", "what a MB/s costs", unitCost)
    .option("--storage <price>", "what a MB/s costs", unitCost);
  withServer(command).action((typed: CostsTyped) => {
    const { cpu = 0, memory = 0, network = 0, storage = 0 } = typed;
    const query = { ...queryOf(typed).query, cpu, memory, network, storage };
    return answer(setting, typed, { ask: (client) => client.getPlanCosts({ query }), show: planCostLines });
  });
}

function unitCost(typed: string): number {
  const micros = Math.round(Number(typed) * 1e6);
  if (/^\d{1,6}(\.\d{1,6})?$/.test(typed)) return micros;
  throw new InvalidArgumentError("Give a price such as 0.012, with six decimals at most.");
}

export function verifyInvoiceCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("verify-invoice")
    .summary("work an invoice out again")
    .description(
      "Works every line of an invoice out again from usage records and the price book, and says what is not as it should be.",
    )
    .argument("<file>", "as headroom invoice CUSTOMER --month 2026-03 --json prints it; - is standard input");
  withServer(command).action((file: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: async (client) => {
        const read = await setting.commands.service.readDocument(file);
        return read.ok ? setting.commands.service.verifyInvoice(read.value, client) : read;
      },
      show: ({ records, differences }, page) =>
        differences.length > 0
          ? differences.flatMap((difference) => told(difference, page))
          : told(`Every line is what ${records} usage records and the price book make of it.`, page),
      code: ({ differences }) => (differences.length > 0 ? 1 : 0),
    }),
  );
}
