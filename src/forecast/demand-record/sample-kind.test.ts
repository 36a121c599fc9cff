import { expect, test } from "vitest";
import { kindOfSample, MARKS, SAMPLE_KINDS, type SampleContext, type SampleKind } from "./sample-kind.ts";

const unknown: SampleContext = { size: Number.NaN, largest: Number.NaN, floor: 1e-3, absurdRun: 0 };
const kind = (demand: number, marks = 0, context: Partial<SampleContext> = {}): SampleKind | undefined =>
  SAMPLE_KINDS[kindOfSample(demand, marks, { ...unknown, ...context })];

test("what is no amount is absurd, whatever is known of the machine; what did not come is missing", () => {
  for (const demand of [-1, -1e-9, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]) {
    expect(kind(demand)).toBe("absurd");
    expect(kind(demand, MARKS.excluded | MARKS.atLeast, { size: 4, largest: 2, absurdRun: 9 })).toBe("absurd");
  }
  expect([kind(Number.NaN), kind(Number.NaN, MARKS.garbled)]).toEqual(["missing", "absurd"]);
  expect([kind(0), kind(1e12)]).toEqual(["ok", "ok"]);
});

test("no machine uses more than 50 times its size, however often the meter says so", () => {
  expect([kind(200, 0, { size: 4 }), kind(200.1, 0, { size: 4 })]).toEqual(["ok", "absurd"]);
  expect(kind(200.1, 0, { size: 4, absurdRun: 99 })).toBe("absurd");
  expect(kind(1e9, 0, { size: 0 })).toBe("ok");
});

test("where no size is known, more than 1000 times the week's largest is believed from the third sample on", () => {
  expect([kind(5000, 0, { largest: 5 }), kind(5001, 0, { largest: 5 })]).toEqual(["ok", "absurd"]);
  expect([1, 2].map((absurdRun) => kind(5001, 0, { largest: 5, absurdRun }))).toEqual(["absurd", "ok"]);
});

test("a machine that was idle for a week and wakes is no broken meter", () => {
  expect(kind(64, 0, { largest: 1e-3 })).toBe("ok");
});

test("marks decide in this order: off, garbled, nothing came, absurd, excluded, at least", () => {
  const all = MARKS.off | MARKS.excluded | MARKS.atLeast | MARKS.repeated;
  expect(kind(3, all)).toBe("off");
  expect(kind(3, all & ~MARKS.off)).toBe("excluded");
  expect(kind(Number.NaN, MARKS.excluded)).toBe("excluded");
  expect(kind(3, MARKS.atLeast | MARKS.repeated)).toBe("censored");
  expect(kind(3, MARKS.repeated)).toBe("ok");
});
