import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY, fedEngine, HOUR, pinballLoss, sumOf } from "./fed-engine.arbitrary.ts";

const RESIZED_AT = 9 * DAY;

/** Loss of each tick of a VM that wants `factor` times as much from day 9 on, when its size changes with it or not. */
function lossesOf(factor: number, given: { told: boolean }): number[] {
  const { see } = fedEngine();
  const random = seededRandom(5);
  let row: number[] = [];
  return Array.from({ length: 11 * DAY }, (_, tick) => {
    const isAfter = tick >= RESIZED_AT;
    const usual = 1.2 + Math.sin((2 * Math.PI * tick) / DAY) + 0.3 * random.next();
    const demand = isAfter ? factor * usual : usual;
    const loss = pinballLoss(row, demand);
    row = see({ demand, size: isAfter && given.told ? 8 * factor : 8 });
    return loss;
  });
}

test.each([0.3, 0.6, 2, 4])(
  "resized to %f times its size: who was right lately decides again within hours",
  (factor) => {
    const [told, untold] = [lossesOf(factor, { told: true }), lossesOf(factor, { told: false })];
    const ratio = (from: number, to: number) =>
      sumOf(told.slice(RESIZED_AT + from, RESIZED_AT + to)) / sumOf(untold.slice(RESIZED_AT + from, RESIZED_AT + to));
    expect(ratio(1, 6 * HOUR)).toBeLessThan(0.8);
    expect(ratio(6 * HOUR, 2 * DAY)).toBeLessThan(1.05);
  },
);
