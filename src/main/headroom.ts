#!/usr/bin/env node
// The headroom program: puts the commands behind the command line.
import { readFileSync } from "node:fs";
import { runProgram } from "../cli/program.ts";
import { terminalOf } from "../cli/terminal.ts";
import { MODELS } from "../forecast/models/registry.ts";
import { POLICY_NAMES } from "../lab/policy.ts";
import { FAULT_KINDS } from "../lab/simulation/fault-kinds.ts";
import { backfill } from "./backfill/backfill-command.ts";
import { backtest } from "./backtest/backtest-command.ts";
import { demo } from "./demo/demo-command.ts";
import { evaluate } from "./evaluate/evaluate-command.ts";
import { forecast } from "./forecast/forecast-command.ts";
import { backup } from "./keep/backup-command.ts";
import { restore } from "./keep/restore-command.ts";
import { connect } from "./remote/connect.ts";
import { readDocument, readText } from "./remote/read-document.ts";
import { verifyInvoice } from "./remote/verify-invoice.ts";
import { serve } from "./serve/serve-command.ts";
import { simulate } from "./simulate/simulate-command.ts";
import { models } from "./train/models-command.ts";
import { train } from "./train/train-command.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

// Whoever reads no further, as `| head` does, has read enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await runProgram({
  argv: process.argv.slice(2),
  commands: {
    version,
    policyNames: POLICY_NAMES,
    modelNames: Object.keys(MODELS),
    faultNames: FAULT_KINDS,
    service: { connect, readDocument, readText, verifyInvoice, backfill, backup, restore },
    backtest,
    evaluate,
    forecast,
    train,
    models,
    demo,
    serve,
    simulate,
  },
  terminal: terminalOf(process),
});
