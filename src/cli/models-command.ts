// headroom models: which trained models there are, which one serves, and how that is changed by hand.
import { Argument, type Command } from "commander";
import type { CommandSetting, ModelsAnswer, ModelsRequest } from "./commands.ts";
import { curveLines, lineageLines } from "./lineage-lines.ts";
import { historyLines, modelLines } from "./models-table.ts";
import { pathName } from "./option-values.ts";
import { printLine, type Screen, shownOn } from "./terminal.ts";

const ACTIONS = ["list", "show", "promote", "rollback"] as const;

interface Typed {
  readonly dir: string;
  readonly json?: true;
}

export function modelsCommand(program: Command, setting: CommandSetting): void {
  program
    .command("models")
    .summary("list trained models, and choose which one serves")
    .description(
      "Lists trained models (list), shows one with its losses (show ID), lets one serve (promote ID), or the one that was " +
        "promoted before it again (rollback). The first digits of an ID are enough.",
    )
    .addArgument(new Argument("[action]", "what to do").choices(ACTIONS).default("list"))
    .argument("[id]", "the model to show or to promote")
    .option("--dir <folder>", "where the models are", pathName, "out/models")
    .option("--json", "print as JSON, and nothing else")
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom models --help.")
    .action((action: (typeof ACTIONS)[number], id: string | undefined, typed: Typed, command: Command) => {
      const isAboutOne = action === "show" || action === "promote";
      if (isAboutOne && id === undefined) command.error(`headroom: models ${action} needs the ID of a model.`);
      if (!isAboutOne && id !== undefined) command.error(`headroom: models ${action} takes no ID.`);
      return runModels(requestOf({ action, id: id ?? "", folder: typed.dir }), typed, setting);
    });
}

function requestOf(typed: { action: (typeof ACTIONS)[number]; id: string; folder: string }): ModelsRequest {
  const { action, id, folder } = typed;
  switch (action) {
    case "list":
      return { kind: "list", folder };
    case "rollback":
      return { kind: "roll-back", folder };
    default:
      return { kind: action, id, folder };
  }
}

async function runModels(request: ModelsRequest, { json }: Typed, { commands, terminal, exit }: CommandSetting) {
  const { out, err } = terminal;
  const result = await commands.models(request);
  if (!result.ok) {
    printLine(err, shownOn(err, `headroom: ${result.error.message}`));
    return exit(1);
  }
  for (const problem of result.value.problems) printLine(err, shownOn(err, `note: ${problem}`));
  if (json) printLine(out, JSON.stringify(asJson(request, result.value)));
  else for (const line of linesFor(request, result.value, out)) printLine(out, line);
}

/** One model is its lineage; everything else says what serves and how that came about. */
function asJson(request: ModelsRequest, { record, models }: ModelsAnswer): unknown {
  if (request.kind === "show") return { ...models[0], isServing: models[0]?.id === record.serving };
  return request.kind === "list" ? { ...record, schema: "headroom.models/1", models } : record;
}

function linesFor(request: ModelsRequest, { record, models }: ModelsAnswer, screen: Screen): string[] {
  const [lineage] = models;
  switch (request.kind) {
    case "list":
      return [...modelLines({ record, models, screen }), ...historyLines(record, screen)];
    case "show":
      if (lineage === undefined) return [];
      return [
        ...lineageLines({ lineage, isServing: lineage.id === record.serving, screen }),
        "",
        ...curveLines(lineage, screen),
      ];
    case "promote":
      return [`Model ${record.serving} serves from now on.`];
    case "roll-back":
      return [record.serving === null ? "No model serves from now on." : `Model ${record.serving} serves again.`];
  }
}

const EXAMPLES = `
Examples:
  headroom models
  headroom models show 3fa85f64
  headroom models promote 3fa85f64
  headroom models rollback --dir /var/lib/headroom/models`;
