import { expect, test } from "vitest";
import { advance, createDemandEngine, type DemandEngine } from "../../forecast/demand-engine.ts";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { type Instant, instant, MINUTE_MS, WEEK_MS } from "../../model/time.ts";
import { keepDiary, readDiary, startDiary } from "./workload-diary.ts";

const START = Date.UTC(2026, 2, 2);
const VMS = Int32Array.of(0, 2);

/** Three VMs; series s of VM v asks for `demandOf(v, tick)` times 1 + s. */
function world({ stepMs, demandOf }: { stepMs: number; demandOf: (vm: number, tick: number) => number }) {
  const series = 3 * RESOURCE_COUNT;
  const engine = createDemandEngine({ stepMs, floors: new Float64Array(series).fill(0.01) });
  const quantiles = new Float64Array(series * LEVEL_COUNT);
  const tick = (): { engine: DemandEngine; at: Instant; stepMs: number } => {
    const now = engine.tick;
    const demand = Float64Array.from({ length: series }, (_, each) => {
      return demandOf(Math.floor(each / RESOURCE_COUNT), now) * (1 + (each % RESOURCE_COUNT));
    });
    advance(engine, { demand }, quantiles);
    return { engine, at: instant(START + engine.tick * stepMs), stepMs };
  };
  return { tick };
}

const NO_EVENTS = new Float64Array(3 * RESOURCE_COUNT).fill(1);
const known = (values: Float64Array) => [...values].filter((value) => !Number.isNaN(value));

test("it begins with what the engine knows, and goes on with the sum of its VMs", () => {
  const { tick } = world({ stepMs: 5 * MINUTE_MS, demandOf: (vm, now) => (vm + 1) * (now + 1) });
  for (let each = 0; each < 9; each++) tick();
  const tenth = tick();
  const diary = startDiary(VMS, tenth);
  keepDiary(diary, { ...tenth, factors: NO_EVENTS });
  keepDiary(diary, { ...tick(), factors: NO_EVENTS });
  for (const resource of [0, 3]) {
    const { grid, values } = readDiary(diary, resource);
    const expected = Array.from({ length: 11 }, (_, now) => expect.closeTo(4 * (now + 1) * (1 + resource), 1));
    expect(known(values)).toEqual(expected);
    expect(grid.startMs + grid.length * grid.stepMs).toBe(START + 11 * 5 * MINUTE_MS);
    expect(grid.length).toBe((5 * WEEK_MS) / (5 * MINUTE_MS));
  }
});

test("what events did is put back", () => {
  const { tick } = world({ stepMs: 5 * MINUTE_MS, demandOf: () => 1 });
  const first = tick();
  const diary = startDiary(VMS, first);
  const factors = NO_EVENTS.slice();
  factors[2 * RESOURCE_COUNT] = 3;
  keepDiary(diary, { ...first, factors });
  expect(known(readDiary(diary, 0).values)).toEqual([4]);
  expect(known(readDiary(diary, 1).values)).toEqual([4]);
});

test("of short ticks means over five minutes are kept", () => {
  const { tick } = world({ stepMs: MINUTE_MS, demandOf: (_, now) => now });
  let seen = tick();
  const diary = startDiary(Int32Array.of(1), seen);
  for (let each = 0; each < 10; each++) {
    keepDiary(diary, { ...seen, factors: NO_EVENTS });
    seen = tick();
  }
  expect(known(readDiary(diary, 0).values)).toEqual([expect.closeTo(2, 2), expect.closeTo(7, 2)]);
});

test("ticks that never came are not known", () => {
  const { tick } = world({ stepMs: 5 * MINUTE_MS, demandOf: () => 1 });
  const first = tick();
  const diary = startDiary(VMS, first);
  keepDiary(diary, { ...first, factors: NO_EVENTS });
  keepDiary(diary, { ...first, at: instant(first.at + 15 * MINUTE_MS), factors: NO_EVENTS });
  expect([...readDiary(diary, 0).values.subarray(-4)]).toEqual([2, Number.NaN, Number.NaN, 2]);
});

test("of a large workload some VMs stand for all, evenly chosen", () => {
  const { tick } = world({ stepMs: 5 * MINUTE_MS, demandOf: () => 1 });
  const { vms } = startDiary(
    Int32Array.from({ length: 1_000 }, (_, vm) => vm),
    tick(),
  );
  expect(vms).toHaveLength(32);
  expect([vms[0], vms.at(-1)]).toEqual([0, 969]);
});
