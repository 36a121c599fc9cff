import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULT_KINDS } from "../../src/lab/simulation/fault-kinds.ts";
import { drawSetting } from "../../src/lab/simulation/setting.ts";
import { simulate } from "../../src/lab/simulation/simulate.ts";
import { expectHeld } from "./held-seeds.arbitrary.ts";

interface FoundSeed {
  readonly seed: number;
  readonly ticks: number;
  /** What it found when it was added. */
  readonly found: string;
}

const found: readonly FoundSeed[] = JSON.parse(readFileSync(new URL("./seeds.json", import.meta.url), "utf8"));

test.each(found)("seed $seed found: $found", async ({ seed, ticks }) => {
  await expectHeld(drawSetting(seed, { ticks }));
});

test("equal settings give equal bits, and others do not", async () => {
  const setting = drawSetting(11, { ticks: 60, faults: FAULT_KINDS });
  const hash = await expectHeld(setting);
  expect(await expectHeld(setting)).toBe(hash);
  expect(await expectHeld({ ...setting, seed: 12 })).not.toBe(hash);
});

test("every kind of fault changes what happens, by itself", async () => {
  const calm = drawSetting(3, { ticks: 70, hosts: 3, vms: 8, faults: [] });
  const undisturbed = await expectHeld(calm);
  const hashes = new Set([undisturbed]);
  for (const kind of FAULT_KINDS) {
    const verdict = await simulate({ ...calm, faults: [kind] });
    expect(verdict).toMatchObject({ kind: "held" });
    if (verdict.kind === "held") hashes.add(verdict.hash);
  }
  expect(hashes.size).toBe(FAULT_KINDS.length + 1);
});
