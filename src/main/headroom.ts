#!/usr/bin/env node
// The headroom program: puts the commands behind the command line.
import { readFileSync } from "node:fs";
import { runProgram } from "../cli/program.ts";
import { terminalOf } from "../cli/terminal.ts";
import { POLICY_NAMES } from "../lab/policy.ts";
import { backtest } from "./backtest/backtest-command.ts";
import { demo } from "./demo/demo-command.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

process.exitCode = await runProgram({
  argv: process.argv.slice(2),
  commands: { version, policyNames: POLICY_NAMES, backtest, demo },
  terminal: terminalOf(process),
});
