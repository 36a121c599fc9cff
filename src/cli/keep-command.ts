// headroom backup, restore: all that a service keeps as one file, and back. On the store itself, while no service runs on it.
import type { Command } from "commander";
import type { Result } from "../model/result.ts";
import type { CommandSetting } from "./commands.ts";
import { pathName } from "./option-values.ts";
import type { BackupOptions, Copied } from "./service-commands.ts";
import { printLine, shownOn } from "./terminal.ts";

interface Typed {
  readonly data?: string;
  readonly config?: string;
  readonly force?: true;
  readonly json?: true;
}

export function backupCommand(program: Command, setting: CommandSetting): void {
  storeCommand(program, "backup", "write all that a stopped service keeps into one file")
    .description("Writes all that a service keeps into one file, whole or not at all. Stop the service first.")
    .argument("<file>", "where to", pathName)
    .option("--force", "replace a file that is there already")
    .action((file: string, typed: Typed) =>
      run(setting, typed, {
        work: setting.commands.service.backup({ file, isForced: typed.force === true, ...choiceOf(typed) }),
        tell: ({ store, bytes }) => [
          `${file} holds all of ${store}: ${sizeOf(bytes)}.`,
          "It has every customer's data in it: keep it where nobody else reads it. Trained models are files of their own.",
        ],
      }),
    );
}

export function restoreCommand(program: Command, setting: CommandSetting): void {
  storeCommand(program, "restore", "put a backup into an empty store")
    .description("Puts a backup into a store in which nothing is kept yet, whole or not at all.")
    .argument("<file>", "that headroom backup wrote", pathName)
    .action((file: string, typed: Typed) =>
      run(setting, typed, {
        work: setting.commands.service.restore({ file, ...choiceOf(typed) }),
        tell: ({ store }) => [`${file} is in ${store}. Start the service on it with headroom serve.`],
      }),
    );
}

function storeCommand(program: Command, name: string, summary: string): Command {
  return program
    .command(name)
    .summary(summary)
    .option("--data <folder>", "where the service keeps everything (default: as headroom serve finds it)", pathName)
    .option("--config <file>", "the settings of the service", pathName)
    .option("--json", "print what was done as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError(`See headroom ${name} --help.`);
}

function choiceOf({ data, config }: Typed): Pick<BackupOptions, "data" | "config"> {
  return { ...(data !== undefined && { data }), ...(config !== undefined && { config }) };
}

async function run(
  { terminal: { out, err }, exit }: CommandSetting,
  { json }: Typed,
  { work, tell }: { work: Promise<Result<Copied>>; tell: (copied: Copied) => readonly string[] },
): Promise<void> {
  const done = await work;
  if (!done.ok) {
    printLine(err, shownOn(err, `headroom: ${done.error.message}`));
    return exit(1);
  }
  if (json) printLine(out, JSON.stringify(done.value));
  else for (const line of tell(done.value)) printLine(out, shownOn(out, line));
}

function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

const EXAMPLES = `
Examples:
  headroom backup headroom-2026-11-24.backup --data /var/lib/headroom/data
  headroom restore headroom-2026-11-24.backup --data /var/lib/headroom/restored`;
