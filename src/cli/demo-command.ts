// headroom demo: a simulated fleet in accelerated time, live in the browser, until it is stopped.
import type { Command } from "commander";
import { success } from "../model/result.ts";
import type { CommandSetting, DemoOptions, RunningDemo } from "./commands.ts";
import { decimalNumber, pathName, wholeNumber } from "./option-values.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

const SEED_MAX = 4_294_967_295;

export function demoCommand(program: Command, setting: CommandSetting): void {
  program
    .command("demo")
    .summary("a simulated fleet in accelerated time, live in the browser")
    .description(
      "Starts a simulated fleet and a page that shows it live. Needs nothing but this machine; Ctrl-C stops it.",
    )
    .option("--port <number>", "local port, 0 for any free one", wholeNumber({ from: 0, to: 65_535 }), 8710)
    .option(
      "--seed <number>",
      "the same seed gives the same fleet and demand",
      wholeNumber({ from: 0, to: SEED_MAX }),
      1,
    )
    .option(
      "--speed <times>",
      "how much faster than the wall its time runs",
      decimalNumber({ from: 1, to: 100_000, such: "600" }),
      600,
    )
    .option("--vms <count>", "VMs in the fleet", wholeNumber({ from: 1, to: 1_000 }), 60)
    .option("--model <path>", "trained model that forecasts too (default: the one that serves in out/models)", pathName)
    .option("--declared <file>", "JSON with profiles and events (default: those of the demo's customers)", pathName)
    .option("--json", "print the address as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom demo --help.")
    .action((typed: DemoOptions & { json?: true }) => runDemo(typed, setting));
}

async function runDemo({ json, ...options }: DemoOptions & { json?: true }, setting: CommandSetting): Promise<void> {
  const started = await setting.commands.demo(options);
  if (!started.ok) return runUntilStopped(started, { setting });
  const { address, stopped, forecaster } = started.value;
  const facts = { address, forecaster, ...options };
  await runUntilStopped(success({ stopped, facts, welcome: welcome(facts) }), { json, setting });
}

type Welcomed = DemoOptions & Pick<RunningDemo, "address" | "forecaster">;

function welcome({ address, forecaster, vms, speed, seed }: Welcomed): string[] {
  return [
    `Headroom is at ${address}`,
    `A simulated fleet of ${vms} VMs, ${speed} times faster than the wall, seed ${seed}. Ctrl-C stops it.`,
    forecaster,
  ];
}

const EXAMPLES = `
Examples:
  headroom demo
  headroom demo --speed 60 --seed 7     ten times slower, another fleet`;
