import { expect, test } from "vitest";
import { LEVEL_COUNT } from "../model/forecast.ts";
import { profilePriors } from "./profile-priors.ts";
import { layoutOf, START, STEADY_PROFILE, vmId } from "./small-cell.arbitrary.ts";

const vm = { host: 0, base: 0.1, ceiling: 0.5 };
const layout = layoutOf({ capacities: [1], vms: [vm, vm] });

const priorsAfter = (hours: number) =>
  profilePriors({ layout, profiles: new Map([[vmId(1), STEADY_PROFILE]]), origin: START, hoursOf: () => hours });

test("only what was declared of a VM is a prior, by the weight of its hours", () => {
  const prior = priorsAfter(7);
  const rows = Array.from({ length: 8 }, (_, series) => prior?.quantiles[series * LEVEL_COUNT + 3]);
  expect(rows).toEqual([...new Array(4).fill(Number.NaN), expect.closeTo(1, 9), ...new Array(3).fill(Number.NaN)]);
  expect(prior?.weights[4]).toBeCloseTo(0.7, 2);
});

test("once a week was seen a declaration is not asked any more", () => {
  expect(priorsAfter(167.9)?.weights[4]).toBeGreaterThan(0);
  expect(priorsAfter(168)?.quantiles.every(Number.isNaN)).toBe(true);
});

test("without profiles there is no prior", () => {
  expect(profilePriors({ layout, profiles: new Map(), origin: START, hoursOf: () => 0 })).toBeUndefined();
});
