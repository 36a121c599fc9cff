// headroom profile: what a customer declares of a workload, checked before it counts, and how right it turned out to be.
import type { Command } from "commander";
import type { Static } from "typebox";
import type { ApiClient } from "../../api/client/client.ts";
import type { Problem } from "../../api/contract/live.ts";
import type { ProfileBody } from "../../api/contract/profiles.ts";
import type { Failure, Result } from "../../model/result.ts";
import type { CommandSetting } from "../commands.ts";
import { pathName } from "../option-values.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { told } from "./one-in-detail.ts";
import { accuracyLines, historyLines, profileLines } from "./profile-lines.ts";

const WHERE = "headroom customers ID names a customer's workloads.";
const WHERE_PROFILE =
  "headroom profile put WORKLOAD FILE declares one; headroom customers ID names a customer's workloads.";

export function profileCommand(program: Command, setting: CommandSetting): void {
  const profile = program
    .command("profile")
    .helpCommand(false)
    .summary("declare what a workload needs, and see how right that was")
    .description("Shows, checks and declares the profile of a workload, from a file of JSON or YAML.")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom profile --help.");
  const about = (name: string, summary: string) =>
    withServer(
      profile
        .command(name)
        .summary(summary)
        .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`),
    ).argument("<workload>", "its id");

  about("show", "show what is declared").action((id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.getProfile({ id }),
      show: profileLines,
      whereToLook: WHERE_PROFILE,
    }),
  );
  about("put", "declare what a file says")
    .argument("<file>", FILE, pathName)
    .action((id: string, file: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => withFile(setting, file, (body) => client.putProfile({ id, body })),
        show: (kept, page) => [
          ...told(`Declared: version ${kept.version} of the profile of ${kept.id} counts from the next tick on.`, page),
          "",
          ...profileLines(kept, page),
        ],
        whereToLook: WHERE,
      }),
    );
  about("validate", "check a file without declaring it")
    .argument("<file>", FILE, pathName)
    .action((id: string, file: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client) => withFile(setting, file, (body) => client.validateProfile({ id, body })),
        show: (checked, page) => [
          ...told(`${file} could be declared for ${id}. It would be kept as:`, page),
          "",
          ...profileLines(checked, page),
        ],
        whereToLook: WHERE,
      }),
    );
  about("history", "list what was declared before").action((id: string, typed: ServerTyped) =>
    answer(setting, typed, {
      ask: (client) => client.getProfileHistory({ id }),
      show: ({ items }, page) => historyLines(items, page),
      whereToLook: WHERE,
    }),
  );
  about("accuracy", "compare what is declared with what was measured in the last week").action(
    (id: string, typed: ServerTyped) =>
      answer(setting, typed, {
        ask: (client: ApiClient) => client.getProfileAccuracy({ id }),
        show: accuracyLines,
        whereToLook: WHERE_PROFILE,
      }),
  );
}

const FILE = "JSON or YAML, in base units; - reads standard input";

/** The service checks what it says: it knows the rules, and says which field breaks one. */
async function withFile<Value>(
  { commands }: CommandSetting,
  file: string,
  send: (body: Static<typeof ProfileBody>) => Promise<Result<Value, Problem>>,
): Promise<Result<Value, Problem | Failure>> {
  const read = await commands.service.readDocument(file);
  return read.ok ? send(read.value as Static<typeof ProfileBody>) : read;
}

const EXAMPLES = `
Examples:
  headroom profile validate meridian-web profile.yaml
  headroom profile put meridian-web profile.yaml
  headroom profile accuracy meridian-web`;
