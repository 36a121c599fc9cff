// A model gone bad: for some ticks its forecasts are zeros, huge, one constant, or not numbers at all.
import type { RunningCell } from "../../control/loop.ts";
import { inSpell } from "./fault-plan.ts";
import { tickNow, type World } from "./world.ts";

const BAD_TICKS_MAX = 12;
const GARBAGE = [0, 1e18, 1, Number.NaN];

/**
 * The same cell, whose forecasts turn to garbage between the model and the step: who asks for them first is the model that
 * writes them, who asks then is the step that reads them.
 */
export function spoiled(cell: RunningCell, world: World): RunningCell {
  const where = { tick: tickNow(world), name: "model" };
  if (!inSpell(world.plan, { kind: "bad-model", where, lengthMax: BAD_TICKS_MAX })) return cell;
  const amount = GARBAGE[world.plan.drawFor("bad-model", where).fork("amount").below(GARBAGE.length)] ?? 0;
  let asked = 0;
  return {
    ...cell,
    get quantiles() {
      asked++;
      return asked === 1 ? cell.quantiles : new Float64Array(cell.quantiles.length).fill(amount);
    },
  };
}
