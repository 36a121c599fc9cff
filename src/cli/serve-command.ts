// headroom serve: the service, until it is stopped.
import type { Command } from "commander";
import { success } from "../model/result.ts";
import type { CommandSetting, RunningService, ServeOptions } from "./commands.ts";
import { pathName, wholeNumber } from "./option-values.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

export function serveCommand(program: Command, setting: CommandSetting): void {
  program
    .command("serve")
    .summary("the service: keeps state, plans every tick, answers the API")
    .description(
      "Runs the service until it is stopped. Without settings it keeps its data in headroom-data, listens to this machine " +
        "alone, and observes: it decides and explains, and changes nothing.",
    )
    .option("--config <file>", "settings as YAML or JSON (docs/operating.md lists them)", pathName)
    .option("--data <folder>", "where everything is kept", pathName)
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("--port <number>", "port, 0 for any free one (default: 8710)", wholeNumber({ from: 0, to: 65_535 }))
    .option("--json", "print the address as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom serve --help.")
    .action((typed: ServeOptions & { json?: true }) => runService(typed, setting));
}

async function runService(
  { json, ...options }: ServeOptions & { json?: true },
  setting: CommandSetting,
): Promise<void> {
  const started = await setting.commands.serve(options);
  if (!started.ok) return runUntilStopped(started, { setting });
  const { stopped, ...facts } = started.value;
  await runUntilStopped(success({ stopped, facts, welcome: welcome(facts) }), { json, setting });
}

function welcome({ address, firstKey }: Omit<RunningService, "stopped">): string[] {
  const key =
    firstKey === undefined
      ? []
      : [
          "The first operator's key, shown this once and kept nowhere:",
          `KEY=${firstKey}`,
          `Try it: curl -H "Authorization: Bearer $KEY" ${address}v1/status`,
        ];
  return [`Headroom is at ${address}`, ...key, "Ctrl-C stops it."];
}

const EXAMPLES = `
Examples:
  headroom serve
  headroom serve --data /var/lib/headroom/data --port 8711
  DATABASE_URL=postgres://headroom@db/headroom headroom serve --config /etc/headroom.yaml`;
