// headroom doctor: is everything as it should be, and if not, what to do next. Exit 1 when something is wrong.
import type { Command } from "commander";
import { success } from "../../model/result.ts";
import type { CommandSetting } from "../commands.ts";
import { shownOn, wrapped } from "../terminal.ts";
import { styled } from "../text-table.ts";
import { answer, type LocalPage, type ServerTyped, withServer } from "./ask.ts";
import { examine, type Finding } from "./doctor-checks.ts";

export function doctorCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("doctor")
    .summary("is everything as it should be?")
    .description(
      "Looks whether the service answers, what the key may do, whether the store answers, cells tick and VMs are heard, which VM each metric reached, and what was ignored and why. " +
        "Exit code 1 when something is wrong.",
    )
    .showHelpAfterError("See headroom doctor --help.");
  withServer(command).action((typed: ServerTyped) =>
    answer(setting, typed, {
      ask: async (_, connection) =>
        success(await examine(connection, { now: () => Date.now(), version: setting.commands.version })),
      json: (findings) => ({ isWell: isWell(findings), findings }),
      show: doctorLines,
      code: (findings) => (isWell(findings) ? 0 : 1),
    }),
  );
}

function isWell(findings: readonly Finding[]): boolean {
  return !findings.some(({ state }) => state === "wrong");
}

const COLOURS = { ok: "green", note: "yellow", wrong: "red" } as const;
const INDENT = 7;

function doctorLines(findings: readonly Finding[], page: LocalPage): string[] {
  const lines = findings.flatMap(({ state, finding, next }) => {
    const text = wrapped(shownOn(page, finding), page.columns - INDENT);
    const todo = next === undefined ? [] : wrapped(shownOn(page, `Next: ${next}`), page.columns - INDENT);
    return [...text, ...todo].map((line, at) =>
      at === 0 ? `${styled(state.padEnd(INDENT), COLOURS[state], page)}${line}` : `${" ".repeat(INDENT)}${line}`,
    );
  });
  const wrong = findings.filter(({ state }) => state === "wrong").length;
  const verdict =
    wrong === 0 ? "All is well." : `${wrong} of ${findings.length} findings ${wrong === 1 ? "needs" : "need"} you.`;
  return [...lines, "", verdict];
}
