import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import { trainOnce } from "../../../src/main/serve/keep-training.ts";
import type { VmId } from "../../../src/model/fleet.ts";
import { instant, MINUTE_MS } from "../../../src/model/time.ts";

const folder = mkdtempSync(join(tmpdir(), "headroom-training-"));
afterAll(() => rmSync(folder, { recursive: true }));

const PROGRAM = resolve("dist/main/headroom.js");
const NOW = instant(Date.UTC(2026, 2, 2, 12));
const never = new Promise<void>(() => {});
const vms = ["a", "b"] as VmId[];

async function storeWith(hours: number) {
  const store = createMemoryStore();
  const rows = Array.from({ length: hours * 12 }, (_, row) => NOW - row * 5 * MINUTE_MS);
  for (const vm of vms) {
    const usage = Float32Array.from({ length: 4 * rows.length }, (_, place) => 1 + (place % 7));
    const columns = { vms: [vm], vm: new Uint32Array(rows.length), at: Float64Array.from(rows), usage };
    await store.samples.append(columns, NOW);
  }
  return store;
}

const train = async (hours: number) =>
  trainOnce({
    store: await storeWith(hours),
    clock: virtualClock(NOW),
    stopped: never,
    folder,
    vms: () => vms,
    program: PROGRAM,
  });

test("what was stored is read by the trainer; too little of it is said, and no file stays behind", async () => {
  const ended = await train(10);
  expect(ended).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  // The trainer itself read ten hours of it: 85 % of that is the span that it says is too short.
  expect(ended.ok ? "" : ended.error.message).toMatch(/8\.\d h/);
  expect(existsSync(join(folder, "training"))).toBe(false);
});

test("without samples nothing is started", async () => {
  expect(await train(0)).toMatchObject({ ok: false, error: { kind: "not-found" } });
});
