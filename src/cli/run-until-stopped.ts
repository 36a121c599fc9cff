// A command that goes on until it is stopped: says where it is, waits, and tells how it ended.
import type { Result } from "../model/result.ts";
import type { CommandSetting } from "./commands.ts";
import { printLine, shownOn } from "./terminal.ts";

export interface Started {
  /** Settles when it has stopped, for whatever reason. */
  readonly stopped: Promise<Result<void>>;
  /** All that there is to know, for machines. */
  readonly facts: object;
  /** The same for people. */
  readonly welcome: readonly string[];
}

export async function runUntilStopped(
  started: Result<Started>,
  { json = false, setting }: { readonly json?: boolean | undefined; readonly setting: CommandSetting },
): Promise<void> {
  const { out, err } = setting.terminal;
  if (started.ok) {
    const { stopped, facts, welcome } = started.value;
    if (json) printLine(out, JSON.stringify(facts));
    else for (const line of welcome) printLine(out, shownOn(out, line));
    const ended = await stopped;
    if (ended.ok) return;
    printLine(err, shownOn(err, `headroom: ${ended.error.message}`));
  } else printLine(err, shownOn(err, `headroom: ${started.error.message}`));
  setting.exit(1);
}
