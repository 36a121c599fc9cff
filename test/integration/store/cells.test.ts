import { describe, expect, test } from "vitest";
import type { CellStore } from "../../../src/control/store-ports.ts";
import type { DecisionRecord } from "../../../src/model/decision.ts";
import type { CellId, CustomerId, HostId, VmId } from "../../../src/model/fleet.ts";
import { type Instant, instant } from "../../../src/model/time.ts";
import { faultOf, onEachServer, valueIn } from "./database-servers.ts";

const cell = "cell-1" as CellId;
const by = (process: string) => ({ process, at: instant(1) });
const held = (vm: string, at: number, host = "h1"): DecisionRecord => ({
  ...{ kind: "held", at: instant(at), vm: vm as VmId, host: host as HostId },
});
const step = (number: number, records: readonly DecisionRecord[] = []) => [
  { number, bytes: Buffer.of(number, 0, 255), records },
];

onEachServer((server) => {
  describe("the memory of a cell", () => {
    test("is what was heard in order, each with its records", async () => {
      const { cells } = await server.freshStore();
      expect(valueIn(await cells.load(cell))).toBeUndefined();
      const claim = valueIn(await cells.claim(cell, by("a")));
      expect(valueIn(await cells.load(cell))).toBeUndefined();
      for (const at of [1, 2]) valueIn(await cells.commit(claim, step(at, [held("v", at)])));
      const loaded = valueIn(await cells.load(cell));
      expect(loaded).toEqual({ heard: [1, 2].map((number) => ({ number, bytes: Buffer.of(number, 0, 255) })) });
      expect(valueIn(await cells.decisions({ limit: 10 })).map(({ record }) => record.at)).toEqual([2, 1]);
    });

    test("belongs to the last who claimed it: all others are refused, and change nothing", async () => {
      const { cells } = await server.freshStore();
      const first = valueIn(await cells.claim(cell, by("a")));
      valueIn(await cells.commit(first, step(1)));
      const second = valueIn(await cells.claim(cell, by("b")));
      expect(second.epoch).toBeGreaterThan(first.epoch);
      expect(faultOf(await cells.commit(first, step(2, [held("v", 2)])))).toBe("conflict");
      expect(faultOf(await cells.checkpoint(first, { at: instant(2), number: 1, parts: partsOf("x") }))).toBe(
        "conflict",
      );
      expect(valueIn(await cells.load(cell))?.heard.map(({ number }) => number)).toEqual([1]);
      expect(valueIn(await cells.decisions({ limit: 10 }))).toEqual([]);
      valueIn(await cells.commit(second, step(3)));
      expect(faultOf(await cells.commit({ cell: "unknown" as CellId, epoch: 1 }, step(4)))).toBe("conflict");
    });

    test("takes the same step once, since whoever lost its connection cannot know and tries again", async () => {
      const { cells } = await server.freshStore();
      const claim = valueIn(await cells.claim(cell, by("a")));
      for (let tries = 0; tries < 2; tries++) valueIn(await cells.commit(claim, step(1, [held("v", 1)])));
      expect(valueIn(await cells.decisions({ limit: 10 }))).toHaveLength(1);
      // It was kept and nobody knew: the next one brings it along.
      valueIn(await cells.commit(claim, [...step(1, [held("v", 1)]), ...step(2, [held("w", 2)])]));
      expect(valueIn(await cells.decisions({ limit: 10 })).map(({ record }) => record.at)).toEqual([2, 1]);
      // Also when it is part of a checkpoint by then.
      valueIn(await cells.checkpoint(claim, { at: instant(2), number: 2, parts: partsOf("x") }));
      valueIn(await cells.commit(claim, step(2, [held("w", 2)])));
      expect(valueIn(await cells.decisions({ limit: 10 }))).toHaveLength(2);
      expect(valueIn(await cells.load(cell))?.heard).toEqual([]);
    });
  });

  describe("a checkpoint", () => {
    test("takes the place of the one before when it is whole, and not earlier", async () => {
      const { cells } = await server.freshStore();
      const claim = valueIn(await cells.claim(cell, by("a")));
      valueIn(await cells.commit(claim, step(1)));
      valueIn(await cells.checkpoint(claim, { at: instant(1), number: 1, parts: partsOf("one", "two") }));
      expect(await checkpointOf(cells)).toEqual({ at: 1, parts: ["one", "two"] });
      await expect(cells.checkpoint(claim, { at: instant(2), number: 1, parts: breaking("three") })).rejects.toThrow(
        "no more",
      );
      expect(await checkpointOf(cells)).toEqual({ at: 1, parts: ["one", "two"] });
      valueIn(await cells.checkpoint(claim, { at: instant(3), number: 1, parts: partsOf("four") }));
      expect(await checkpointOf(cells)).toEqual({ at: 3, parts: ["four"] });
    });

    test("that was claimed away while it was written stays without effect", async () => {
      const { cells } = await server.freshStore();
      const claim = valueIn(await cells.claim(cell, by("a")));
      valueIn(await cells.commit(claim, step(1)));
      async function* claimedMeanwhile() {
        yield Buffer.from("one");
        valueIn(await cells.claim(cell, by("b")));
        yield Buffer.from("two");
      }
      expect(faultOf(await cells.checkpoint(claim, { at: instant(2), number: 1, parts: claimedMeanwhile() }))).toBe(
        "conflict",
      );
      expect(await checkpointOf(cells)).toBeUndefined();
    });
  });

  describe("decisions", () => {
    test("are found by VM, host, customer and time, newest first behind a cursor", async () => {
      const { cells, documents } = await server.freshStore();
      const acme = "acme" as CustomerId;
      const vm = { kind: "vm", id: "v1", value: {} as never, customer: acme } as const;
      valueIn(await documents.write([vm], { id: "test", at: instant(1) }));
      const claim = valueIn(await cells.claim(cell, by("a")));
      const terms: DecisionRecord = {
        ...{ kind: "terms", at: instant(5), customer: acme, plan: "standard", optedIn: [] },
      };
      const records = [held("v1", 1, "h1"), held("v2", 2, "h1"), held("v1", 3, "h2"), held("v2", 4, "h2"), terms];
      valueIn(await cells.commit(claim, step(9, records)));
      const times = async (question: object) =>
        valueIn(await cells.decisions({ limit: 10, ...question })).map(({ record }) => record.at);
      expect(await times({})).toEqual([5, 4, 3, 2, 1]);
      expect(await times({ vm: "v1" })).toEqual([3, 1]);
      expect(await times({ host: "h1" })).toEqual([2, 1]);
      expect(await times({ customer: acme })).toEqual([5, 3, 1]);
      expect(await times({ from: 2, to: 4 })).toEqual([3, 2]);
      const [newest] = valueIn(await cells.decisions({ limit: 1 }));
      expect(newest).toMatchObject({ cell, record: terms });
      expect(await times({ before: newest?.id })).toEqual([4, 3, 2, 1]);
      expect(faultOf(await cells.decisions({ limit: 1001 }))).toBe("bad-input");
      valueIn(await cells.retainDecisions(instant(3)));
      expect(await times({})).toEqual([5, 4, 3]);
    });
  });
});

async function* partsOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* breaking(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
  throw new Error("no more");
}

async function checkpointOf(cells: CellStore): Promise<{ at: Instant; parts: string[] } | undefined> {
  const checkpoint = valueIn(await cells.load(cell))?.checkpoint;
  if (checkpoint === undefined) return undefined;
  const parts: string[] = [];
  for await (const part of checkpoint.parts) parts.push(Buffer.from(valueIn(part)).toString());
  return { at: checkpoint.at, parts };
}
