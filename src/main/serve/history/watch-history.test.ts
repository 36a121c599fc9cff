import { afterEach, expect, test } from "vitest";
import type { CellLayout } from "../../../control/cell-layout.ts";
import { pooledPromise } from "../../../control/cell-state.ts";
import { startCell } from "../../../control/loop.ts";
import { layoutOf, START } from "../../../control/small-cell.arbitrary.ts";
import type { SampleColumns } from "../../../control/store-ports.ts";
import { virtualClock } from "../../../lab/virtual-clock.ts";
import type { CellId, VmId } from "../../../model/fleet.ts";
import { failure, success } from "../../../model/result.ts";
import { DAY_MS, instant, SECOND_MS } from "../../../model/time.ts";
import { type HistoryWatch, watchHistory } from "./watch-history.ts";

const CELL = "cell" as CellId;
const layoutFor = (vms: number): CellLayout =>
  layoutOf({ capacities: [100], vms: Array.from({ length: vms }, () => ({ host: 0, base: 1, ceiling: 10 })) });
const cellOf = (layout: CellLayout) => startCell({ layout, promise: pooledPromise(0.99), at: START });

let watch: HistoryWatch | undefined;
afterEach(() => watch?.stop());

function watched(vms: number) {
  const clock = virtualClock(START);
  const asked: string[][] = [];
  const told: string[] = [];
  let running = cellOf(layoutFor(vms));
  let answer: "warmed" | "nothing" | "failed" = "warmed";
  watch = watchHistory({
    clock,
    samples: { fold: async () => success({ folded: 0 }) },
    cells: () =>
      new Map([
        [
          CELL,
          {
            running: () => running,
            async warm(some: ReadonlySet<VmId>) {
              asked.push([...some]);
              if (answer === "failed") return failure("unavailable", "no store");
              return success(answer === "warmed" ? { vms: some.size, ticks: 9 } : undefined);
            },
          },
        ],
      ]),
    onWarmed: (cell, { vms: count }) => told.push(`${cell} ${count}`),
    onFailure: (cell, { message }) => told.push(`${cell} ${message}`),
  });
  return {
    ...{ asked, told, heard: (watch as HistoryWatch).heard },
    layAnew: (layout: CellLayout) => {
      running = cellOf(layout);
    },
    answers: (next: typeof answer) => {
      answer = next;
    },
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        clock.advanceTo(instant(clock.now() + SECOND_MS));
        for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      }
    },
  };
}

const sample = (vm: string, at: number): SampleColumns => ({
  ...{ vms: [vm as VmId], vm: Uint32Array.of(0), at: Float64Array.of(at), usage: new Float32Array(4) },
});

test("cells learn when old samples stopped coming, and not while they come; samples of today are no history", async () => {
  const { asked, told, heard, pass } = watched(1);
  await pass(30);
  expect(asked.splice(0)).toEqual([[...layoutFor(1).vmIds]]);
  heard(sample("today", START));
  await pass(30);
  expect(asked).toEqual([]);
  for (let part = 0; part < 10; part++) {
    heard(sample(`old-${part % 2}`, START - 2 * DAY_MS));
    await pass(10);
  }
  expect(asked).toEqual([]);
  await pass(20);
  expect(asked).toEqual([["old-0", "old-1"]]);
  expect(told).toEqual(["cell 1", "cell 2"]);
});

test("a backfill that goes on for long is not waited for until its end", async () => {
  const { asked, heard, pass } = watched(0);
  for (let minute = 0; minute < 40; minute++) {
    for (let part = 0; part < 6; part++) {
      heard(sample("old", START - 2 * DAY_MS));
      await pass(10);
    }
  }
  expect(asked.length).toBe(1);
});

test("VMs that come into a layout are looked for in the store, once; a failure is told", async () => {
  const { asked, told, layAnew, answers, pass } = watched(2);
  answers("nothing");
  await pass(30);
  expect([asked.splice(0), told]).toEqual([[[...layoutFor(2).vmIds]], []]);
  answers("failed");
  layAnew(layoutFor(3));
  await pass(30);
  expect([asked, told]).toEqual([[[layoutFor(3).vmIds[2]]], ["cell no store"]]);
});
