import { expect, test } from "vitest";
import type { ContestGround } from "../model/model-lineage.ts";
import { contestRecord, notFought } from "./contest-record.ts";

const LATER: ContestGround = { kind: "later", from: "2026-03-01T00:00:00.000Z", to: "2026-03-08T00:00:00.000Z" };

/** The challenger's losses are `factor` times those of its opponent, the seasonal naive's twice as large. */
const seriesOf = (factor: number, hasChampion: boolean) =>
  [0.01, 0.02, 0.03, 0.04, 0.05, 0.06].map((loss) => ({
    losses: hasChampion ? [factor * loss, loss, 2 * loss] : [factor * loss, loss],
    windows: 10,
  }));
const against = (factor: number, ground = LATER) =>
  contestRecord({ champion: "0123456789ab", ground, series: seriesOf(factor, true) });

test("who loses clearly less is promoted, and the record says by how much, on what, and against whom", () => {
  expect(against(0.9)).toEqual({
    kind: "fought",
    opponent: "0123456789ab",
    ground: LATER,
    series: 6,
    windows: 60,
    losses: {
      challenger: expect.closeTo(0.0315, 12),
      opponent: expect.closeTo(0.035, 12),
      seasonalNaive: expect.closeTo(0.07, 12),
    },
    ratio: expect.closeTo(0.9, 12),
    ratioLow: expect.closeTo(0.9, 12),
    ratioHigh: expect.closeTo(0.9, 12),
    margin: 0.005,
    isPromoted: true,
    reason:
      "Its loss is 10.0 % lower than that of 0123456789ab, with other series 10.0 % lower to 10.0 % lower. It serves from now on.",
  });
});

test("the first model has to beat the seasonal naive", () => {
  const first = contestRecord({ champion: undefined, ground: LATER, series: seriesOf(0.8, false) });
  expect(first).toMatchObject({ opponent: "seasonal-naive", isPromoted: true });
  expect(first).toMatchObject({
    losses: { opponent: expect.closeTo(0.035, 12), seasonalNaive: expect.closeTo(0.035, 12) },
  });
  const worse = contestRecord({ champion: undefined, ground: LATER, series: seriesOf(1.2, false) });
  expect(worse).toMatchObject({ isPromoted: false });
  expect(worse.reason).toBe(
    "Its loss is 20.0 % higher than that of the seasonal naive, with other series 20.0 % higher to 20.0 % higher. It does not serve.",
  );
});

test("what is not worth a change, and what may be chance, is said", () => {
  expect(against(0.998)).toMatchObject({ isPromoted: false, reason: expect.stringContaining("not worth a change") });
  const uneven = [0.2, 1.1, 1.1, 1.1, 1.1].map((challenger) => ({ losses: [challenger, 1, 2], windows: 1 }));
  const chance = contestRecord({ champion: "0123456789ab", ground: LATER, series: uneven });
  expect(chance).toMatchObject({ isPromoted: false, reason: expect.stringContaining("may be chance") });
});

test("a comparison on demand that was learned from says so", () => {
  expect(against(0.9, { ...LATER, kind: "validation" }).reason).toContain(
    "no demand later than what they learned from",
  );
});

test("without series there is no contest and no promotion", () => {
  expect(contestRecord({ champion: undefined, ground: LATER, series: [] })).toMatchObject({
    kind: "not-fought",
    isPromoted: false,
  });
  expect(notFought("Because.")).toEqual({ kind: "not-fought", isPromoted: false, reason: "Because." });
});
