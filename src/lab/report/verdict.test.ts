import { expect, test } from "vitest";
import type { PolicyScore } from "../../model/scorecard.ts";
import { aResourceScore, aScorecard } from "./scorecard.arbitrary.ts";
import { comparedShare, neededBy, shownPoint } from "./verdict.ts";

test("policies are compared at the target nearest to what the service level leaves", () => {
  expect([0.99, 0.995, 0.999, 0.9].map((serviceLevel) => comparedShare(aScorecard({ serviceLevel })))).toEqual([
    0.01, 0.005, 0.005, 0.01,
  ]);
});

test("fixed sizes are shown at their full size, the bound at its safest, others where they come nearest", () => {
  const cpu = aResourceScore("cpu");
  const named = (name: string) => ({ name, policy: cpu.policies[name] as PolicyScore, score: cpu, target: 0.01 });
  expect(shownPoint(named("static"))?.knob).toBe(1);
  expect(neededBy(named("static"))).toBeCloseTo(20.5);
  expect(cpu.policies["oracle"]?.at["0.01"]).toBeNull();
  expect(neededBy(named("oracle"))).toBe(1.004);
  expect(neededBy(named("reactive"))).toBeNull();
  const nearest = shownPoint(named("vpa"))?.violations ?? 0;
  for (const { violations } of cpu.policies["vpa"]?.frontier ?? [])
    expect(Math.abs(Math.log(nearest / 0.01))).toBeLessThanOrEqual(Math.abs(Math.log(violations / 0.01)));
});
