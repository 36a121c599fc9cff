import fc from "fast-check";
import { expect, test } from "vitest";
import type { FrontierPoint } from "../model/scorecard.ts";
import { createSheet, mergeSheets, pointOf, type ScoreSheet, scoreInterval } from "./score.ts";
import { anyScoredHost, type ScoredHost } from "./small-trace.arbitrary.ts";

const TICKS_PER_DAY = 24;
const point = (sheet: ScoreSheet) => pointOf(sheet, { knob: 1, ticksPerDay: TICKS_PER_DAY });

function sheetOf({ demand, allocations, buffers }: ScoredHost): ScoreSheet {
  const sheet = createSheet(demand[0]?.length ?? 0);
  for (const [tick, asked] of demand.entries())
    scoreInterval(sheet, { demand: asked, allocations: allocations[tick] ?? [], buffer: buffers[tick] ?? 0 });
  return sheet;
}

interface VmTick {
  readonly vm: number;
  readonly tick: number;
  readonly asked: number;
  readonly allocated: number;
}

/** The score by its definitions, one list of recorded VM-ticks at a time; slow, and sharing no line with the real one. */
function slowScore({ demand, allocations, buffers }: ScoredHost): FrontierPoint {
  const all: VmTick[] = demand.flatMap((row, tick) =>
    row.map((asked, vm) => ({ vm, tick, asked, allocated: allocations[tick]?.[vm] ?? Number.NaN })),
  );
  const recorded = all.filter(({ asked }) => !Number.isNaN(asked));
  const bufferOf = (tick: number) => (recorded.some((each) => each.tick === tick) ? (buffers[tick] ?? 0) : 0);
  const excessOf = (tick: number) =>
    sum(recorded.filter((each) => each.tick === tick).map((each) => Math.max(each.asked - each.allocated, 0)));
  const ticks = [...demand.keys()];
  const isShort = ({ tick, asked, allocated }: VmTick) => asked > allocated && excessOf(tick) > bufferOf(tick);
  const used = sum(recorded.map(({ asked }) => asked));
  const reserved = sum(recorded.map(({ allocated }) => allocated)) + sum(ticks.map(bufferOf));
  const unserved = sum(ticks.map((tick) => Math.max(excessOf(tick) - bufferOf(tick), 0)));
  const late = sum(ticks.map((tick) => Math.min(excessOf(tick), bufferOf(tick))));
  const changed = recorded.filter(({ vm, tick, allocated }) => {
    const before = recorded.filter((each) => each.vm === vm && each.tick < tick).at(-1);
    return before !== undefined && before.allocated !== allocated;
  });
  const vms = [...(demand[0] ?? []).keys()];
  const worst = vms
    .map((vm) => recorded.filter((each) => each.vm === vm))
    .map((own) => ratio(own.filter(isShort).length, own.length))
    .toSorted((a, b) => a - b);
  const place = 0.95 * (worst.length - 1);
  const [low, high] = [worst[Math.floor(place)] ?? 0, worst[Math.ceil(place)] ?? 0];
  return {
    knob: 1,
    violations: ratio(recorded.filter(isShort).length, recorded.length),
    unserved: ratio(unserved, used),
    late: ratio(late, used),
    reservedPerUsed: ratio(reserved, used),
    slack: ratio(reserved - used + unserved, reserved),
    churn: ratio(changed.length, recorded.length / TICKS_PER_DAY),
    worst: { p95: low + (place % 1) * (high - low), max: worst.at(-1) ?? 0 },
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const ratio = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

function expectEqual(scored: FrontierPoint, expected: FrontierPoint): void {
  const numbers = ({ worst, ...rest }: FrontierPoint) => ({ ...rest, ...worst });
  const [got, wanted] = [numbers(scored), numbers(expected)];
  for (const key of Object.keys(wanted) as (keyof typeof wanted)[])
    expect(Math.abs(got[key] - wanted[key]), key).toBeLessThanOrEqual(1e-9 * (1 + Math.abs(wanted[key])));
}

test("equals a slow scorer written from the definitions", () => {
  fc.assert(
    fc.property(anyScoredHost, (host) => expectEqual(point(sheetOf(host)), slowScore(host))),
    { seed: 1, numRuns: 500 },
  );
});

test("worked by hand: the buffer saves the first tick, in the second both VMs above their lease count", () => {
  const sheet = createSheet(3);
  expect(scoreInterval(sheet, { demand: [3, 1, Number.NaN], allocations: [2, 2, 9], buffer: 1 })).toBe(1);
  expect(scoreInterval(sheet, { demand: [4, 3, 1], allocations: [2, 2, 2], buffer: 1 })).toBe(3);
  expectEqual(point(sheet), {
    knob: 1,
    violations: 2 / 5,
    unserved: 2 / 12,
    late: 2 / 12,
    reservedPerUsed: 12 / 12,
    slack: 2 / 12,
    churn: 0,
    worst: { p95: 0.5, max: 0.5 },
  });
});

test("nothing recorded, nothing counted: no buffer either", () => {
  const sheet = createSheet(1);
  expect(scoreInterval(sheet, { demand: [Number.NaN], allocations: [1], buffer: 5 })).toBe(0);
  expect(point(sheet)).toMatchObject({ violations: 0, reservedPerUsed: 0, worst: { p95: 0, max: 0 } });
  expect(sheet.reserved).toBe(0);
});

test("hosts merged in order give the same bits every time, and the same shares as the sums of all", () => {
  fc.assert(
    fc.property(fc.array(anyScoredHost, { maxLength: 4 }), (hosts) => {
      const [once, again] = [mergeSheets(hosts.map(sheetOf)), mergeSheets(hosts.map(sheetOf))];
      expect(once).toEqual(again);
      for (const key of ["demand", "reserved", "unserved", "late", "changes"] as const)
        expect(once[key]).toBe(sum(hosts.map((host) => sheetOf(host)[key])));
      expect([...once.vmViolations]).toEqual(hosts.flatMap((host) => [...sheetOf(host).vmViolations]));
    }),
    { seed: 1 },
  );
});
