#!/usr/bin/env node
import { writeFileSync } from "node:fs";
import { POLICY_NAMES } from "../lab/policy.ts";
import { runBacktest } from "./backtest/run-backtest.ts";

const out = await runBacktest(
  {
    paths: process.argv.slice(2),
    format: "auto",
    policies: POLICY_NAMES,
    serviceLevel: 0.99,
    hostSize: 50,
    lenient: false,
  },
  {
    onProgress: (s, x) => process.stderr.write(`\r${s} ${(x * 100).toFixed(0)}%  `),
    onNotice: (s) => process.stderr.write(`${s}\n`),
  },
);
if (!out.ok) console.error(out.error.message);
else {
  writeFileSync("/tmp/scorecard.json", JSON.stringify(out.value.scorecard, null, 1));
  writeFileSync("/tmp/pictures.json", JSON.stringify(out.value.pictures));
}
