import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HOURS_A_WEEK } from "../model/profile.ts";
import { RESOURCES } from "../model/resources.ts";
import { instant } from "../model/time.ts";
import { parseProfile } from "./parse-profile.ts";

const NOW = instant(Date.parse("2026-06-01T12:00:00Z"));
const ORIGIN = { where: "profile", receivedAt: NOW };

function parsed(value: unknown) {
  const profile = parseProfile(value, ORIGIN);
  if (!profile.ok) throw new Error(profile.error.message);
  return profile.value;
}

function messageOf(value: unknown) {
  const profile = parseProfile(value, ORIGIN);
  return profile.ok ? "it worked" : profile.error.message;
}

test("nothing at all is a profile that says nothing", () => {
  expect(parsed({})).toEqual({
    scaling: "vertical",
    utcOffsetMinutes: 0,
    demand: {},
    growthPerMonth: 0,
    declaredAt: NOW,
    plannedChanges: [],
  });
});

test("everything can be said", () => {
  const profile = parsed({
    workloadClass: "web",
    scaling: "horizontal",
    utcOffsetMinutes: 330,
    growthPerMonth: 0.05,
    declaredAt: "2026-01-01",
    demand: { cpu: { typical: 1, peak: 4 } },
    plannedChanges: [
      { at: "2026-09-01", factor: 2 },
      { at: "2026-08-01T00:00:00+02:00", factor: 0.5 },
    ],
  });
  expect(profile).toMatchObject({ workloadClass: "web", scaling: "horizontal", utcOffsetMinutes: 330 });
  expect(profile.declaredAt).toBe(Date.parse("2026-01-01"));
  expect(profile.plannedChanges.map(({ factor }) => factor)).toEqual([0.5, 2]);
});

describe("hours come in four forms", () => {
  const hoursOf = (typical: unknown, peak?: unknown) =>
    parsed({ demand: { memory: { typical, ...(peak === undefined ? {} : { peak }) } } }).demand.memory;
  const day = Array.from({ length: 24 }, (_, hour) => hour);

  test("one number", () => {
    expect([...(hoursOf(3)?.typical ?? [])]).toEqual(new Array(HOURS_A_WEEK).fill(3));
    expect([...(hoursOf(3)?.peak ?? [])]).toEqual(new Array(HOURS_A_WEEK).fill(3));
  });

  test("a day, a week", () => {
    expect([...(hoursOf(day)?.typical ?? [])]).toEqual(new Array(7).fill(day).flat());
    const week = Array.from({ length: HOURS_A_WEEK }, (_, hour) => hour);
    expect(
      [
        ...(hoursOf(
          day,
          week.map((hour) => hour + 24),
        )?.peak ?? []),
      ].slice(0, 3),
    ).toEqual([24, 25, 26]);
  });

  test("working days and weekends", () => {
    const typical = hoursOf({ weekday: day, weekend: new Array(24).fill(0) })?.typical;
    expect(typical?.[4 * 24 + 9]).toBe(9);
    expect(typical?.[5 * 24 + 9]).toBe(0);
  });
});

const demandOf = (cpu: unknown) => ({ demand: { cpu } });
const FORMS =
  "cores from 0 up: one number, 24 for a day, 168 for a week from Monday 00:00, or { weekday: 24, weekend: 24 }";

test.each([
  [null, "profile: expected an object with workloadClass, scaling"],
  [{ class: "web" }, 'profile: there is no field "class"; use workloadClass, scaling'],
  [{ workloadClass: "game" }, "profile.workloadClass: expected one of web, batch, database, cache, desktop, idle"],
  [{ scaling: "diagonal" }, "profile.scaling: expected one of vertical, horizontal, fixed"],
  [{ utcOffsetMinutes: 900 }, "profile.utcOffsetMinutes: expected minutes from -720 to 840, got 900."],
  [{ growthPerMonth: 5 }, "profile.growthPerMonth: expected a share (0.05 = 5 %) from -0.9 to 3, got 5."],
  [{ demand: { gpu: {} } }, 'profile.demand: there is no field "gpu"; use cpu, memory, network, storage'],
  [{ demand: { cpu: 3 } }, "profile.demand.cpu: expected an object with typical, peak, got 3."],
  [demandOf({ peak: 3 }), `profile.demand.cpu.typical: expected ${FORMS}, got nothing.`],
  [demandOf({ typical: [1, 2] }), `profile.demand.cpu.typical: expected ${FORMS}, got a list of 2.`],
  [demandOf({ typical: -1 }), `profile.demand.cpu.typical: expected ${FORMS}, got -1.`],
  [
    demandOf({ typical: new Array(24).fill("1") }),
    `profile.demand.cpu.typical: expected ${FORMS}; number 0 of the list is "1", got a list of 24.`,
  ],
  [demandOf({ typical: { weekday: [1], weekend: [1] } }), "got an object."],
  [
    demandOf({ typical: 2, peak: 1 }),
    "profile.demand.cpu.peak: expected at least the typical demand, which is 2 in hour 0 of the week, got 1.",
  ],
  [{ plannedChanges: [{ at: "2026-01-01", factor: 1 }, { factor: 1 }] }, "profile.plannedChanges[1].at: expected when"],
  [{ plannedChanges: [{ at: "soon", factor: 1 }] }, "profile.plannedChanges[0].at: expected a time such as"],
  [
    { plannedChanges: [{ at: "2026-01-01" }] },
    "profile.plannedChanges[0].factor: expected what demand is multiplied with",
  ],
  [{ plannedChanges: {} }, "profile.plannedChanges: expected a list of at most 100, got an object."],
  [{ plannedChanges: [7] }, "profile.plannedChanges[0]: expected an object with at, factor, got 7."],
])("what is wrong is said with its field (%#)", (value, message) => {
  expect(messageOf(value)).toContain(message);
});

test("garbage is refused in a short sentence, and never throws", () => {
  const hours = fc.oneof(
    fc.anything(),
    fc.double({ min: 0, max: 10 }),
    fc.array(fc.double({ min: 0, max: 10 }), { minLength: 24, maxLength: 24 }),
  );
  const demand = fc.dictionary(fc.constantFrom(...RESOURCES, "gpu"), fc.record({ typical: hours, peak: hours }));
  const fields = { workloadClass: fc.anything(), demand, growthPerMonth: fc.anything(), plannedChanges: fc.anything() };
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.record(fields, { requiredKeys: [] })), (value) => {
      const profile = parseProfile(value, ORIGIN);
      if (!profile.ok) expect(profile.error.message.length).toBeLessThan(350);
      const demand = profile.ok ? profile.value.demand : {};
      for (const { typical, peak } of Object.values(demand))
        expect(typical.every((level, hour) => level >= 0 && level <= (peak[hour] as number))).toBe(true);
    }),
    { seed: 1, numRuns: 2000 },
  );
});
