import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant } from "../model/time.ts";
import { parseDeclarations } from "./parse-declarations.ts";
import { MONDAY } from "./signals.arbitrary.ts";

const parse = (value: unknown) => parseDeclarations(value, { where: "declared.json", receivedAt: MONDAY });
const messageOf = (value: unknown) => {
  const parsed = parse(value);
  return parsed.ok ? "fine" : parsed.error.message;
};

const PROFILE = { workloadClass: "web", demand: { cpu: { typical: 1, peak: 2 } } };
const EVENT = { name: "Spring sale", start: "2026-03-10T08:00:00Z", end: "2026-03-10T20:00:00Z", declaredUplift: 1.5 };

test("profiles, events and ranges become what a cell is told", () => {
  const parsed = parse({
    profiles: [{ vms: ["web-1", "web-2"], profile: PROFILE }],
    events: [EVENT],
    doNotLearn: [{ start: "2026-03-04", end: "2026-03-05", vms: ["web-1"], reason: "load test" }],
  });
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { profiles, events, doNotLearn } = parsed.value;
  expect([...profiles.keys()]).toEqual(["web-1", "web-2"]);
  expect([...profiles.values()].map(({ declaredAt }) => declaredAt)).toEqual([MONDAY, MONDAY]);
  expect(events.map(({ name, announced, declaredUplift }) => [name, announced, declaredUplift])).toEqual([
    ["Spring sale", 0, 1.5],
  ]);
  const [start, end] = [Date.UTC(2026, 2, 4), Date.UTC(2026, 2, 5)].map(instant);
  expect(doNotLearn).toEqual([{ start, end, vms: ["web-1"], reason: "load test" }]);
});

test("nothing declared is fine", () => {
  expect(parse({})).toEqual({ ok: true, value: { profiles: new Map(), events: [], doNotLearn: [] } });
});

describe("a fault is named by its path", () => {
  test.each([
    ["declared.json", []],
    ["declared.json", { profile: [] }],
    ["declared.json.profiles", { profiles: {} }],
    ["declared.json.profiles[0].vms", { profiles: [{ profile: PROFILE }] }],
    ["declared.json.profiles[0].vms", { profiles: [{ vms: ["a b"], profile: PROFILE }] }],
    [
      "declared.json.profiles[1].vms",
      {
        profiles: [
          { vms: ["a"], profile: {} },
          { vms: ["a"], profile: {} },
        ],
      },
    ],
    ["declared.json.profiles[0].profile", { profiles: [{ vms: ["a"] }] }],
    ["declared.json.profiles[0].profile.scaling", { profiles: [{ vms: ["a"], profile: { scaling: "sideways" } }] }],
    ["declared.json.profiles[0].profile.demand.cpu.peak", peakBelow()],
    ["declared.json.events", { events: "many" }],
    ["declared.json.events[0].start", { events: [{ ...EVENT, start: "tomorrow" }] }],
    [
      "declared.json.events[1].id",
      {
        events: [
          { ...EVENT, id: "a" },
          { ...EVENT, id: "a" },
        ],
      },
    ],
    ["declared.json.doNotLearn[0].end", { doNotLearn: [{ start: "2026-03-04", end: "2026-03-04" }] }],
    ["declared.json.doNotLearn[0].start", { doNotLearn: [{ end: "2026-03-04" }] }],
    ["declared.json.doNotLearn[0].vms", { doNotLearn: [{ start: "2026-03-04", end: "2026-03-05", vms: [] }] }],
  ])("%s", (path, value) => {
    expect(messageOf(value).startsWith(`${path}:`)).toBe(true);
  });
});

function peakBelow() {
  return { profiles: [{ vms: ["a"], profile: { demand: { cpu: { typical: 2, peak: 1 } } } }] };
}

test("whatever comes is taken whole or refused in a sentence", () => {
  const shaped = fc.record(
    {
      profiles: fc.oneof(fc.anything(), fc.array(fc.record({ vms: fc.anything(), profile: fc.anything() }))),
      events: fc.oneof(fc.anything(), fc.array(fc.record({ name: fc.anything(), start: fc.anything() }))),
      doNotLearn: fc.oneof(fc.anything(), fc.array(fc.record({ start: fc.anything(), end: fc.anything() }))),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.anything(), shaped), (value) => {
      const parsed = parse(value);
      if (!parsed.ok) expect(parsed.error.message).toMatch(/^declared\.json.*\.$/s);
    }),
    { seed: 1, numRuns: 500 },
  );
});
