import { expect, test } from "vitest";
import type { DecisionRecord } from "../model/decision.ts";
import type { VmId } from "../model/fleet.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { explain } from "./explain.ts";
import { hostId, START } from "./small-cell.arbitrary.ts";

const head = { at: START, host: hostId(1), vm: "vm-7" as VmId };
const lease = { ...head, resource: "cpu" as const, level: 0.95, likely: 1.5, base: 1, short: false };
const plain = (record: DecisionRecord) => {
  const { sentence, reason } = explain(record);
  return `${sentence} ${reason}`.replaceAll("\u00a0", " ");
};

test("a raise says how much, how likely, and when the host had less room", () => {
  const told = plain({ ...lease, kind: "raise", from: 1, to: 3, short: true });
  expect(told).toMatch(/^Raised vm-7 from 1\.0 core to 3\.0 cores\. /);
  expect(told).toContain("Likely demand 1.5 cores, lent so that 1 in 20 is above, base 1.0 core");
  expect(told).toContain("host-1 had less room than was asked for");
});

test("a trim says what was taken back", () => {
  expect(plain({ ...lease, kind: "trim", from: 3, to: 1 })).toMatch(/^Took 2\.0 cores back from vm-7\./);
});

test("a buffer says what for", () => {
  const buffer = {
    at: START,
    host: hostId(1),
    resource: "cpu" as const,
    from: 1,
    to: 2,
    expectedExcess: 0.5,
    level: 0.99,
  };
  expect(plain({ ...buffer, kind: "buffer" })).toBe(
    "host-1 holds 2.0 cores ready, up from 1.0 core. Its VMs are expected to need 0.5 cores beyond their leases; the buffer holds unless 1 in 100 comes.",
  );
});

test("a shortfall says who went short of how much", () => {
  const short = { at: START, host: hostId(1), resource: "cpu" as const, excess: 3, buffer: 1, vmsAbove: 1 };
  expect(plain({ ...short, kind: "went-short" })).toBe(
    "host-1 was short of 2.0 cores. 1 VM wanted 3.0 cores beyond what was lent; the buffer held 1.0 core.",
  );
});

test("every kind has a sentence and a reason", () => {
  const shadow = { at: START, host: hostId(1), kind: "shadow-vm" as const, shadowVm: "shadow-3" as ShadowVmId };
  for (const record of [
    { ...shadow, change: "boot" as const },
    { ...shadow, change: "retire" as const },
    { ...head, kind: "held" as const },
  ]) {
    expect(explain(record).sentence).toMatch(/\.$/);
    expect(explain(record).reason).toMatch(/\.$/);
  }
});
