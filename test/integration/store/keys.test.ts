import { describe, expect, test } from "vitest";
import type { ApiKey, KeptAnswer } from "../../../src/control/store-ports.ts";
import type { CustomerId } from "../../../src/model/fleet.ts";
import { DAY_MS, instant, MINUTE_MS } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const by = { id: "root-key", at: instant(5) };
const key = (id: string, more: Partial<ApiKey> = {}): ApiKey => ({
  ...{ id, name: `key ${id}`, role: "customer", scopes: ["read", "ingest"], createdAt: instant(1), ...more },
});

onEachServer((server) => {
  describe("keys", () => {
    test("are found by their hash, listed behind a cursor, and revoked once", async () => {
      const { keys } = await server.freshStore();
      const acme = "acme" as CustomerId;
      const own = key("k1", { customer: acme, expiresAt: instant(99) });
      valueIn(await keys.add(own, "hash 1", by));
      valueIn(await keys.add(key("k2", { role: "operator", scopes: [] }), "hash 2", by));
      expect(valueIn(await keys.byHash("hash 1"))).toEqual(own);
      expect(valueIn(await keys.byHash("hash 3"))).toBeUndefined();
      expect(valueIn(await keys.keys({ limit: 1 })).map(({ id }) => id)).toEqual(["k1"]);
      expect(valueIn(await keys.keys({ limit: 9, after: "k1" })).map(({ id }) => id)).toEqual(["k2"]);
      expect(valueIn(await keys.keys({ limit: 9, customer: acme })).map(({ id }) => id)).toEqual(["k1"]);
      valueIn(await keys.revoke("k1", by));
      valueIn(await keys.revoke("k1", { ...by, at: instant(77) }));
      expect(valueIn(await keys.byHash("hash 1"))).toEqual({ ...own, revokedAt: 5 });
      expect(faultOf(await keys.revoke("k9", by))).toBe("not-found");
    });

    test("neither id nor hash comes twice, and each change is in the log without the hash", async () => {
      const { keys, log } = await server.freshStore();
      valueIn(await keys.add(key("k1"), "hash 1", by));
      expect(faultOf(await keys.add(key("k1"), "hash 2", by))).toBe("conflict");
      expect(faultOf(await keys.add(key("k2"), "hash 1", by))).toBe("conflict");
      valueIn(await keys.revoke("k1", by));
      const lines = valueIn(await log.changes({ limit: 10, kind: "key" }));
      expect(lines.map(({ what, target, by }) => [what, target, by])).toEqual([
        ["changed", "k1", "root-key"],
        ["created", "k1", "root-key"],
      ]);
      expect(JSON.stringify(lines)).not.toContain("hash");
    });
  });

  describe("answers to idempotent requests", () => {
    const answer: KeptAnswer = { status: 201, headers: { etag: '"1"' }, body: "{}" };
    const asked = (more: object = {}) => ({ caller: "k1", key: "a", requestHash: "x", at: instant(0), ...more });

    test("are given again for a day, and to nobody else", async () => {
      const { idempotency } = await server.freshStore();
      expect(valueIn(await idempotency.answerTo(asked()))).toBeUndefined();
      valueIn(await idempotency.keep(asked(), answer));
      expect(valueIn(await idempotency.answerTo(asked({ at: DAY_MS - 1 })))).toEqual(answer);
      expect(faultOf(await idempotency.answerTo(asked({ requestHash: "y" })))).toBe("conflict");
      expect(valueIn(await idempotency.answerTo(asked({ caller: "k2" })))).toBeUndefined();
      expect(valueIn(await idempotency.answerTo(asked({ at: DAY_MS })))).toBeUndefined();
    });

    test("of many at once one is the first; the others wait for its answer, for a minute at most", async () => {
      const { idempotency } = await server.freshStore();
      const answers = await Promise.all(Array.from({ length: 10 }, () => idempotency.answerTo(asked())));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect(faultOf(await idempotency.answerTo(asked({ at: MINUTE_MS - 1 })))).toBe("conflict");
      expect(valueIn(await idempotency.answerTo(asked({ at: MINUTE_MS })))).toBeUndefined();
    });
  });
});
