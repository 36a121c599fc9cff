import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Actor, DocumentChange, DocumentKind } from "../../../src/control/store-ports.ts";
import type { CustomerId } from "../../../src/model/fleet.ts";
import { declaredDemand, HOURS_A_WEEK, type WorkloadProfile } from "../../../src/model/profile.ts";
import { instant } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const by: Actor = { id: "somebody", at: instant(1_700_000_000_000) };
const acme = "acme" as CustomerId;
const customer = (id: string, name = id): DocumentChange => ({
  ...{ kind: "customer", id },
  value: { id: id as CustomerId, name },
});
const workload = (id: string, owner: string): DocumentChange => ({
  ...{ kind: "workload", id, customer: owner as CustomerId, needs: [{ kind: "customer", id: owner }] },
  value: { id: id as never, customer: owner as CustomerId, class: "web" },
});
const removed = (kind: "customer" | "workload", id: string): DocumentChange => ({ kind, id, value: undefined });

onEachServer((server) => {
  describe("documents", () => {
    test("a profile comes back to the last bit", async () => {
      const { documents } = await server.freshStore();
      const typical = Float64Array.from({ length: HOURS_A_WEEK }, (_, hour) => Math.sin(hour) + 1);
      const peak = typical.map((each) => each / 3 + 2);
      const profile: WorkloadProfile = {
        ...{ scaling: "fixed", utcOffsetMinutes: -60, growthPerMonth: 0.1 + 0.2, declaredAt: instant(5) },
        ...{ demand: { cpu: declaredDemand({ typical, peak }) }, plannedChanges: [{ at: instant(7), factor: 1e-300 }] },
      };
      valueIn(await documents.write([{ kind: "profile", id: "w", value: profile }], by));
      expect(valueIn(await documents.get("profile", "w"))).toEqual({
        id: "w",
        value: profile,
        version: 1,
        changedAt: by.at,
      });
    });

    test("a version grows with each change and guards against writing over what was not seen", async () => {
      const { documents } = await server.freshStore();
      const write = (change: object) => documents.write([{ ...customer("acme"), ...change } as DocumentChange], by);
      expect(valueIn(await write({ ifVersion: 0 }))[0]?.version).toBe(1);
      expect(faultOf(await write({ ifVersion: 0 }))).toBe("conflict");
      expect(valueIn(await write({ ifVersion: 1 }))[0]?.version).toBe(2);
      expect(faultOf(await write({ ifVersion: 1, value: undefined }))).toBe("conflict");
      expect(valueIn(await write({ ifVersion: 2, value: undefined }))[0]).toMatchObject({
        version: 3,
        value: undefined,
      });
      expect(valueIn(await documents.get("customer", "acme"))).toBeUndefined();
      expect(faultOf(await write({ value: undefined }))).toBe("not-found");
    });

    test("a secret is kept with its document, and in the log nowhere", async () => {
      const { documents, log } = await server.freshStore();
      const write = (value: { url: string; secret: string } | undefined) =>
        documents.write([{ kind: "webhook", id: "acme", customer: acme, value }], by);
      for (const url of ["https://a.example/", "https://b.example/"]) valueIn(await write({ url, secret: "hush" }));
      expect(valueIn(await documents.get("webhook", "acme"))?.value.secret).toBe("hush");
      valueIn(await write(undefined));
      const logged = valueIn(await log.changes({ limit: 10 }));
      expect(logged.map(({ before, after }) => [before, after])).toEqual([
        [{ url: "https://b.example/" }, undefined],
        [{ url: "https://a.example/" }, { url: "https://b.example/" }],
        [undefined, { url: "https://a.example/" }],
      ]);
    });

    test("of two who change the same version at once one wins", async () => {
      const { documents } = await server.freshStore();
      valueIn(await documents.write([customer("acme")], by));
      const tries = Array.from({ length: 8 }, (_, each) =>
        documents.write([{ ...customer("acme", `try ${each}`), ifVersion: 1 }], by),
      );
      const faults = (await Promise.all(tries)).map(faultOf);
      expect(faults.filter((fault) => fault === undefined)).toHaveLength(1);
      expect(faults.filter((fault) => fault === "conflict")).toHaveLength(7);
    });

    test("what is needed is there and stays, whatever the order within one write", async () => {
      const { documents } = await server.freshStore();
      expect(faultOf(await documents.write([workload("shop", "acme")], by))).toBe("not-found");
      valueIn(await documents.write([workload("shop", "acme"), customer("acme")], by));
      expect(faultOf(await documents.write([removed("customer", "acme")], by))).toBe("conflict");
      valueIn(await documents.write([removed("customer", "acme"), removed("workload", "shop")], by));
      expect(valueIn(await documents.list("customer", { limit: 10 }))).toEqual([]);
    });

    test("a need that is taken back sets free", async () => {
      const { documents } = await server.freshStore();
      valueIn(await documents.write([customer("acme"), customer("other"), workload("shop", "acme")], by));
      valueIn(await documents.write([workload("shop", "other")], by));
      valueIn(await documents.write([removed("customer", "acme")], by));
      expect(faultOf(await documents.write([removed("customer", "other")], by))).toBe("conflict");
    });

    test("all or nothing: what failed left no document, no line in the log and no revision", async () => {
      const { documents, log } = await server.freshStore();
      expect(faultOf(await documents.write([customer("acme"), removed("workload", "none")], by))).toBe("not-found");
      expect(valueIn(await documents.get("customer", "acme"))).toBeUndefined();
      expect(valueIn(await log.changes({ limit: 10 }))).toEqual([]);
      expect(valueIn(await documents.revision())).toBe(0);
    });

    test("lists go on behind a cursor, and keep to a customer", async () => {
      const { documents } = await server.freshStore();
      const ids = Array.from({ length: 25 }, (_, each) => `w${String(each).padStart(2, "0")}`);
      const owners = ids.map((_, each) => (each % 2 === 0 ? "acme" : "other"));
      valueIn(
        await documents.write(
          [customer("acme"), customer("other"), ...ids.map((id, each) => workload(id, owners[each] ?? ""))],
          by,
        ),
      );
      const seen: string[] = [];
      for (let after = ""; ; after = seen.at(-1) ?? "") {
        const page = valueIn(await documents.list("workload", { after, limit: 10 }));
        if (page.length === 0) break;
        seen.push(...page.map(({ id }) => id));
      }
      expect(seen).toEqual(ids);
      const own = valueIn(await documents.list("workload", { limit: 1000, customer: acme }));
      expect(own.map(({ id }) => id)).toEqual(ids.filter((_, each) => each % 2 === 0));
      expect(faultOf(await documents.list("workload", { limit: 1001 }))).toBe("bad-input");
      expect(faultOf(await documents.list("workload", { limit: 0 }))).toBe("bad-input");
    });

    test("10,000 at once are written, more are refused", async () => {
      const { documents } = await server.freshStore();
      const many = Array.from({ length: 10_000 }, (_, each) => customer(`c${each}`));
      expect(valueIn(await documents.write(many, by))).toHaveLength(10_000);
      expect(faultOf(await documents.write([...many, customer("one more")], by))).toBe("bad-input");
    });

    test("a text that PostgreSQL cannot hold is bad input and no crash", async () => {
      const { documents } = await server.freshStore();
      expect(faultOf(await documents.write([customer("a\0b")], by))).toBe("bad-input");
      valueIn(await documents.write([customer("odd", "a\0b \ud800 \u2028")], by));
      expect(valueIn(await documents.get("customer", "odd"))?.value.name).toBe("a\0b \ud800 \u2028");
    });
  });

  describe("the log of changes", () => {
    test("tells before and after, newest first, behind a cursor, by customer and target", async () => {
      const { documents, log } = await server.freshStore();
      valueIn(await documents.write([customer("acme"), workload("shop", "acme")], by));
      valueIn(await documents.write([customer("acme", "Acme Ltd")], by));
      valueIn(
        await log.note({ ...{ at: by.at, by: "system", what: "changed", kind: "model", target: "m1", version: 1 } }),
      );
      const lines = valueIn(await log.changes({ limit: 10 }));
      expect(lines.map(({ id, what, target }) => [id, what, target])).toEqual([
        [4, "changed", "m1"],
        [3, "changed", "acme"],
        [2, "created", "shop"],
        [1, "created", "acme"],
      ]);
      expect(lines[1]).toMatchObject({
        before: { name: "acme" },
        after: { name: "Acme Ltd" },
        by: "somebody",
        version: 2,
      });
      expect(lines[3]).not.toHaveProperty("before");
      expect(valueIn(await documents.revision())).toBe(4);
      expect(valueIn(await log.changes({ limit: 1, before: 3 }))[0]?.id).toBe(2);
      expect(valueIn(await log.changes({ limit: 10, customer: acme })).map(({ id }) => id)).toEqual([2]);
      expect(valueIn(await log.changes({ limit: 10, kind: "customer", target: "acme" }))).toHaveLength(2);
    });

    test("ids come without gaps, however many write at once", async () => {
      const { documents, log } = await server.freshStore();
      await Promise.all(Array.from({ length: 40 }, (_, each) => documents.write([customer(`c${each}`)], by)));
      const ids = valueIn(await log.changes({ limit: 100 })).map(({ id }) => id);
      expect(ids).toEqual(Array.from({ length: 40 }, (_, each) => 40 - each));
    });
  });

  test("documents behave as a map in memory does", async () => {
    const { documents } = await server.freshStore();
    let runs = 0;
    const property = fc.asyncProperty(fc.array(writeArbitrary, { maxLength: 12 }), async (writes) => {
      const prefix = `${++runs}.`;
      const model = new Map<string, ModelEntry>();
      for (const write of writes) {
        const changes = write.map((change) => documentOf(change, prefix));
        expect(faultOf(await documents.write(changes, by))).toBe(writeToModel(model, write));
      }
      for (const kind of KINDS) {
        const page = valueIn(await documents.list(kind, { after: prefix, limit: 1000 }));
        const found = page.filter(({ id }) => id.startsWith(prefix)).map(({ id, version }) => [id, version]);
        const expected = [...model].filter(([key]) => key.startsWith(kind)).sort(([a], [b]) => (a < b ? -1 : 1));
        expect(found).toEqual(expected.map(([key, { version }]) => [prefix + key.slice(kind.length + 1), version]));
      }
    });
    await fc.assert(property, { seed: 1, numRuns: 60 });
  });
});

const KINDS = ["customer", "workload"] as const;

interface ModelChange {
  readonly kind: (typeof KINDS)[number];
  readonly id: string;
  readonly isRemoved: boolean;
  readonly ifVersion: number | undefined;
  readonly needs: readonly string[];
}

interface ModelEntry {
  readonly version: number;
  readonly needs: readonly string[];
}

const changeArbitrary: fc.Arbitrary<ModelChange> = fc.record({
  kind: fc.constantFrom(...KINDS),
  id: fc.constantFrom("a", "b", "c"),
  isRemoved: fc.boolean(),
  ifVersion: fc.option(fc.nat(3), { nil: undefined, freq: 2 }),
  needs: fc.subarray(["customer a", "customer b", "workload a"]),
});
const writeArbitrary = fc.array(changeArbitrary, { minLength: 1, maxLength: 4 });

function documentOf({ kind, id, isRemoved, ifVersion, needs }: ModelChange, prefix: string): DocumentChange {
  const change = {
    ...{ kind, id: prefix + id, value: isRemoved ? undefined : ({} as never) },
    ...(ifVersion === undefined ? {} : { ifVersion }),
    needs: needs.map((need) => {
      const [needKind, needId] = need.split(" ");
      return { kind: needKind as DocumentKind, id: prefix + needId };
    }),
  };
  return change as DocumentChange;
}

/** Changes the map where all is well; else says what is not, and leaves it. */
function writeToModel(model: Map<string, ModelEntry>, write: readonly ModelChange[]): string | undefined {
  const next = new Map(model);
  for (const { kind, id, isRemoved, ifVersion, needs } of write) {
    const key = `${kind} ${id}`;
    const version = next.get(key)?.version ?? 0;
    if (ifVersion !== undefined && ifVersion !== version) return "conflict";
    if (isRemoved && version === 0) return "not-found";
    if (isRemoved) next.delete(key);
    else next.set(key, { version: version + 1, needs });
  }
  const touched = new Set(write.map(({ kind, id }) => `${kind} ${id}`));
  const broken = [...next].filter(([, { needs }]) => needs.some((need) => !next.has(need)));
  if (broken.some(([key]) => touched.has(key))) return "not-found";
  if (broken.length > 0) return "conflict";
  model.clear();
  for (const [key, entry] of next) model.set(key, entry);
  return undefined;
}
