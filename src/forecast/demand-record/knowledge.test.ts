import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../../model/forecast.ts";
import { DAY, type FedTick, fedEngine, HOUR } from "./fed-engine.arbitrary.ts";
import { knowledgeOf } from "./knowledge.ts";
import { MARKS } from "./sample-kind.ts";

const gap = Number.NaN;
const prior = (weight: number) => ({ row: new Array<number>(LEVEL_COUNT).fill(2), weight });

/** What is known after `ticks`, each given as often as it says. */
function knownAfter(...ticks: readonly (FedTick & { times?: number })[]) {
  const { engine, see } = fedEngine();
  for (const { times = 1, ...tick } of ticks) for (let again = 0; again < times; again++) see(tick);
  return knowledgeOf(engine, 0);
}

test("seven hours with a profile, as the sentence says it", () => {
  const sound = { demand: 1, prior: prior(0.7) };
  const known = knownAfter({ ...sound, times: 40 }, { demand: gap, times: 3 }, { demand: -1 }, { ...sound, times: 44 });
  expect(known.sentence).toBe(
    "7 h of history: profile prior 70 %, statistics 30 %; 3 samples missing, 1 absurd left out.",
  );
  expect(known).toMatchObject({ hours: 7, lastSample: { kind: "ok", hours: 44 / 12 }, hoursSinceLearned: 0 });
  expect(known.parts.prior + known.parts.statistics + known.parts.network).toBeCloseTo(1, 12);
  expect(known.counts).toMatchObject({ ok: 84, missing: 3, absurd: 1, censored: 0, late: 0 });
});

test("before the first sample", () => {
  expect(knownAfter().sentence).toBe("No history yet: nothing can be said.");
  expect(knownAfter({ demand: gap, times: 9 }).sentence).toBe("No history yet: nothing can be said.");
  const declared = knownAfter({ demand: gap, prior: prior(1) });
  expect(declared.sentence).toBe("No history yet: profile prior 100 %.");
  expect(declared.hoursSinceLearned).toBeUndefined();
});

test("off, paused, silent and resized are told with how long", () => {
  const day = { demand: 1, size: 4, times: 3 * DAY };
  const told = (...ticks: readonly (FedTick & { times?: number })[]) => knownAfter(day, ...ticks).sentence;
  const start = "3 days of history: statistics 100 %";
  expect(told()).toBe(`${start}.`);
  expect(told({ demand: 0, marks: MARKS.off, times: 5 * HOUR })).toBe(`${start}; off for 5 h.`);
  expect(told({ demand: 5, marks: MARKS.excluded, times: 6 })).toBe(
    `${start}; 6 excluded from learning; learning paused for 30 min.`,
  );
  expect(told({ demand: gap, times: 5 })).toBe(`${start}; 5 samples missing; no usable sample for 25 min.`);
  expect(told({ demand: 1, size: 8, times: 3 * HOUR + 1 })).toBe(`${start}; resized 3 h ago.`);
  expect(told({ demand: 1, size: 8, times: 8 * DAY })).toBe("11 days of history: statistics 100 %.");
});

test("every kind of repair is counted and told", () => {
  const known = knownAfter(
    { demand: 1, times: 2 * DAY },
    { demand: gap },
    {
      demand: 1,
      late: [
        { ticksAgo: 1, demand: 1 },
        { ticksAgo: 2 * DAY, demand: 1 },
      ],
    },
    { demand: 2, marks: MARKS.atLeast },
    { demand: 1, marks: MARKS.repeated },
  );
  expect(known.sentence).toBe(
    "2 days of history: statistics 100 %; 1 sample missing, 1 came late, 1 too late to use, 1 sent twice, " +
      '1 at its limit, counted as "at least".',
  );
});
