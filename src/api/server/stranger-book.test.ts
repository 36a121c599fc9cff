import { expect, test } from "vitest";
import type { VmId } from "../../model/fleet.ts";
import { createStrangerBook } from "./stranger-book.ts";

const columns = (vms: readonly string[], usage: readonly number[]) => ({
  vms: vms as readonly VmId[],
  vm: Uint32Array.from(vms.keys()),
  at: new Float64Array(vms.length),
  usage: Float32Array.from(usage),
});

test("of each stranger the largest of every resource stays, and those who are known are left out", () => {
  const book = createStrangerBook();
  const strangers = new Set(["a" as VmId]);
  const [nothing, customer] = [Number.NaN, undefined];
  book.note(columns(["a", "b"], [1, 5, nothing, 0, 9, 9, 9, 9]), strangers, { now: 10, customer });
  book.note(columns(["a"], [3, 2, nothing, nothing]), strangers, { now: 20, customer });
  const [a, ...others] = book.all();
  expect(others).toEqual([]);
  expect(a).toMatchObject({ vm: "a", rows: 2, firstSeen: 10, lastSeen: 20 });
  expect([...(a?.largest ?? [])]).toEqual([3, 5, Number.NaN, 0]);
  book.forget("a");
  expect(book.size).toBe(0);
});

test("whatever comes, no more than 100,000 are followed", () => {
  const book = createStrangerBook();
  for (let batch = 0; batch < 3; batch++) {
    const vms = Array.from({ length: 50_000 }, (_, each) => `vm-${batch}-${each}` as VmId);
    book.note(columns(vms, new Array(200_000).fill(1)), new Set(vms), { now: batch, customer: undefined });
  }
  expect(book.size).toBe(100_000);
});
