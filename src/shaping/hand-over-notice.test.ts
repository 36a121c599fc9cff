import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId, HostId, WorkloadId } from "../model/fleet.ts";
import { HAND_OVER_NOTICES, type HandOver, type HandOverId } from "../model/hand-over.ts";
import { wholeVector } from "../model/resources.arbitrary.ts";
import { fits } from "../model/resources.ts";
import { SHADOW_VM_STATES, type ShadowVmId } from "../model/shadow-vm.ts";
import { durationMs, instant } from "../model/time.ts";
import { MISSING, missingToAnnounce, noticeOf } from "./hand-over-notice.ts";
import { even } from "./shadow-vms.arbitrary.ts";

const handOver: HandOver = {
  id: "hand-over-1" as HandOverId,
  customer: "acme" as CustomerId,
  workload: "shop" as WorkloadId,
  shadowVm: "shadow-1" as ShadowVmId,
  host: "host-1" as HostId,
  state: "announced",
  since: instant(0),
};
const address = { host: "10.0.0.7", port: 8080 };
const fine = {
  shadowVm: "handed-over",
  allocation: even(4),
  answers: true,
  address,
  optedIn: true,
} as const;

test("nothing is missing when all is there; each thing that is missing is named", () => {
  expect(missingToAnnounce(fine, even(4))).toEqual([]);
  expect(missingToAnnounce({ ...fine, optedIn: false }, even(4))).toEqual(["consent"]);
  expect(missingToAnnounce({ ...fine, answers: false }, even(4))).toEqual(["readiness"]);
  const { address: _, ...nowhere } = fine;
  expect(missingToAnnounce(nowhere, even(4))).toEqual(["address"]);
  for (const shadowVm of SHADOW_VM_STATES)
    expect(missingToAnnounce({ ...fine, shadowVm }, even(4))).toEqual(shadowVm === "handed-over" ? [] : ["machine"]);
});

test("where all is missing, all is named, each with a sentence", () => {
  const nothing = { ...fine, shadowVm: "booting", answers: false, optedIn: false } as const;
  const { address: _, ...nowhere } = nothing;
  const missing = missingToAnnounce(nowhere, even(5));
  expect(missing).toEqual(Object.keys(MISSING));
  expect(missing.every((each) => MISSING[each].endsWith("."))).toBe(true);
});

test("the size counts as it is seen, in every resource", () => {
  fc.assert(
    fc.property(wholeVector, wholeVector, (allocation, promised) => {
      const expected = fits(promised, allocation) ? [] : ["size"];
      expect(missingToAnnounce({ ...fine, allocation }, promised)).toEqual(expected);
    }),
    { seed: 1 },
  );
});

test("a repeat is the same notice, and each kind has its own key; only leaving has an end", () => {
  const told = { at: instant(1000), replica: address, capacity: even(4), drainMs: durationMs(500) };
  const notices = HAND_OVER_NOTICES.map((kind) => noticeOf(handOver, { ...told, kind }));
  expect(notices).toEqual(HAND_OVER_NOTICES.map((kind) => noticeOf(handOver, { ...told, kind })));
  expect(new Set(notices.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(HAND_OVER_NOTICES.length);
  expect(notices.map(({ drainBy }) => drainBy)).toEqual([undefined, 1500, undefined]);
});
