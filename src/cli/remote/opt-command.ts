// headroom opt-in, opt-out: for which resources a customer's VMs are shaped, with which plan, and up to where.
import { type Command, Option } from "commander";
import type { ApiClient } from "../../api/client/client.ts";
import type { Contract } from "../../api/contract/contracts.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { RESOURCES, type Resource, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { SERVICE_PLANS, type ServicePlan } from "../../model/service-plan.ts";
import { amountsByResource } from "../amount-value.ts";
import type { CommandSetting } from "../commands.ts";
import { namesOf } from "../option-values.ts";
import { answer, type ServerTyped, withServer } from "./ask.ts";
import { told } from "./one-in-detail.ts";
import { RESOURCE_NAMES } from "./resource-table.ts";

interface Typed extends ServerTyped {
  readonly plan: ServicePlan;
  readonly resources?: Resource[];
  readonly ceiling?: Partial<Record<Resource, number>>;
}

const WHERE = "headroom customers lists them.";

export function optInCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("opt-in")
    .summary("let Headroom shape a customer's VMs")
    .description("Opts a customer in, for all resources or for some more. Takes effect at once.")
    .argument("<customer>", "its id")
    .addOption(new Option("--plan <plan>", "how far ahead of demand").choices(SERVICE_PLANS).makeOptionMandatory())
    .option("--resources <names>", "only these: cpu,memory,network,storage", namesOf(RESOURCES))
    .option("--ceiling <amounts>", "the most that one VM may get: cpu=8,memory=32GiB", amountsByResource)
    .addHelpText("after", EXAMPLES)
    .showHelpAfterError("See headroom opt-in --help.");
  withServer(command).action((id: string, typed: Typed) =>
    answer(setting, typed, {
      ask: (client) => change(client, id, (before) => optedIn(before, typed)),
      show: (contract, page) => told(inSentence(contract), page),
      whereToLook: WHERE,
    }),
  );
}

export function optOutCommand(program: Command, setting: CommandSetting): void {
  const command = program
    .command("opt-out")
    .summary("give a customer's VMs back to themselves")
    .description("Opts a customer out, of all resources or of some. What was lent goes back in stages, from now on.")
    .argument("<customer>", "its id")
    .option("--resources <names>", "only these: cpu,memory,network,storage", namesOf(RESOURCES))
    .showHelpAfterError("See headroom opt-out --help.");
  withServer(command).action((id: string, { resources = [...RESOURCES], ...typed }: Omit<Typed, "plan">) =>
    answer(setting, typed, {
      ask: (client) => change(client, id, (before) => ({ optedIn: without(before.optedIn, resources) })),
      show: (contract, page) => told(outSentence(contract, resources), page),
      whereToLook: WHERE,
    }),
  );
}

/** Only if nobody else changed it in between. */
async function change(
  client: ApiClient,
  id: string,
  changed: (before: Contract) => Partial<Pick<Contract, "plan" | "optedIn" | "ceiling">>,
) {
  const before = await client.getContract({ id });
  if (!before.ok) return before;
  const { plan, optedIn: resources, ceiling, version } = before.value;
  const body = { plan, optedIn: resources, ...(ceiling && { ceiling }), ...changed(before.value) };
  return client.putContract({ id, body, ifVersion: version });
}

/** Who says no resources means all of them; what is opted in already stays so. */
function optedIn(before: Contract, { plan, resources = [...RESOURCES], ceiling }: Typed) {
  const all = RESOURCES.filter((resource) => before.optedIn.includes(resource) || resources.includes(resource));
  const most = { ...NO_LIMIT, ...before.ceiling, ...ceiling };
  return { plan, optedIn: all, ...(ceiling && { ceiling: most }) };
}

const NO_LIMIT = {
  cpu: UNLIMITED_AMOUNT,
  memory: UNLIMITED_AMOUNT,
  network: UNLIMITED_AMOUNT,
  storage: UNLIMITED_AMOUNT,
};

function without(resources: readonly Resource[], gone: readonly Resource[]): Resource[] {
  return resources.filter((resource) => !gone.includes(resource));
}

function inSentence({ id, plan, optedIn: resources, ceiling }: Contract): string {
  const limits = RESOURCES.flatMap((resource) => {
    const most = ceiling?.[resource] ?? UNLIMITED_AMOUNT;
    return most < UNLIMITED_AMOUNT ? [`${formatAmount(resource, most)} of ${RESOURCE_NAMES[resource]}`] : [];
  });
  const upTo = limits.length > 0 ? ` One VM gets at most ${listed(limits)}.` : "";
  return `${id} is opted in for ${listed(resources.map(nameOf))} with plan ${plan}, from now on.${upTo}`;
}

function outSentence({ id, optedIn: resources }: Contract, gone: readonly Resource[]): string {
  const left =
    resources.length === 0
      ? "is opted out altogether"
      : `is opted out of ${listed(gone.map(nameOf))} and stays opted in for ${listed(resources.map(nameOf))}`;
  return `${id} ${left}. What was lent goes back in stages, from now on.`;
}

function nameOf(resource: Resource): string {
  return RESOURCE_NAMES[resource];
}

/** "a", "a and b", "a, b and c" */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

const EXAMPLES = `
Examples:
  headroom opt-in meridian --plan predictive
  headroom opt-in meridian --plan guaranteed --resources cpu,memory --ceiling cpu=8,memory=32GiB`;
