import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULT_KINDS } from "../../src/lab/simulation/fault-kinds.ts";
import { drawSetting } from "../../src/lab/simulation/setting.ts";
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

test.each(FAULT_KINDS)("%s by itself changes what happens, and breaks nothing", async (kind) => {
  for (let seed = 3; seed < 10; seed++) {
    const calm = drawSetting(seed, { ticks: 80, hosts: 3, vms: 6, faults: [] });
    if ((await expectHeld({ ...calm, faults: [kind] })) !== (await expectHeld(calm))) return;
  }
  expect.fail(`Nothing is different with ${kind}: it never happens, or nobody notices.`);
});
