import fc from "fast-check";
import { expect, test } from "vitest";
import type { VmId } from "../../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../../model/resources.ts";
import { roundedUsage } from "./amount-code.ts";
import { columnsOf, mayHold, packBatch, unpackBatch } from "./batch.ts";

const amount = fc.oneof(fc.float(), fc.float({ min: 0, max: 2 ** 40 }), fc.constantFrom(Number.NaN, 0, 1e-5, 1e30));
const rowArbitrary = fc.record({
  vm: fc.nat(5),
  at: fc.double({ min: -8.64e15, max: 8.64e15, noNaN: true }),
  amounts: fc.array(amount, { minLength: RESOURCE_COUNT, maxLength: RESOURCE_COUNT }),
});
const vms = ["a", "b.c:d-e", "ü", "f f", "g", "0".repeat(128)] as VmId[];

function packed(columns: Parameters<typeof packBatch>[0]) {
  const result = packBatch(columns);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

test("a batch comes back with amounts rounded once and times in whole milliseconds", () => {
  const property = fc.property(fc.array(rowArbitrary, { minLength: 1, maxLength: 50 }), (rows) => {
    const columns = {
      vms,
      vm: Uint32Array.from(rows, ({ vm }) => vm),
      at: Float64Array.from(rows, ({ at }) => at),
      usage: Float32Array.from(rows.flatMap(({ amounts }) => amounts)),
    };
    const { body, firstAt, lastAt } = packed(columns);
    const back = columnsOf(unpackBatch(body));
    const at = columns.at.map(Math.round);
    expect(back).toEqual({ ...columns, at, usage: roundedUsage(columns.usage) });
    expect([firstAt, lastAt]).toEqual([Math.min(...at), Math.max(...at)]);
    // Once rounded, always the same: who packs it again changes nothing.
    expect(columnsOf(unpackBatch(packed(back).body))).toEqual(back);
  });
  fc.assert(property, { seed: 1, numRuns: 300 });
});

test("the filter knows all that are inside, and hardly anybody else", () => {
  const names = Array.from({ length: 2000 }, (_, each) => `vm-${each}` as VmId);
  const columns = { vms: names, vm: Uint32Array.of(0), at: Float64Array.of(0), usage: new Float32Array(4) };
  const { members } = packed(columns);
  const looksInside = (vm: VmId) =>
    mayHold(vm, 1).values.every((hash) => {
      const bit = hash % (members.length * 8);
      return ((members[bit >> 3] ?? 0) >> (bit & 7)) & 1;
    });
  expect(names.every(looksInside)).toBe(true);
  const strangers = Array.from({ length: 20_000 }, (_, each) => `other-${each}` as VmId).filter(looksInside);
  expect(strangers.length).toBeLessThan(100);
});

test("bytes of another format are not read as if they were ours", () => {
  expect(() => unpackBatch(Buffer.of(9, 1, 2, 3))).toThrow("format 9");
});
