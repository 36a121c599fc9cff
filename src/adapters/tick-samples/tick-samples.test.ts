import fc from "fast-check";
import { expect, test } from "vitest";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { DAY_MS, instant, MINUTE_MS } from "../../model/time.ts";
import { createTickSamples } from "./tick-samples.ts";

const STEP_MS = 5 * MINUTE_MS;
const START = Date.UTC(2026, 0, 5);

interface Row {
  readonly vm: string;
  /** Minutes after START. */
  readonly minutes: number;
  readonly cpu: number;
}

function columns(...rows: readonly Row[]): SampleColumns {
  const vms = [...new Set(rows.map(({ vm }) => vm as VmId))];
  return {
    vms,
    vm: Uint32Array.from(rows, ({ vm }) => vms.indexOf(vm as VmId)),
    at: Float64Array.from(rows, ({ minutes }) => START + minutes * MINUTE_MS),
    usage: Float32Array.from(rows.flatMap(({ cpu }) => [cpu, 10 * cpu, Number.NaN, 0])),
  };
}

function gather() {
  const clock = { now: START };
  const samples = createTickSamples({ stepMs: STEP_MS, now: () => instant(clock.now) });
  const observeAt = async (minutes: number) => {
    clock.now = START + minutes * MINUTE_MS;
    const seen = await samples.observe();
    if (!seen.ok) throw new Error(seen.error.message);
    return seen.value;
  };
  return { samples, observeAt };
}

test("a tick is the mean of what was measured in it: after its begin, up to its end", async () => {
  const { samples, observeAt } = gather();
  samples.take(
    columns({ vm: "a", minutes: 1, cpu: 1 }, { vm: "a", minutes: 5, cpu: 3 }, { vm: "a", minutes: 5.1, cpu: 100 }),
  );
  const { at, vms, late } = await observeAt(5);
  expect(at).toBe(START + STEP_MS);
  expect(vms.map(({ vm, usage }) => [vm, usage.cpu, usage.memory, usage.network])).toEqual([["a", 2, 20, Number.NaN]]);
  expect(late).toEqual([]);
  expect((await observeAt(10)).vms[0]?.usage.cpu).toBe(100);
});

test("a tick without samples has no VMs, and asking late gives the last whole tick", async () => {
  const { samples, observeAt } = gather();
  samples.take(columns({ vm: "a", minutes: 7, cpu: 1 }));
  expect((await observeAt(6)).vms).toEqual([]);
  const { at, vms } = await observeAt(13);
  expect(at).toBe(START + 2 * STEP_MS);
  expect(vms).toHaveLength(1);
});

test("what comes after its tick is handed over once, as late; old and future samples are counted and left", async () => {
  const { samples, observeAt } = gather();
  await observeAt(20);
  samples.take(
    columns(
      { vm: "a", minutes: 12, cpu: 4 },
      { vm: "b", minutes: -DAY_MS, cpu: 1 },
      { vm: "b", minutes: 60, cpu: 1 },
      { vm: "b", minutes: 22, cpu: 2 },
    ),
  );
  expect(samples.counts()).toEqual({ taken: 1, late: 1, future: 1, dropped: 1 });
  const { vms, late } = await observeAt(25);
  expect(vms.map(({ vm }) => vm)).toEqual(["b"]);
  expect(late?.map(({ vm, at, usage }) => [vm, at, usage.cpu])).toEqual([["a", START + 3 * STEP_MS, 4]]);
  expect((await observeAt(30)).late).toEqual([]);
});

test("every sample that is taken is observed exactly once, however samples and ticks come", async () => {
  const anyRow = fc.record({
    vm: fc.constantFrom("a", "b", "c"),
    minutes: fc.integer({ min: 0, max: 60 }),
    cpu: fc.constant(1),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyRow, { maxLength: 5 }), { minLength: 13, maxLength: 13 }),
      async (batches) => {
        const { samples, observeAt } = gather();
        const seen = new Set<string>();
        const expected = new Set<string>();
        for (const [tick, batch] of batches.entries()) {
          samples.take(columns(...batch));
          for (const { vm, minutes } of batch)
            if (Math.ceil(minutes / 5) <= Math.max(tick - 1, 0) + 3) expected.add(`${vm} ${Math.ceil(minutes / 5)}`);
          const { at, vms, late = [] } = await observeAt(5 * tick);
          for (const { vm } of vms) seen.add(`${vm} ${(at - START) / STEP_MS}`);
          for (const { vm, at: ended } of late) seen.add(`${vm} ${(ended - START) / STEP_MS}`);
        }
        const due = [...expected].filter((each) => Number(each.split(" ")[1]) <= 12);
        expect([...seen].toSorted()).toEqual(due.toSorted());
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});
