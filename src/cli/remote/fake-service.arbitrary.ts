// For tests of the commands that talk to a service: a client that answers what a test says, and remembers what it was asked.
import { PassThrough } from "node:stream";
import type { ApiClient } from "../../api/client/client.ts";
import type { LiveNews } from "../../api/client/watch-live.ts";
import type { Problem } from "../../api/contract/live.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Commands } from "../commands.ts";
import { runProgram } from "../program.ts";
import type { ServerChoice, ServiceCommands } from "../service-commands.ts";

type Answers = { readonly [Name in keyof ApiClient]?: (given: never) => unknown };

export interface FakeService {
  /** What each call gets: a value, or a problem. */
  readonly answers?: Answers;
  readonly news?: readonly LiveNews[];
  readonly document?: unknown;
  readonly service?: Partial<ServiceCommands>;
  readonly columns?: number;
}

interface Asked {
  readonly name: string;
  readonly given: unknown;
}

/** "" and words in double quotes are kept together. */
export async function run(line: string, fake: FakeService = {}) {
  const asked: Asked[] = [];
  const choices: ServerChoice[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: fake.columns ?? 80, isRich: false });
  const service: ServiceCommands = {
    connect(choice) {
      choices.push(choice);
      return success({
        address: choice.server ?? "http://127.0.0.1:8710",
        key: choice.key === undefined ? "HEADROOM_KEY" : "--key",
        client: clientOf(fake.answers ?? {}, asked),
        version: async () => "1.2.3",
        async *watch() {
          yield* fake.news ?? [];
        },
      });
    },
    readDocument: async () => success(fake.document),
    verifyInvoice: unused,
    backfill: unused,
    readText: async () => success(String(fake.document)),
    backup: unused,
    restore: unused,
    ...fake.service,
  };
  const argv = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const terminal = { out: screen(out), err: screen(err), zone: "Europe/Berlin" };
  const code = await runProgram({ argv, commands: { ...UNUSED, service }, terminal });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? ""), asked, choices };
}

export function problem(status: number, title: string, kind = "not-found"): Result<never, Problem> {
  return { ok: false, error: { type: `urn:headroom:problem:${kind}`, title, status } };
}

const unused = async () => failure("rejected", "Not asked for here.");
const UNUSED: Omit<Commands, "service"> = {
  version: "1.2.3",
  policyNames: [],
  modelNames: [],
  faultNames: [],
  backtest: unused,
  evaluate: unused,
  forecast: unused,
  train: unused,
  models: unused,
  demo: unused,
  serve: unused,
  simulate: unused,
};

/** What no test speaks of is not there. */
function clientOf(answers: Answers, asked: Asked[]): ApiClient {
  const calls = new Proxy({} as Record<string, (given: never) => unknown>, {
    get: (_, name: string) => async (given: never) => {
      asked.push({ name, given });
      const answer = answers[name as keyof ApiClient]?.(given) ?? problem(404, `There is no answer to ${name}.`);
      return typeof answer === "object" && "ok" in answer ? answer : success(answer);
    },
  });
  return calls as unknown as ApiClient;
}
