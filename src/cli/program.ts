// The headroom command: what can be typed, checked before anything starts. Exit codes: 0 done, 1 failed, 2 mistyped.
import { Command, CommanderError } from "commander";
import { backtestCommand } from "./backtest-command.ts";
import type { CommandSetting, Commands, ExitCode } from "./commands.ts";
import { demoCommand } from "./demo-command.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { forecastCommand } from "./forecast-command.ts";
import { backupCommand, restoreCommand } from "./keep-command.ts";
import { modelsCommand } from "./models-command.ts";
import { backfillCommand } from "./remote/backfill-command.ts";
import {
  invoiceCommand,
  planCostsCommand,
  priceBookCommand,
  profileScoreCommand,
  quoteCommand,
  serviceReportCommand,
  usageCommand,
  verifyInvoiceCommand,
} from "./remote/billing-command.ts";
import { discoveredCommand } from "./remote/discovered-command.ts";
import { doctorCommand } from "./remote/doctor-command.ts";
import { eventsCommand } from "./remote/events-command.ts";
import { explainCommand } from "./remote/explain-command.ts";
import { customersCommand, hostsCommand, vmsCommand } from "./remote/fleet-command.ts";
import { handOverCommand } from "./remote/hand-over-command.ts";
import { keysCommand } from "./remote/keys-command.ts";
import { optInCommand, optOutCommand } from "./remote/opt-command.ts";
import { profileCommand } from "./remote/profile-command.ts";
import { sourcesCommand } from "./remote/sources-command.ts";
import { statusCommand } from "./remote/status-command.ts";
import { watchCommand } from "./remote/watch-command.ts";
import { serveCommand } from "./serve-command.ts";
import { simulateCommand } from "./simulate-command.ts";
import type { Terminal } from "./terminal.ts";
import { trainCommand } from "./train-command.ts";

/** `argv` without the program's own name. Prints, and returns the exit code. */
export async function runProgram(given: {
  readonly argv: readonly string[];
  readonly commands: Commands;
  readonly terminal: Terminal;
}): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = createProgram({
    ...given,
    exit(ended) {
      code = ended;
    },
  });
  try {
    await program.parseAsync([...given.argv], { from: "user" });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    return thrown.exitCode === 0 ? 0 : 2;
  }
  return code;
}

function createProgram(setting: CommandSetting): Command {
  const { commands, terminal } = setting;
  const program = new Command("headroom")
    .description("Gives every VM the capacity it is about to need, just before it needs it.")
    .version(commands.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => terminal.out.stream.write(text),
      writeErr: (text) => terminal.err.stream.write(text),
      getOutHelpWidth: () => Math.min(terminal.out.columns, 100),
      getErrHelpWidth: () => Math.min(terminal.err.columns, 100),
      outputError: (text, write) => write(text.replace(/^error: /, "headroom: ")),
    })
    .showSuggestionAfterError()
    .showHelpAfterError("See headroom --help.")
    .exitOverride()
    .addHelpText("after", EXAMPLES);
  // Subcommands take over the settings that their parent has when they are added.
  const commandAdders = [
    backtestCommand,
    forecastCommand,
    evaluateCommand,
    trainCommand,
    modelsCommand,
    demoCommand,
    serveCommand,
    simulateCommand,
  ];
  const serviceAdders = [
    statusCommand,
    watchCommand,
    explainCommand,
    customersCommand,
    vmsCommand,
    hostsCommand,
    profileCommand,
    optInCommand,
    optOutCommand,
    eventsCommand,
    priceBookCommand,
    usageCommand,
    invoiceCommand,
    verifyInvoiceCommand,
    serviceReportCommand,
    profileScoreCommand,
    quoteCommand,
    planCostsCommand,
    handOverCommand,
    sourcesCommand,
    keysCommand,
    doctorCommand,
    discoveredCommand,
    backfillCommand,
    backupCommand,
    restoreCommand,
  ];
  program.commandsGroup("Commands:");
  for (const add of commandAdders) add(program, setting);
  program.commandsGroup("The service, day by day:");
  for (const add of serviceAdders) add(program, setting);
  return program;
}

const EXAMPLES = `
Examples:
  headroom demo                        a simulated fleet, live in the browser
  headroom backtest month/             what would it have done on this history?
  headroom forecast month/ --vm web-1  what will it ask for, from now on?
  headroom evaluate requests.csv       how well can this be forecast?
  headroom train month/                teach it this history
  headroom serve                       the service; its first key is shown once
  headroom doctor                      is everything as it should be?
  headroom backtest --help             all about it

Exit codes: 0 done, 1 failed, 2 typed wrongly.`;
