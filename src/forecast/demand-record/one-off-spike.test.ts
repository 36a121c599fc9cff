import { expect, test } from "vitest";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY, fedEngine, HOUR, pinballLoss, sumOf } from "./fed-engine.arbitrary.ts";

const SPIKE_AT = 8 * DAY + 100;
const LOWER = QUANTILE_LEVELS.filter((level) => level <= 0.9);

const shapes: Readonly<Record<string, (tick: number, noise: number) => number>> = {
  calm: (_, noise) => 1 + 0.2 * noise,
  daily: (tick, noise) => 1 + 0.5 * Math.sin((2 * Math.PI * tick) / DAY) + 0.2 * noise,
};

/** Loss of each tick at the lower levels, with a spike to `height` of `width` ticks (0: none) after eight days. */
function lossesOf(shape: string, { height, width }: { height: number; width: number }): number[] {
  const { see } = fedEngine();
  const random = seededRandom(5);
  let row: number[] = [];
  return Array.from({ length: 16 * DAY }, (_, tick) => {
    const usual = shapes[shape]?.(tick, random.next()) ?? Number.NaN;
    const isSpike = tick >= SPIKE_AT && tick < SPIKE_AT + width;
    const loss = pinballLoss(row, usual, LOWER);
    row = see({ demand: isSpike ? height : usual });
    return loss;
  });
}

const cases = Object.keys(shapes).flatMap((shape) =>
  [30, 1000].flatMap((height) => [1, 3].map((width) => [shape, height, width] as const)),
);

test.each(cases)("%s demand, a spike of %i times the usual over %i ticks: an hour later it is over", (...given) => {
  const [shape, height, width] = given;
  const spiked = lossesOf(shape, { height, width });
  const calm = lossesOf(shape, { height: 0, width: 0 });
  const worse = (from: number, to: number) => {
    const part = [SPIKE_AT + width + from, SPIKE_AT + width + to] as const;
    return sumOf(spiked.slice(...part)) / sumOf(calm.slice(...part));
  };
  // The first ticks after it, and the same minute a day later, may well expect it again.
  expect(worse(HOUR, 2 * HOUR)).toBeLessThan(2.5);
  expect(worse(2 * HOUR, DAY - HOUR)).toBeLessThan(1.15);
  expect(worse(DAY + HOUR, 7 * DAY - HOUR)).toBeLessThan(1.1);
  expect(worse(7 * DAY, 7.5 * DAY)).toBeLessThan(1.15);
});

test("it stands in the record and in the scale of the largest, and the unit is set by what is usual", () => {
  const { engine, see } = fedEngine();
  for (let tick = 0; tick < 2 * DAY; tick++) see({ demand: tick === DAY + 50 ? 500 : 1 });
  expect([engine.largest[0], engine.scales[0]]).toEqual([500, 10]);
});
