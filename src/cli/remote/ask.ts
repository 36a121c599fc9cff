// One question to a running service, from what was typed to what is printed: every command that talks to one goes through here.
import type { Command } from "commander";
import type { ApiClient } from "../../api/client/client.ts";
import type { Problem } from "../../api/contract/live.ts";
import type { Failure, Result } from "../../model/result.ts";
import type { CommandSetting, ExitCode } from "../commands.ts";
import { zoneOf } from "../local-time.ts";
import { serverAddress } from "../option-values.ts";
import type { Connection, ServerChoice } from "../service-commands.ts";
import { printLine, shownOn } from "../terminal.ts";
import type { Page } from "../text-table.ts";
import { problemSentence } from "./problem-sentence.ts";

export interface ServerTyped extends ServerChoice {
  readonly json?: true;
}

/** Where lines are shown, and in which zone's times. */
export interface LocalPage extends Page {
  readonly zone: string;
}

export interface Question<Value> {
  readonly ask: (client: ApiClient, connection: Connection) => Promise<Result<Value, Problem | Failure>>;
  readonly show: (value: Value, page: LocalPage) => readonly string[];
  /** What --json prints; the value itself where left out. */
  readonly json?: (value: Value) => unknown;
  /** 0 where left out. */
  readonly code?: (value: Value) => ExitCode;
  /** Where a name that is not there could be found: "headroom vms lists them." */
  readonly whereToLook?: string;
}

export function withServer(command: Command): Command {
  return command
    .option("--server <url>", "the service (default: HEADROOM_SERVER, or http://127.0.0.1:8710)", serverAddress)
    .option("--key <key>", "its key (default: HEADROOM_KEY, which others on this machine do not see)")
    .option("--json", "print as JSON, times in UTC, and nothing else");
}

export async function answer<Value>(
  { commands, terminal, exit }: CommandSetting,
  typed: ServerTyped,
  question: Question<Value>,
): Promise<void> {
  const { out, err } = terminal;
  const fail = (sentence: string): void => {
    printLine(err, shownOn(err, `headroom: ${sentence}`));
    exit(1);
  };
  const connection = commands.service.connect(typed);
  if (!connection.ok) return fail(connection.error.message);
  const result = await question.ask(connection.value.client, connection.value);
  if (!result.ok) {
    const { error } = result;
    const { whereToLook } = question;
    return fail("status" in error ? problemSentence(error, { ...connection.value, whereToLook }) : error.message);
  }
  if (typed.json) printLine(out, JSON.stringify(question.json ? question.json(result.value) : result.value));
  else for (const line of question.show(result.value, { ...out, zone: zoneOf(terminal) })) printLine(out, line);
  exit(question.code?.(result.value) ?? 0);
}
