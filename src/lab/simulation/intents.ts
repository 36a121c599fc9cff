// What people want of the control plane while it runs: plans, opting out and in again, blackouts, the kill switch. A person
// whose wish was lost with a process that died says it again.

import type { CellLayout } from "../../control/cell-layout.ts";
import type { CellState } from "../../control/cell-state.ts";
import { noGuardrails } from "../../control/permissions.ts";
import type { Command } from "../../control/tick-input.ts";
import type { Blackout } from "../../model/blackout.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { RESOURCES } from "../../model/resources.ts";
import { type SeededRandom, seededRandom } from "../../model/seeded-random.ts";
import { SERVICE_PLANS, type ServiceContract } from "../../model/service-plan.ts";
import { instant } from "../../model/time.ts";
import type { Guardrails } from "../../shaping/guardrails.ts";
import { type FaultPlan, inSpell } from "./fault-plan.ts";
import { handOversOf } from "./hand-over-wishes.ts";
import { tickNow, type World } from "./world.ts";

export interface Intents {
  /** What has to be said in this tick. */
  due(world: World, state: CellState): readonly Command[];
  /** It was written down. */
  said(command: Command): void;
  /** All that was agreed is to be said again. */
  forget(): void;
}

/** Whoever said nothing yet, or changed their mind, is due. */
export function createIntents(): Intents {
  const heard = new Map<string, string>();
  const isNews = (command: Command) => heard.get(subjectOf(command)) !== textOf(command);
  return {
    due: (world, state) =>
      [...contractsOf(world, state), guardrailsOf(world, state.layout), ...handOversOf(world, state)].filter(isNews),
    said: (command) => heard.set(subjectOf(command), textOf(command)),
    forget() {
      for (const subject of [...heard.keys()]) if (!subject.includes("/")) heard.delete(subject);
    },
  };
}

function subjectOf(command: Command): string {
  switch (command.kind) {
    case "set-terms":
      return command.contract.customer;
    case "hand-over":
    case "return":
    case "replica-ready":
      return `${command.kind}/${command.id}`;
    case "notice-acknowledged":
      return command.idempotencyKey;
    default:
      return command.kind;
  }
}

function textOf(command: Command): string {
  if (command.kind !== "set-guardrails") return JSON.stringify(command);
  const { killSwitch, blackouts, modes } = command.guardrails;
  return JSON.stringify([killSwitch, blackouts, [...modes.customers]]);
}

/** Whoever owns a VM has a contract from the first tick on; minds are changed at any. */
function* contractsOf({ drawn, plan, setting, ...world }: World, { layout }: CellState): Generator<Command> {
  const tick = tickNow({ ...world, drawn });
  const random = seededRandom(setting.seed).fork("contracts");
  const owners = new Set([...layout.customerOfVm].map((customer) => layout.customers[customer]));
  for (const { id: customer } of drawn.cell.customers) {
    if (!owners.has(customer)) continue;
    let contract = drawContract(customer, random.fork(customer), 1);
    for (let changed = 1; changed <= tick; changed++) {
      const where = { tick: changed, name: customer };
      if (plan.happens("changed-mind", where))
        contract = drawContract(customer, plan.drawFor("changed-mind", where).fork("mind"), 0.5);
    }
    yield { kind: "set-terms", contract };
  }
}

function drawContract(customer: CustomerId, random: SeededRandom, optedInShare: number): ServiceContract {
  const plan = SERVICE_PLANS[random.below(SERVICE_PLANS.length)] ?? "predictive";
  return { customer, plan, optedIn: RESOURCES.filter(() => random.next() < optedInShare) };
}

const SPELL_TICKS_MAX = 8;

function guardrailsOf(world: World, layout: CellLayout): Command {
  const { plan, drawn } = world;
  const tick = tickNow(world);
  const isOn = (name: string) => isGuarded(plan, { tick, name });
  const calm = noGuardrails(layout);
  const customers = new Map(
    layout.customers.map((customer) => [customer, isOn(`observe/${customer}`) ? "observe" : "act"]),
  );
  const blackouts = drawn.cell.hosts.flatMap(({ id: host }): Blackout[] => {
    if (!isOn(`blackout/${host}`)) return [];
    const forbids = isOn(`blackout/${host}/any`) ? "any-change" : "taking-back";
    const [start, end] = [drawn.grid.startMs, instant(drawn.grid.startMs + 1e12)];
    return [{ start, end, scope: { kind: "host", host }, forbids, reason: "the host is being patched" }];
  });
  const guardrails = {
    ...calm,
    killSwitch: isOn("kill"),
    blackouts,
    modes: { ...calm.modes, customers },
  } as Guardrails;
  return { kind: "set-guardrails", guardrails };
}

function isGuarded(plan: FaultPlan, where: { tick: number; name: string }): boolean {
  return inSpell(plan, { kind: "guardrails", where, lengthMax: SPELL_TICKS_MAX });
}
