import fc from "fast-check";
import { expect, test } from "vitest";
import { copyDemand, createDemandHistory, readDemand, writeDemand } from "./demand-history.ts";

test("a stretch comes out in order of time, however often the ring wrapped around", () => {
  const size = fc.record({ length: fc.integer({ min: 1, max: 20 }), written: fc.nat({ max: 70 }) });
  fc.assert(
    fc.property(size, fc.nat({ max: 20 }), fc.nat({ max: 20 }), fc.nat({ max: 3 }), (given, wanted, back, at) => {
      const { length, written } = given;
      const history = createDemandHistory({ length, floors: [1, 1] });
      for (let tick = 0; tick < written; tick++) writeDemand(history, { series: 1, tick }, tick);
      const kept = Math.min(length, written);
      const end = written - Math.min(back, kept);
      const count = Math.min(wanted, kept - (written - end));
      const target = { values: new Float32Array(30).fill(-1), at };
      expect(copyDemand(history, { series: 1, end, count }, target)).toBe(at + count);
      const expected = Array.from({ length: count }, (_, index) => end - count + index);
      expect([...target.values.subarray(at, at + count)]).toEqual(expected);
      expect(expected.map((tick) => readDemand(history, 1, tick))).toEqual(expected);
      expect([...target.values.subarray(at + count)].every((value) => value === -1)).toBe(true);
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("a value is kept to 1/4096 and never below what it was; next to nothing becomes nothing", () => {
  const floor = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
  const times = fc.double({ min: 0, max: 1e8, noNaN: true });
  fc.assert(
    fc.property(floor, times, (floor, times) => {
      const history = createDemandHistory({ length: 3, floors: [floor] });
      const value = Math.fround(floor * times);
      writeDemand(history, { series: 0, tick: 4 }, value);
      const kept = readDemand(history, 0, 4);
      if (value < floor / 7) {
        expect(kept).toBeLessThanOrEqual(floor / 6);
        return;
      }
      expect(kept).toBeGreaterThanOrEqual(value);
      expect(kept).toBeLessThanOrEqual(value * (1 + 1 / 2048));
      writeDemand(history, { series: 0, tick: 5 }, kept);
      expect(readDemand(history, 0, 5)).toBe(kept);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("demand beyond all measure is held at the largest that can be kept", () => {
  const history = createDemandHistory({ length: 2, floors: [1] });
  writeDemand(history, { series: 0, tick: 0 }, 1e30);
  expect(readDemand(history, 0, 0)).toBeGreaterThan(2 ** 28);
  expect(readDemand(history, 0, 0)).toBeLessThan(2 ** 30);
});
