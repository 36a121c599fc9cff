// THE STEP: what a cell does with what comes in (a tick, a VM under pressure, a command), as a function of its state. Production, demo, backtest and
// simulation run this and nothing else. It asks no clock, draws no dice, touches no machine: it says what should be done.
import type { Action } from "../model/action.ts";
import type { DecisionRecord } from "../model/decision.ts";
import { assert, unreachable } from "../model/result.ts";
import { account } from "./account.ts";
import { actionsOf } from "./actions.ts";
import { tellShadowVms } from "./at-most.ts";
import type { CellState } from "./cell-state.ts";
import { holdBuffers } from "./hold-buffers.ts";
import { learnFromTick } from "./learn-from-tick.ts";
import { dateLeases } from "./leases.ts";
import { lend } from "./lend.ts";
import { obey } from "./obey.ts";
import { readPermissions } from "./permissions.ts";
import { adopt, believe, countOnGrowth, expectSetPoints, withoutServing } from "./reconcile.ts";
import { recordsOf } from "./records.ts";
import { forgetRefusals } from "./refusals.ts";
import { relievePressed } from "./relieve-pressed.ts";
import { trackErrors } from "./take-back.ts";
import type { StepInput, TickInput } from "./tick-input.ts";
import { trackHosts } from "./track-hosts.ts";
import { beginUsage } from "./usage/usage-memory.ts";
import { wantBuffers } from "./want-buffers.ts";

export interface StepResult {
  readonly state: CellState;
  /** In an order that is safe to apply: within a host shrinks come before grows. Read them before the next step. */
  readonly actions: Iterable<Action>;
  /** One for every change and every shortfall. Read them before the next step. */
  readonly records: Iterable<DecisionRecord>;
}

/** Updates `state` in place. Inputs come in order of time; the same tick twice is a bug of the caller. */
export function step(state: CellState, input: StepInput): StepResult {
  beginUsage(state.usage);
  switch (input.kind) {
    case "tick":
      return stepTick(state, input);
    case "pressure":
      return relievePressed(state, input);
    case "command":
      return obey(state, input);
    default:
      return unreachable(input);
  }
}

function stepTick(state: CellState, input: TickInput): StepResult {
  const { now, demand } = input;
  assert(now > state.at || state.tick === 0, "ticks come in order of time");
  assert(input.forecasts.origin === now, "a forecast is made of everything before now and of nothing after it");
  if (input.inForce) adopt(state, withoutServing(state, input, input.inForce), now);
  else believe(state);
  account(state, input);
  if (input.inForce) countOnGrowth(state, input.inForce);
  learnFromTick(state, demand);
  trackErrors(state.descents, { demand, allocations: state.allocations });
  trackHosts(state, demand);
  state.allocationsBefore.set(state.allocations);
  state.buffersBefore.set(state.buffers);
  forgetRefusals(state.refusals);
  readPermissions(state.permissions, { layout: state.layout, guardrails: state.guardrails, now });
  lend(state, input);
  wantBuffers(state, input.forecasts);
  const orders = holdBuffers(state, input);
  tellShadowVms(state);
  dateLeases(state, now);
  expectSetPoints(state);
  state.at = now;
  state.tick++;
  return { state, actions: actionsOf(state, orders), records: recordsOf(state, { input, orders }) };
}
