// headroom hand-over: one more replica of a workload, asked for, looked at and given back; what it is made from, and who is told.
import { type Command, InvalidArgumentError } from "commander";
import type { ApiClient } from "../../api/client/client.ts";
import type { HandOver } from "../../api/contract/hand-overs.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { failure } from "../../model/result.ts";
import { amountsByResource } from "../amount-value.ts";
import type { CommandSetting } from "../commands.ts";
import { pathName, wholeNumber } from "../option-values.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { handOverLines, handOversLines, templateSentence } from "./hand-over-lines.ts";
import { listUpTo } from "./many-calls.ts";
import { told } from "./one-in-detail.ts";

type Size = Record<Resource, number>;
type Replica = HandOver["replica"];

const LIMIT_DEFAULT = 200;
const DAY_SECONDS = 86_400;
const WHERE = "headroom hand-over list lists them.";

export function handOverCommand(program: Command, setting: CommandSetting): void {
  const handOver = program
    .command("hand-over")
    .helpCommand(false)
    .summary("one more replica of a workload, for as long as it is wanted")
    .description(
      "Asks for a whole shadow VM as one more replica of a workload, shows what became of it, and gives it back. The " +
        "load balancer is told by webhook.",
    )
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom hand-over --help.");
  askCommand(handOver, setting);
  listCommand(handOver, setting);
  showCommand(handOver, setting);
  returnCommand(handOver, setting);
  templateCommand(handOver, setting);
  webhookCommand(handOver, setting);
}

interface AskTyped extends ServerTyped {
  readonly replica: Replica;
  readonly size?: Size;
  readonly drain?: number;
}

function askCommand(handOver: Command, setting: CommandSetting): void {
  withServer(handOver.command("ask").summary("ask for one").description("Asks for one more replica of a workload."))
    .argument("<workload>", "its id; its profile says that it scales horizontally")
    .requiredOption("--replica <host:port>", "where the replica will take work", replicaAt)
    .option("--size <amounts>", "what it gets, of all four resources; as its template says where left out", wholeSize)
    .option("--drain <seconds>", "how long work has to leave it", wholeNumber({ from: 0, to: DAY_SECONDS }))
    .action((workload: string, { replica, size, drain, ...typed }: AskTyped) => {
      const body = { workload, replica, ...(size && { size }), ...(drain !== undefined && { drainSeconds: drain }) };
      return answer(setting, typed, {
        ask: (client) => client.postHandOver({ body, idempotencyKey: crypto.randomUUID() }),
        show: handOverLines,
        whereToLook: "headroom customers <id> shows its workloads.",
      });
    });
}

function listCommand(handOver: Command, setting: CommandSetting): void {
  withServer(
    handOver.command("list").summary("list them").description("Lists those that run, and the last that ended."),
  )
    .option("--customer <id>", "only those of this customer")
    .option("--limit <n>", "at most so many", wholeNumber({ from: 1, to: 10_000 }), LIMIT_DEFAULT)
    .action(({ customer, limit, ...typed }: ServerTyped & { customer?: string; limit: number }) =>
      answer(setting, typed, {
        ask: (client) =>
          listUpTo(limit, (query) => client.listHandOvers({ query: { ...query, ...(customer && { customer }) } })),
        show: ({ items }, page) => handOversLines(items, page),
      }),
    );
}

function showCommand(handOver: Command, setting: CommandSetting): void {
  withServer(handOver.command("show").summary("what became of one").description("Shows one, move by move, and why."))
    .argument("<id>", "as headroom hand-over list shows it")
    .action((id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => client.getHandOver({ id }),
        show: handOverLines,
        whereToLook: WHERE,
      }),
    );
}

function returnCommand(handOver: Command, setting: CommandSetting): void {
  withServer(handOver.command("return").summary("give one back").description("Gives a replica back, gracefully."))
    .argument("<id>", "as headroom hand-over list shows it")
    .action((id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => client.returnHandOver({ id }),
        show: handOverLines,
        whereToLook: WHERE,
      }),
    );
}

function templateCommand(handOver: Command, setting: CommandSetting): void {
  withServer(
    handOver
      .command("template")
      .summary("what replicas of a workload are made from")
      .description("Shows what replicas of a workload are made from and when they are ready, or sets it from a file."),
  )
    .argument("<workload>", "its id")
    .argument("[file]", "JSON or YAML with image, size, readiness; - for standard input", pathName)
    .action((id: string, file: string | undefined, typed: ServerTyped) =>
      answer(setting, typed, {
        async ask(client) {
          if (file === undefined) return client.getTemplate({ id });
          const read = await setting.commands.service.readDocument(file);
          if (!read.ok) return read;
          // The service checks it, and says which field is wrong.
          return client.putTemplate({ id, body: read.value as Parameters<ApiClient["putTemplate"]>[0]["body"] });
        },
        show: (template, page) => told(templateSentence(template), page),
      }),
    );
}

interface WebhookTyped extends ServerTyped {
  readonly url?: string;
  readonly secretFile?: string;
}

function webhookCommand(handOver: Command, setting: CommandSetting): void {
  withServer(
    handOver
      .command("webhook")
      .summary("where a customer's load balancer is told")
      .description(
        "Shows where a customer's load balancer is told of replicas, or sets it. The secret is never shown.",
      ),
  )
    .argument("<customer>", "its id")
    .option("--url <url>", "HTTPS; notices are posted there")
    .option("--secret-file <file>", "with the secret that notices are signed with; - for standard input", pathName)
    .action((id: string, { url, secretFile, ...typed }: WebhookTyped) =>
      answer(setting, typed, {
        async ask(client) {
          if (url === undefined && secretFile === undefined) return client.getWebhook({ id });
          if (url === undefined || secretFile === undefined)
            return failure("bad-input", "--url and --secret-file go together: one is of no use without the other.");
          const read = await setting.commands.service.readDocument(secretFile);
          if (!read.ok) return read;
          if (typeof read.value !== "string")
            return failure("bad-input", `${secretFile} should hold the secret and nothing else.`);
          return client.putWebhook({ id, body: { url, secret: read.value } });
        },
        show: (webhook, page) => told(`Notices for ${webhook.id} go to ${webhook.url}.`, page),
      }),
    );
}

function replicaAt(typed: string): Replica {
  const [, host, digits] = /^\[?([A-Za-z0-9.:_-]{1,253}?)\]?:(\d{1,5})$/.exec(typed) ?? [];
  const port = Number(digits);
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port };
  throw new InvalidArgumentError("Give a host and a port, such as web-7.example.com:8080.");
}

function wholeSize(typed: string): Size {
  const { cpu, memory, network, storage } = amountsByResource(typed);
  if (cpu !== undefined && memory !== undefined && network !== undefined && storage !== undefined)
    return { cpu, memory, network, storage };
  throw new InvalidArgumentError(`Give all four: ${RESOURCES.join(", ")}.`);
}

const EXAMPLES = `
Examples:
  headroom hand-over template meridian-web template.yaml
  headroom hand-over webhook meridian --url https://lb.meridian.example/headroom --secret-file secret
  headroom hand-over ask meridian-web --replica web-7.meridian.example:8080
  headroom hand-over list
  headroom hand-over return hand-over-5f3a9c1e`;
