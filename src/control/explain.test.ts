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

test("whatever is recorded is said in one plain sentence, with its numbers", () => {
  const amounts = { resource: "cpu" as const, has: 2, wished: 3 };
  const spoken: readonly [DecisionRecord, string][] = [
    [
      { ...head, kind: "refused", ...amounts, why: "Hands off: Black Friday." },
      "Left vm-7 at 2.0 cores and not 3.0 cores.",
    ],
    [
      { ...head, kind: "relief", resource: "cpu", from: 2, to: 4, why: "x" },
      "Raised vm-7 at once from 2.0 cores to 4.0",
    ],
    [{ ...head, kind: "relief", resource: "cpu", from: 2, to: 2, why: "x" }, "Gave vm-7 nothing more than 2.0 cores"],
    [
      { ...head, kind: "drift", resource: "cpu", expected: 2, found: 6, until: START },
      "Somebody set vm-7 to 6.0 cores",
    ],
    [
      { ...head, kind: "overdue", resource: "cpu", asked: 2, has: 6, ticks: 3 },
      "vm-7 has 6.0 cores; for 3 ticks it was to",
    ],
    [
      { ...head, kind: "cut", resource: "cpu", plan: "standard", asked: 8, granted: 5, level: 0.9 },
      "host-1 lent VMs of plan standard 5.0 cores instead of 8.0 cores.",
    ],
    [
      { ...head, kind: "budget-spent", resource: "cpu", wishes: 9, budget: 4 },
      "9 VMs of host-1 wished for a change of cpu, 4 got it.",
    ],
    [{ at: START, kind: "handed-back", vm: head.vm }, "vm-7 is shaped again."],
    [{ at: START, kind: "command-refused", command: "set-terms", why: "No." }, "Did not obey set-terms."],
  ];
  for (const [record, sentence] of spoken) expect(plain(record)).toContain(sentence);
});
