import { expect, test } from "vitest";
import { COVARIATE_COUNT } from "../../forecast/window-covariates.ts";
import type { WorkloadClass } from "../../model/fleet.ts";
import { COVARIATE_NAMES } from "../../signals/covariates.ts";
import { NOTHING_DECLARED } from "../ports.ts";
import { layoutOf, START, STEADY_PROFILE, vmId } from "../small-cell.arbitrary.ts";
import { campaign } from "./announced-world.arbitrary.ts";
import { profileCovariates } from "./profile-covariates.ts";

const vm = { host: 0, base: 0.1, ceiling: 0.5 };
const layout = layoutOf({ capacities: [1], vms: [vm, vm, vm] });
const guess = (workloadClass: WorkloadClass | "unknown") =>
  ({ at: START, workloadClass, classConfidence: 0.4, pattern: "daily", patternConfidence: 0.4 }) as const;

/** What is told of the next tick of a series: names of what is not zero. */
function toldOf(series: number, profiles = new Map([[vmId(0), STEADY_PROFILE]])) {
  const declared = { ...NOTHING_DECLARED, profiles, events: [campaign({ days: 0, hours: 5 }, { declaredUplift: 2 })] };
  const signals = { declared, guesses: [guess("web"), guess("cache"), guess("unknown")] };
  const write = profileCovariates(signals, { layout, at: START })(series);
  if (write === undefined) return undefined;
  const values = new Float32Array(COVARIATE_COUNT);
  write({ from: 0, ticks: 1 }, { values, at: 0, scale: 1 });
  return COVARIATE_NAMES.filter((_, index) => values[index] !== 0);
}

test("a profile is told by what it declares of the resource, with the class that usage shows", () => {
  expect(toldOf(0)).toEqual(["profile-declared", "profile-typical", "profile-peak", "class-web"]);
  expect(toldOf(1)).toEqual(["class-web"]);
});

test("a declared class goes before what usage shows", () => {
  expect(toldOf(1, new Map([[vmId(0), { ...STEADY_PROFILE, workloadClass: "batch" }]]))).toEqual(["class-batch"]);
});

test("of a VM without a profile what it seems to be is told, of one of which nothing is known nothing", () => {
  expect(toldOf(4)).toEqual(["class-cache"]);
  expect(toldOf(8)).toBeUndefined();
});
