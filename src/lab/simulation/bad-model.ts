// A model gone bad: for some ticks its forecasts are zeros, huge, one constant, or not numbers at all.
import { inSpell } from "./fault-plan.ts";
import { tickNow, type World } from "./world.ts";

const BAD_TICKS_MAX = 12;
const GARBAGE = [0, 1e18, 1, Number.NaN];

/** What is believed in place of what was forecast. */
export function spoiled(world: World): (quantiles: Float64Array) => Float64Array {
  const where = { tick: tickNow(world), name: "model" };
  if (!inSpell(world.plan, { kind: "bad-model", where, lengthMax: BAD_TICKS_MAX })) return (quantiles) => quantiles;
  const amount = GARBAGE[world.plan.drawFor("bad-model", where).fork("amount").below(GARBAGE.length)] ?? 0;
  return (quantiles) => new Float64Array(quantiles.length).fill(amount);
}
