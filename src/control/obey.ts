// What somebody wants to be so from now on: terms, guardrails, a hand that gives back. Nothing is changed at machines here: the
// next tick does it, gracefully.
import type { CommandRecord, DecisionRecord } from "../model/decision.ts";
import { RESOURCE_COUNT } from "../model/resources.ts";
import { unreachable } from "../model/result.ts";
import { askHandOver, askReturn, takeAcknowledgement, takeReadiness } from "./ask-hand-over.ts";
import type { CellState } from "./cell-state.ts";
import { setTerms } from "./service-terms.ts";
import type { StepResult } from "./step.ts";
import type { Command, CommandInput } from "./tick-input.ts";

export function obey(state: CellState, input: CommandInput): StepResult {
  state.handOvers.moved.length = 0;
  const record = recordOf(state, input);
  return { state, actions: [], records: [...state.handOvers.moved, ...(record === undefined ? [] : [record])] };
}

/** Undefined where it is among the moves of hand-overs. */
function recordOf(state: CellState, { now: at, command }: CommandInput): DecisionRecord | undefined {
  const unlessRefused = (why: string | undefined) => (why === undefined ? why : refused(at, command, why));
  switch (command.kind) {
    case "set-terms":
      return agree(state, at, command);
    case "set-guardrails": {
      state.guardrails = command.guardrails;
      const { killSwitch, modes, blackouts } = command.guardrails;
      const acting = [...modes.customers.values()].filter((mode) => mode === "act").length;
      const sentence = killSwitch
        ? "The kill switch is on: everything stays as it is."
        : `The cell is in mode ${modes.cell}, ${acting} customers in mode act, ${blackouts.length} blackouts are known.`;
      return { kind: "guardrails", at, killSwitch, sentence };
    }
    case "hand-back": {
      const vm = state.layout.vmIds.indexOf(command.vm);
      if (vm < 0) return refused(at, command, `No VM of this cell is called ${command.vm}.`);
      state.hands.until.fill(0, vm * RESOURCE_COUNT, (vm + 1) * RESOURCE_COUNT);
      return { kind: "handed-back", at, vm: command.vm };
    }
    case "hand-over":
      return unlessRefused(askHandOver(state, command, at));
    case "return":
      return unlessRefused(askReturn(state, command, at));
    case "replica-ready":
      return unlessRefused(takeReadiness(state, command, at));
    case "notice-acknowledged":
      return unlessRefused(takeAcknowledgement(state, command, at));
    default:
      return unreachable(command);
  }
}

type SetTerms = Extract<Command, { kind: "set-terms" }>;

/** A command outweighs a hand: what the customer's people set before is ours to shape, or to give back. */
function agree(state: CellState, at: CommandInput["now"], command: SetTerms): CommandRecord {
  const { layout, terms, hands } = state;
  const { customer, plan, optedIn } = command.contract;
  if (!setTerms(terms, layout, command.contract))
    return refused(at, command, `Customer ${customer} owns no VM of this cell.`);
  const index = layout.customers.indexOf(customer);
  for (const [vm, owner] of layout.customerOfVm.entries())
    if (owner === index) hands.until.fill(0, vm * RESOURCE_COUNT, (vm + 1) * RESOURCE_COUNT);
  return { kind: "terms", at, customer, plan, optedIn };
}

function refused(at: CommandInput["now"], command: Command, why: string): CommandRecord {
  return { kind: "command-refused", at, command: command.kind, why };
}
