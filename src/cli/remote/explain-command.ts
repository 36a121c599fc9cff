// headroom explain: why a VM has so much of a resource, or had at a time. One plain sentence first, then the numbers.
import { Argument, type Command, InvalidArgumentError } from "commander";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import type { Instant } from "../../model/time.ts";
import type { CommandSetting } from "../commands.ts";
import { typedInstant, zoneOf } from "../local-time.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { explainJson, explainLines } from "./explain-lines.ts";
import { askWhy } from "./explain-questions.ts";

interface Typed extends ServerTyped {
  readonly at?: Instant;
}

export function explainCommand(program: Command, setting: CommandSetting): void {
  const zone = zoneOf(setting.terminal);
  const time = (typed: string): Instant => {
    const at = typedInstant(typed, { zone, now: Date.now(), direction: "past" });
    if (at !== undefined && at <= Date.now()) return at;
    if (at !== undefined) throw new InvalidArgumentError("That is still to come: headroom vms ID shows the forecast.");
    throw new InvalidArgumentError(`Give a time such as 14:05, "2026-11-24 14:05" (${zone}) or 2026-11-24T14:05:00Z.`);
  };
  const command = program
    .command("explain")
    .summary("why a VM has what it has")
    .description(
      "Says why a VM has so much of a resource, or had at a time: a sentence, the numbers, what was decided.",
    )
    .argument("<vm>", "its id")
    .addArgument(new Argument("[resource]", "all four where left out").choices(RESOURCES))
    .option("--at <time>", `now where left out; 14:05 is the last time that it was, ${zone}`, time)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom explain --help.");
  withServer(command).action((vm: string, resource: Resource | undefined, typed: Typed) =>
    answer(setting, typed, {
      ask: (client) => askWhy(client, { vm, resource, at: typed.at }),
      json: explainJson,
      show: explainLines,
      whereToLook: "headroom vms lists them.",
    }),
  );
}

const EXAMPLES = `
Examples:
  headroom explain meridian-web-1
  headroom explain meridian-web-1 cpu --at 14:05`;
