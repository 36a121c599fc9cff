// headroom simulate: the control plane on simulated machines, with everything that can go wrong, and every invariant checked.
import { type Command, InvalidArgumentError, Option } from "commander";
import type { CommandSetting, ExitCode, SimulateOptions, SimulateOutcome, SimulationFailure } from "./commands.ts";
import { namesOf, wholeNumber } from "./option-values.ts";
import { showProgress } from "./progress.ts";
import { printLine, shownOn } from "./terminal.ts";

const SEED_MAX = 4_294_967_295;
const SEEDS_MAX = 1_000_000;
const NO_FAULTS = "none";

interface SeedRange {
  readonly from: number;
  readonly to: number;
}

/** As commander hands them over: parsed and in range. */
interface Typed {
  readonly seed?: number;
  readonly seeds: SeedRange;
  readonly ticks: number;
  readonly hosts?: number;
  readonly vms?: number;
  readonly faults?: string[];
  readonly jobs?: number;
  readonly json?: true;
}

export function simulateCommand(program: Command, setting: CommandSetting): void {
  const { faultNames } = setting.commands;
  program
    .command("simulate")
    .summary("break everything that can break, and check that every promise holds")
    .description(
      "Runs the control plane on simulated machines in virtual time. One seed draws fleet, demand, signals and faults; " +
        "after every step and every action all invariants are checked. The same seed always gives the same run.",
    )
    .option("--seed <number>", "one seed", wholeNumber({ from: 0, to: SEED_MAX }))
    .addOption(new Option("--seeds <from..to>", "many seeds").argParser(seedRange).default(DEFAULT_SEEDS, "1..20"))
    .option(
      "--ticks <count>",
      "ticks of each run, calm ones at the end included",
      wholeNumber({ from: 2, to: 100_000 }),
      300,
    )
    .option("--hosts <count>", "hosts (default: drawn)", wholeNumber({ from: 1, to: 64 }))
    .option("--vms <count>", "VMs (default: drawn)", wholeNumber({ from: 1, to: 1_000 }))
    .addOption(
      new Option("--faults <a,b>", `what goes wrong: ${faultNames.join(", ")}; or none (default: drawn)`).argParser(
        (typed: string) => (typed.trim() === NO_FAULTS ? [] : namesOf(faultNames)(typed)),
      ),
    )
    .option("--jobs <threads>", "threads (default: one for each processor)", wholeNumber({ from: 1, to: 256 }))
    .option("--json", "print what was found as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom simulate --help.")
    .action((typed: Typed) => runSimulate(typed, setting));
}

const DEFAULT_SEEDS: SeedRange = { from: 1, to: 20 };

function seedRange(typed: string): SeedRange {
  const [, first, last] = /^(\d{1,10})\.\.(\d{1,10})$/.exec(typed) ?? [];
  const [from, to] = [Number(first), Number(last)];
  if (from <= to && to <= SEED_MAX && to - from < SEEDS_MAX) return { from, to };
  throw new InvalidArgumentError(`Give a range such as 1..5000, of at most ${SEEDS_MAX} seeds.`);
}

async function runSimulate(typed: Typed, { commands, terminal, exit }: CommandSetting): Promise<void> {
  const watcher = showProgress(terminal.err);
  const result = await commands.simulate(optionsOf(typed), watcher).finally(() => watcher.finish());
  if (!result.ok) {
    printLine(terminal.err, shownOn(terminal.err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  if (typed.json) printLine(terminal.out, JSON.stringify(result.value));
  else for (const line of linesOf(result.value)) printLine(terminal.out, shownOn(terminal.out, line));
  exit(codeOf(result.value));
}

function optionsOf({ seed, seeds, json, ...same }: Typed): SimulateOptions {
  return { ...same, seeds: seed === undefined ? seeds : { from: seed, to: seed } };
}

function codeOf({ failures }: SimulateOutcome): ExitCode {
  return failures.length === 0 ? 0 : 1;
}

function linesOf({ seeds, steps, failures }: SimulateOutcome): string[] {
  const runs = `${count(seeds, "seed")}, ${count(steps, "step")}`;
  if (failures.length === 0) return [`${runs}: everything held.`];
  return [...failures.flatMap(failureLines), "", `${runs}: ${count(failures.length, "seed")} broke something.`];
}

function failureLines({ told, smallest }: SimulationFailure): string[] {
  return ["", ...told, ...(smallest === null ? [] : ["", "The smallest setting that still breaks it:", ...smallest])];
}

function count(amount: number, thing: string): string {
  return `${amount.toLocaleString("en-GB")} ${thing}${amount === 1 ? "" : "s"}`;
}

const EXAMPLES = `
Examples:
  headroom simulate --seed 17
  headroom simulate --seeds 1..5000
  headroom simulate --seed 17 --faults crash,liar --vms 3 --ticks 80`;
