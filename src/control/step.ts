// THE STEP: what a cell does in one tick, as a function of its state and of what came in. Production, demo, backtest and
// simulation run this and nothing else. It asks no clock, draws no dice, touches no machine: it says what should be done.
import type { Action } from "../model/action.ts";
import type { DecisionRecord } from "../model/decision.ts";
import { assert } from "../model/result.ts";
import { account } from "./account.ts";
import { actionsOf } from "./actions.ts";
import type { CellState } from "./cell-state.ts";
import { holdBuffers } from "./hold-buffers.ts";
import { learnFromTick } from "./learn-from-tick.ts";
import { dateLeases } from "./leases.ts";
import { lend } from "./lend.ts";
import { adopt } from "./reconcile.ts";
import { recordsOf } from "./records.ts";
import type { TickInput } from "./tick-input.ts";
import { wantBuffers } from "./want-buffers.ts";

export interface StepResult {
  readonly state: CellState;
  /** In an order that is safe to apply: within a host shrinks come before grows. Read them before the next step. */
  readonly actions: Iterable<Action>;
  /** One for every change and every shortfall. Read them before the next step. */
  readonly records: Iterable<DecisionRecord>;
}

/** Updates `state` in place. Ticks come in order; the same tick twice is a bug of the caller. */
export function step(state: CellState, input: TickInput): StepResult {
  assert(input.now > state.at || state.tick === 0, "ticks come in order of time");
  assert(input.forecasts.origin === input.now, "a forecast is made of everything before now and of nothing after it");
  if (input.inForce) adopt(state, input.inForce);
  account(state, input);
  learnFromTick(state, input.demand);
  state.allocationsBefore.set(state.allocations);
  state.buffersBefore.set(state.buffers);
  lend(state, input);
  wantBuffers(state, input.forecasts);
  const poolChanges = holdBuffers(state, input.shadowVms);
  dateLeases(state, input.now);
  state.at = input.now;
  state.tick++;
  return { state, actions: actionsOf(state, poolChanges), records: recordsOf(state, { input, poolChanges }) };
}
