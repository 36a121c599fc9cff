import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type OpenStore, openStore, type StoreOptions } from "../../../src/adapters/postgres/open-store.ts";
import type { CellId, VmId } from "../../../src/model/fleet.ts";
import type { Result } from "../../../src/model/result.ts";
import { seededRandom } from "../../../src/model/seeded-random.ts";
import { DAY_MS, instant } from "../../../src/model/time.ts";
import { onEachServer, testFolder, valueIn } from "./database-servers.ts";

const WRITER = fileURLToPath(new URL("./writer.ts", import.meta.url));
const ROUNDS = 12;
const ACKNOWLEDGED_MAX = 40;

onEachServer(
  (server) => {
    test("a writer that is killed again and again loses nothing acknowledged and doubles nothing", async () => {
      await killRounds({ kind: "server", url: await server.freshUrl() });
    }, 300_000);
  },
  { isDurable: true },
);

describe("with a server of its own, which ends with it", () => {
  test("a writer that is killed again and again loses nothing acknowledged and doubles nothing", async () => {
    const folder = testFolder();
    try {
      await killRounds({ kind: "embedded", folder: `${folder}/data` });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 300_000);
});

async function killRounds(options: StoreOptions): Promise<void> {
  const random = seededRandom(1);
  const acknowledged: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    acknowledged.push(...(await toldBeforeKilled(options, 1 + random.below(ACKNOWLEDGED_MAX))));
    const store = valueIn(await openStore(options));
    try {
      await expectAllKept(store, acknowledged);
    } finally {
      await store.close();
    }
  }
  expect(acknowledged.length).toBeGreaterThan(ROUNDS);
}

/** The numbers that a writer told until it was killed, which was some writes after it had told so many. */
async function toldBeforeKilled(options: StoreOptions, numbers: number): Promise<readonly number[]> {
  const writer = spawn(process.execPath, ["--import", "tsx", WRITER, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(writer, "exit");
  const complaints: string[] = [];
  writer.stderr.on("data", (text) => complaints.push(String(text)));
  const told: number[] = [];
  for await (const line of createInterface({ input: writer.stdout })) {
    if (line !== "ready") told.push(Number(line));
    if (told.length === numbers) writer.kill("SIGKILL");
  }
  await exited;
  expect(writer.signalCode, complaints.join("")).toBe("SIGKILL");
  return told;
}

/** Everything acknowledged is there once. What was being written when the writer was killed may be there, but not twice or in part. */
async function expectAllKept({ cells, samples, documents, log }: OpenStore, acknowledged: readonly number[]) {
  const stored = valueIn(await cells.load("cell" as CellId));
  const known = stored?.checkpoint === undefined ? 0 : stored.checkpoint.at - DAY_MS - 1;
  const steps = stored?.heard.at(-1)?.number ?? known;
  const newest = acknowledged.at(-1) ?? 0;
  expect([newest, newest + 1]).toContain(steps);
  // What was heard is there from the last checkpoint on, whole and in order.
  const numbers = Array.from({ length: steps - known }, (_, each) => known + 1 + each);
  expect(stored?.heard ?? []).toEqual(numbers.map((number) => ({ number, bytes: Buffer.alloc(20_000, number % 256) })));
  // Input and records of a step come together: as many records as steps, one of each.
  const decided = await allOf((before) => cells.decisions({ limit: 1000, ...before }));
  expect(decided.map(({ record }) => record.at - DAY_MS)).toEqual(
    Array.from({ length: steps }, (_, each) => steps - each),
  );
  const made = await allOf((before) => log.changes({ limit: 1000, ...before }));
  const targets = made.map(({ target }) => Number(target.slice(2)));
  expect(new Set(targets).size).toBe(targets.length);
  expect(acknowledged.filter((number) => !targets.includes(number))).toEqual([]);
  for (const number of acknowledged) {
    const span = { from: instant(0), to: instant(9 * DAY_MS) };
    expect(valueIn(await samples.read(`vm-${number}` as VmId, span)).at).toEqual(Float64Array.of(DAY_MS + number));
    expect(valueIn(await documents.get("customer", `c-${number}`))?.version).toBe(1);
  }
  for await (const part of stored?.checkpoint?.parts ?? [])
    expect(new Set(valueIn(part))).toEqual(new Set([((stored?.checkpoint?.at ?? 0) - DAY_MS) % 256]));
}

async function allOf<Item extends { readonly id: number }>(
  page: (before: { readonly before?: number }) => Promise<Result<readonly Item[]>>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (;;) {
    const last = all.at(-1);
    const items = valueIn(await page(last === undefined ? {} : { before: last.id }));
    if (items.length === 0) return all;
    all.push(...items);
  }
}
