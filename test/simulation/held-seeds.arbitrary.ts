// Seeds of a simulation that must hold: one that does not is told in full, with the smallest setting that still breaks.
import { expect } from "vitest";
import { drawSetting, type Setting } from "../../src/lab/simulation/setting.ts";
import { shrink } from "../../src/lab/simulation/shrink.ts";
import { simulate } from "../../src/lab/simulation/simulate.ts";
import { tellFailure } from "../../src/lab/simulation/tell-failure.ts";

/** Returns the hash of all that was remembered, decided and done. */
export async function expectHeld(setting: Setting): Promise<number> {
  const verdict = await simulate(setting);
  if (verdict.kind === "held") return verdict.hash;
  const { verdict: smallest } = await shrink(verdict);
  const lines = [...tellFailure(verdict), "", "The smallest setting that still breaks it:", ...tellFailure(smallest)];
  return expect.fail(lines.join("\n"));
}

const TICKS = 75;

export async function expectSeedsHeld({ from, to }: { readonly from: number; readonly to: number }): Promise<void> {
  for (let seed = from; seed <= to; seed++) await expectHeld(drawSetting(seed, { ticks: TICKS }));
}
