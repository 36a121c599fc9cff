import fc from "fast-check";
import { expect, test } from "vitest";
import { anyCell, anyTicks, runCell } from "../../../control/small-cell.arbitrary.ts";
import { snapshotOf } from "../../../control/snapshot.ts";
import { type Result, success } from "../../../model/result.ts";
import { PART_BYTES, snapshotFromParts, snapshotParts } from "./snapshot-parts.ts";

async function* stream(parts: Iterable<Uint8Array>): AsyncGenerator<Result<Uint8Array>> {
  for (const part of parts) yield success(part);
}

test("what is read is what was written, to the bit", async () => {
  await fc.assert(
    fc.asyncProperty(anyCell, anyTicks, async (cell, ticks) => {
      const snapshot = snapshotOf(runCell({ cell, ticks }));
      const parts = [...snapshotParts(snapshot)].map((part) => part.slice());
      const read = await snapshotFromParts(stream(parts));
      expect(read).toEqual(success(snapshot));
    }),
    { seed: 1, numRuns: 10 },
  );
}, 60_000);

test("long columns come in several parts, empty ones in none", async () => {
  const long = Float64Array.from({ length: PART_BYTES / 8 + 3 }, (_, index) => index);
  const snapshot = {
    schema: "headroom.cell/1",
    memory: { long, none: new Uint8Array(), map: new Map([["a", long]]) },
  } as const;
  const parts = [...snapshotParts(snapshot)];
  expect(parts.map(({ length }) => length).slice(1)).toEqual([PART_BYTES, 24, PART_BYTES, 24]);
  const read = await snapshotFromParts(stream(parts));
  const { memory } = read.ok ? read.value : { memory: {} };
  const { long: again, map } = memory as typeof snapshot.memory;
  const bytesOf = (column: Float64Array | undefined) => Buffer.copyBytesFrom(column ?? new Float64Array());
  for (const each of [again, map.get("a")]) expect(bytesOf(each).equals(bytesOf(long))).toBe(true);
});

test.each([
  ["a part is missing", (parts: Uint8Array[]) => parts.slice(0, -1)],
  ["nothing is there", () => []],
  ["a part comes twice", (parts: Uint8Array[]) => [...parts, parts[1] ?? new Uint8Array()]],
  ["the first is no outline", () => [Uint8Array.of(1, 2, 3)]],
])("%s: said, and nothing is made up", async (_, spoil) => {
  const snapshot = { schema: "headroom.cell/1", memory: { column: Float64Array.of(1, 2, 3) } } as const;
  const read = await snapshotFromParts(stream(spoil([...snapshotParts(snapshot)])));
  expect(read).toMatchObject({
    ok: false,
    error: { kind: "bad-input", message: expect.stringContaining("not whole") },
  });
});
