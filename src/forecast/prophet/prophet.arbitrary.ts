// Any series that Prophet may be asked about: trends that bend, seasons, events, noise of every size, and the odd gap.
import fc from "fast-check";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, HOUR_MS } from "../../model/time.ts";
import { TREND_SETTING } from "./build-design.ts";
import type { Moments, Term } from "./terms.ts";

export interface AnySeries {
  readonly moments: Moments;
  readonly values: Float64Array;
  readonly terms: readonly Term[];
  readonly trend: typeof TREND_SETTING;
}

/** A Monday. */
export const START_MS = Date.UTC(2026, 0, 5);

export const anySeries = fc
  .record({
    seed: fc.nat(),
    rows: fc.constantFrom(90, 200, 336, 672),
    stepMs: fc.constantFrom(HOUR_MS, 3 * HOUR_MS),
    noise: fc.constantFrom(0.01, 0.05, 0.3),
    gap: fc.constantFrom(0, 0.1, 0.3),
    changepointPriorScale: fc.constantFrom(0.005, 0.05, 0.5),
    priorScale: fc.constantFrom(0.1, 10),
    order: fc.constantFrom(1, 4),
  })
  .map((choice): AnySeries => {
    const random = seededRandom(choice.seed);
    const { order, priorScale, stepMs } = choice;
    const instants = Float64Array.from({ length: choice.rows }, (_, row) => START_MS + row * stepMs).filter(
      (_, row) => row === 0 || random.next() >= choice.gap,
    );
    const shared = { mode: "additive", priorScale } as const;
    const spans = [5, 12, 40].map((row) => ({
      startMs: START_MS + row * stepMs,
      endMs: START_MS + (row + 3) * stepMs,
      weight: 1,
    }));
    const terms: Term[] = [
      { kind: "season", name: "daily", periodMs: DAY_MS, order, ...shared },
      { kind: "event", name: "campaign/sale", spans, ...shared },
    ];
    const values = bentLine(random, instants.length).map((level, row) => {
      const turn = (2 * Math.PI * ((instants[row] as number) - START_MS)) / DAY_MS;
      return level + 0.3 * Math.sin(turn) + 0.1 * Math.cos(2 * turn) + choice.noise * random.normal();
    });
    const trend = { ...TREND_SETTING, changepointPriorScale: choice.changepointPriorScale };
    return { moments: { instants, tickMs: 0 }, values, terms, trend };
  });

function bentLine(random: SeededRandom, rows: number): Float64Array {
  let [level, slope] = [1 + random.normal(), random.normal() / rows];
  return Float64Array.from({ length: rows }, () => {
    if (random.next() < 4 / rows) slope = (2 * random.normal()) / rows;
    level += slope;
    return level;
  });
}
