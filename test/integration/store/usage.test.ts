import { describe, expect, test } from "vitest";
import type { UsageStore } from "../../../src/control/store-ports/usage-port.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import type { CellId, CustomerId } from "../../../src/model/fleet.ts";
import { HOUR_MS, instant } from "../../../src/model/time.ts";
import { amountsOf, aRecord, USAGE_START } from "../../../src/model/usage.arbitrary.ts";
import { usageKey } from "../../../src/model/usage-record.ts";
import { onEachServer, valueIn } from "./database-servers.ts";

const cell = "cell-1" as CellId;
const acme = "acme" as CustomerId;
const at = (hour: number) => instant(USAGE_START + hour * HOUR_MS);
const month = { customer: acme, from: at(0), to: at(1000) };
const keysIn = async (usage: UsageStore, question = month) =>
  valueIn(await usage.read(question))
    .map(usageKey)
    .sort();

onEachServer((server) => {
  describe("usage", () => {
    test("is kept with the step that closed it, once, and found by whose it is and when it began", async () => {
      for (const store of [await server.freshStore(), createMemoryStore()]) {
        const { cells, usage } = store;
        const claim = valueIn(await cells.claim(cell, { process: "a", at: instant(1) }));
        const [one, other] = [aRecord(), aRecord({ hour: 1, id: "web-2" })];
        const theirs = aRecord({ customer: "rival" as CustomerId });
        const step = { number: 1, bytes: Uint8Array.of(1), records: [], usage: [one, other, theirs] };
        for (let tries = 0; tries < 2; tries++) valueIn(await cells.commit(claim, [step]));
        // Heard again after a crash, under another number.
        valueIn(await cells.commit(claim, [{ ...step, number: 2, usage: [other, one] }]));
        expect(await keysIn(usage)).toEqual([usageKey(one), usageKey(other)]);
        expect(await keysIn(usage, { ...month, to: at(1) })).toEqual([usageKey(one)]);
        expect(await keysIn(usage, { ...month, from: at(2) })).toEqual([]);
        expect(valueIn(await usage.read(month)).find(({ from }) => from === one.from)).toEqual(one);
        expect(valueIn(await usage.customers({ from: at(0), to: at(9) }))).toEqual([acme, "rival"]);
        expect(valueIn(await usage.unsent(10))).toHaveLength(2);
      }
    });

    test("is not kept where its step is refused", async () => {
      const { cells, usage } = await server.freshStore();
      const first = valueIn(await cells.claim(cell, { process: "a", at: instant(1) }));
      valueIn(await cells.claim(cell, { process: "b", at: instant(2) }));
      const refused = await cells.commit(first, [
        { number: 1, bytes: Uint8Array.of(1), records: [], usage: [aRecord()] },
      ]);
      expect(refused.ok).toBe(false);
      expect(await keysIn(usage)).toEqual([]);
    });

    test("is put right by records of their own, told once each, and removed when it is old", async () => {
      for (const { usage } of [await server.freshStore(), createMemoryStore()]) {
        const correction = { number: 1, reason: "late samples" };
        const late = { ...aRecord({ amounts: amountsOf({ used: -5 }) }), correction };
        for (let tries = 0; tries < 2; tries++) valueIn(await usage.correct([late]));
        valueIn(await usage.correct([aRecord({ hour: 500 })]));
        expect(valueIn(await usage.read({ ...month, to: at(1) }))).toEqual([late]);
        const waiting = valueIn(await usage.unsent(1));
        expect(waiting.map(({ records }) => records)).toEqual([[late]]);
        valueIn(await usage.markSent(waiting.map(({ id }) => id)));
        expect(valueIn(await usage.unsent(9)).map(({ records }) => records[0]?.from)).toEqual([at(500)]);
        valueIn(await usage.retain(at(500)));
        expect(await keysIn(usage)).toEqual([usageKey(aRecord({ hour: 500 }))]);
      }
    });

    test("comes along in a backup, and is counted on after it", async () => {
      const [from, to] = [await server.freshStore(), await server.freshStore()];
      valueIn(await from.usage.correct([aRecord()]));
      const parts: Uint8Array[] = [];
      for await (const part of from.backup()) parts.push(valueIn(part));
      valueIn(await to.restore(partsOf(parts)));
      expect(await keysIn(to.usage)).toEqual([usageKey(aRecord())]);
      valueIn(await to.usage.correct([aRecord({ hour: 7 })]));
      expect(await keysIn(to.usage)).toHaveLength(2);
    });
  });
});

async function* partsOf(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}
