import fc from "fast-check";
import { expect, test } from "vitest";
import type { DocumentChange } from "../control/store-ports.ts";
import type { CellId, CustomerId, VmId, WorkloadId } from "../model/fleet.ts";
import { DAY_MS, type Instant, instant } from "../model/time.ts";
import { createMemoryStore } from "./memory-store.ts";

const AT = instant(Date.UTC(2026, 2, 2));
const BY = { id: "test", at: AT };
const customer = (id: string): DocumentChange => ({
  ...{ kind: "customer", id, customer: id as CustomerId },
  value: { id: id as CustomerId, name: id },
});
const workload = (id: string, owner: string): DocumentChange => ({
  ...{ kind: "workload", id, customer: owner as CustomerId },
  value: { id: id as WorkloadId, customer: owner as CustomerId, class: "web" },
  needs: [{ kind: "customer", id: owner }],
});

const kindOf = async (result: Promise<{ ok: boolean; error?: { kind: string } }>) => (await result).error?.kind;

test("a write is done whole or not at all, in any order, with a line in the log for each change", async () => {
  const { documents, log } = createMemoryStore();
  expect(await documents.write([workload("w", "c"), customer("c")], BY)).toMatchObject({
    value: [{ version: 1 }, { version: 1 }],
  });
  expect(await kindOf(documents.write([customer("d"), workload("x", "nobody")], BY))).toBe("not-found");
  expect(await documents.get("customer", "d")).toEqual({ ok: true, value: undefined });
  expect(await kindOf(documents.write([{ kind: "customer", id: "c", value: undefined }], BY))).toBe("conflict");
  const gone = await documents.write(
    [
      { kind: "customer", id: "c", value: undefined },
      { kind: "workload", id: "w", value: undefined },
    ],
    BY,
  );
  expect(gone).toMatchObject({ value: [{ version: 2, value: undefined }, { version: 2 }] });
  expect(await documents.revision()).toEqual({ ok: true, value: 4 });
  expect(await log.changes({ limit: 9, kind: "workload" })).toMatchObject({
    value: [{ what: "removed", customer: "c" }, { what: "created" }],
  });
});

test("a version is changed once", async () => {
  const { documents } = createMemoryStore();
  await documents.write([{ ...customer("c"), ifVersion: 0 }], BY);
  const results = await Promise.all([1, 2].map(() => documents.write([{ ...customer("c"), ifVersion: 1 }], BY)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
});

test("lists go on behind an id, and hold one customer's where asked", async () => {
  const { documents } = createMemoryStore();
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.stringMatching(/^[a-z]{1,4}$/), { minLength: 1, maxLength: 9 }), async (ids) => {
      await documents.write(ids.map(customer), BY);
      const all = await documents.list("customer", { limit: 1000 });
      const seen: string[] = [];
      for (let after = ""; ; ) {
        const page = await documents.list("customer", { after, limit: 2 });
        if (!page.ok || page.value.length === 0) break;
        seen.push(...page.value.map(({ id }) => id));
        after = seen.at(-1) ?? "";
      }
      expect(seen).toEqual(all.ok && all.value.map(({ id }) => id));
      expect(seen).toEqual(seen.toSorted());
      expect(await documents.list("customer", { limit: 9, customer: ids[0] as CustomerId })).toMatchObject({
        value: [{ id: ids[0] }],
      });
    }),
    { seed: 1, numRuns: 20 },
  );
});

const VM = "vm" as VmId;
const sample = (at: number, cpu: number) => ({
  ...{ vms: [VM], vm: Uint32Array.of(0), at: Float64Array.of(at), usage: Float32Array.of(cpu, Number.NaN, 1, 2) },
});

test("of two samples of one instant the later stands, and of days long past the largest of every hour", async () => {
  const { samples } = createMemoryStore();
  const hour = 3_600_000;
  for (const [at, cpu] of [
    [1, 5],
    [1, 3],
    [2, 4],
    [hour + 1, 9],
    [5 * DAY_MS, 7],
  ] as const)
    await samples.append(sample(AT + at, cpu), AT);
  const cpu = async () => {
    const read = await samples.read(VM, { from: AT, to: instant(AT + 9 * DAY_MS) });
    return read.ok ? [...read.value.at].map((at, row) => [at - AT, read.value.usage.cpu[row]]) : [];
  };
  expect(await cpu()).toEqual([
    [1, 3],
    [2, 4],
    [hour + 1, 9],
    [5 * DAY_MS, 7],
  ]);
  const limits = { samplesFrom: instant(AT + 2 * DAY_MS), hoursFrom: AT };
  await samples.retain(limits);
  await samples.retain(limits);
  expect((await cpu()).slice(1)).toEqual([
    [2 * hour, 9],
    [5 * DAY_MS, 7],
  ]);
  expect(await samples.read(VM, { from: AT, to: instant(AT + 2 * hour) })).toMatchObject({
    value: { usage: { memory: Float32Array.of(Number.NaN) } },
  });
});

test("only the last one who claimed a cell may write for it", async () => {
  const { cells } = createMemoryStore();
  const claim = async () => {
    const claimed = await cells.claim("cell" as CellId, { process: "p", at: AT });
    if (!claimed.ok) throw new Error(claimed.error.message);
    return claimed.value;
  };
  const [first, second] = [await claim(), await claim()];
  const heard = { number: 1, bytes: Uint8Array.of(1) };
  const steps = [{ ...heard, records: [] }];
  expect(await kindOf(cells.commit(first, steps))).toBe("conflict");
  expect(await cells.commit(second, steps)).toMatchObject({ ok: true });
  expect(await cells.load("cell" as CellId)).toMatchObject({ value: { heard: [heard] } });
});

test("a backup makes an equal store, and goes into an empty one only", async () => {
  const store = createMemoryStore();
  await store.documents.write([customer("c"), workload("w", "c")], BY);
  await store.samples.append(sample(AT, 1), AT);
  const parts = async function* (): AsyncGenerator<Uint8Array> {
    for await (const part of store.backup()) if (part.ok) yield part.value;
  };
  const copy = createMemoryStore();
  expect(await copy.restore(parts())).toMatchObject({ ok: true });
  expect(await copy.documents.list("workload", { limit: 9 })).toEqual(
    await store.documents.list("workload", { limit: 9 }),
  );
  const span = { from: AT, to: (AT + 1) as Instant };
  expect(await copy.samples.read(VM, span)).toEqual(await store.samples.read(VM, span));
  expect(await kindOf(copy.restore(parts()))).toBe("conflict");
});

test("a key of idempotency has one answer, for one request", async () => {
  const { idempotency } = createMemoryStore();
  const asked = { caller: "a", key: "k", requestHash: "1", at: AT };
  expect(await idempotency.answerTo(asked)).toEqual({ ok: true, value: undefined });
  expect(await kindOf(idempotency.answerTo(asked))).toBe("conflict");
  const answer = { status: 200, headers: {}, body: "x" };
  await idempotency.keep(asked, answer);
  expect(await idempotency.answerTo(asked)).toEqual({ ok: true, value: answer });
  expect(await kindOf(idempotency.answerTo({ ...asked, requestHash: "2" }))).toBe("conflict");
  expect(await idempotency.answerTo({ ...asked, at: instant(AT + 2 * DAY_MS) })).toEqual({
    ok: true,
    value: undefined,
  });
});
