import { expect, test } from "vitest";
import { seasonTicks } from "../season-ticks.ts";
import {
  countOf,
  createDemandRecords,
  NEVER,
  RECORD_COUNTERS,
  recordTick,
  type TickSamples,
} from "./demand-records.ts";
import { FIVE_MINUTES } from "./fed-engine.arbitrary.ts";
import { MARKS, SAMPLE_KINDS } from "./sample-kind.ts";

/** Records of one series that has some hours of history around 1. */
function recordsOf(ticks: readonly { demand: number; marks?: number; size?: number }[]) {
  const records = createDemandRecords(1);
  const so = { season: seasonTicks(FIVE_MINUTES), samples: Int32Array.of(0), floors: Float64Array.of(1e-3) };
  const kinds = ticks.map(({ demand, marks = 0, size }, tick) => {
    const given: TickSamples = {
      demand: Float64Array.of(demand),
      marks: Uint8Array.of(marks),
      ...(size !== undefined && { sizes: Float64Array.of(size) }),
    };
    recordTick(records, given, { ...so, largest: Float64Array.of(1), tick });
    return `${SAMPLE_KINDS[records.kinds[0] ?? 0]} ${records.runs[0]}: ${records.demand[0]}`;
  });
  const counts = RECORD_COUNTERS.flatMap((name, counter) => {
    const count = countOf(records, 0, counter);
    return count === 0 ? [] : [`${name} ${count}`];
  });
  return { records, kinds, counts };
}

test("each tick is taken for what it is: its kind, how many in a row, and the demand that may be used", () => {
  const { kinds, counts } = recordsOf([
    { demand: Number.NaN },
    { demand: 1 },
    { demand: 2, marks: MARKS.atLeast },
    { demand: 2, marks: MARKS.atLeast },
    { demand: Number.NaN },
    { demand: -4 },
    { demand: 7, marks: MARKS.off },
    { demand: 5, marks: MARKS.excluded },
    { demand: 1, marks: MARKS.repeated },
  ]);
  expect(kinds).toEqual([
    "missing 1: NaN",
    "ok 1: 1",
    "censored 1: 2",
    "censored 2: 2",
    "missing 1: NaN",
    "absurd 1: NaN",
    "off 1: 0",
    "excluded 1: 5",
    "ok 1: 1",
  ]);
  expect(counts).toEqual(["ok 2", "censored 2", "missing 1", "off 1", "excluded 1", "absurd 1", "repeated 1"]);
});

test("a series that never spoke misses nothing", () => {
  const { records, counts } = recordsOf([{ demand: Number.NaN }, { demand: Number.NaN }]);
  expect(counts).toEqual([]);
  expect([records.firstTicks[0], records.lastTicks[0]]).toEqual([NEVER, NEVER]);
});

test("a change of the size by more than a fifth is a resize, up or down; the first size is none", () => {
  const sizes = [Number.NaN, 4, 4.8, 4.8, Number.NaN, 5.8, 4.5];
  const resized = sizes.map((_, tick) => {
    const { records } = recordsOf(sizes.slice(0, tick + 1).map((size) => ({ demand: 1, size })));
    return records.resizedTicks[0];
  });
  expect(resized).toEqual([NEVER, NEVER, NEVER, NEVER, NEVER, 5, 6]);
});
