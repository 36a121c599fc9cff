import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { MINUTE_MS } from "../../model/time.ts";
import { advance, createDemandEngine } from "../demand-engine.ts";
import { readDemand } from "../demand-history.ts";
import { MARKS } from "../demand-record/sample-kind.ts";
import { advanceTotals, createTotals } from "./totals.ts";

const stepMs = 5 * MINUTE_MS;

function start(vms: number) {
  const engine = createDemandEngine({ stepMs, floors: new Float64Array(vms).fill(1e-3) });
  const members = [Array.from({ length: vms }, (_, vm) => vm)];
  const totals = createTotals({ stepMs, members, floors: Float64Array.of(1e-3) });
  const [ofParts, ofTotal] = [new Float64Array(vms * LEVEL_COUNT), new Float64Array(LEVEL_COUNT)];
  return {
    totals,
    see(demand: Float64Array, marks = new Uint8Array(vms)) {
      advance(engine, { demand, marks }, ofParts);
      advanceTotals(totals, engine, ofTotal);
      return { ofParts, ofTotal };
    },
    seen: (back: number) => readDemand(totals.engine.history, 0, totals.engine.tick - back),
  };
}

test("a sum knows what a machine wanted that sent nothing, and wants nothing that is off", () => {
  const { see, seen } = start(3);
  const gap = Number.NaN;
  see(Float64Array.of(gap, gap, gap));
  see(Float64Array.of(1, 2, gap));
  see(Float64Array.of(1, gap, 4));
  expect([seen(1), seen(2)]).toEqual([7, 3]);
  see(Float64Array.of(1, 2, 4), Uint8Array.of(0, MARKS.off, MARKS.excluded));
  expect(seen(1)).toBe(5);
});

test("machines that burst together need more than such that burst in turn, though each looks the same", () => {
  const vms = 8;
  const highest = (together: boolean) => {
    const { see } = start(vms);
    const random = seededRandom(3);
    let top = 0;
    for (let tick = 0; tick < 3 * 288; tick++) {
      const joint = random.next() < 0.05;
      const demand = Float64Array.from({ length: vms }, () => ((together ? joint : random.next() < 0.05) ? 10 : 1));
      top = see(demand).ofTotal[levelIndex(0.975)] ?? 0;
    }
    return top;
  };
  expect(highest(true)).toBeGreaterThan(60);
  expect(highest(false)).toBeLessThan(45);
});
