import fc from "fast-check";
import { expect, test } from "vitest";
import { vectorOf } from "../model/resources.arbitrary.ts";
import { DEMAND_FLOORS, RESOURCES, resourceVector } from "../model/resources.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { adviceSentence, adviseCapacity, type CapacityOutlook } from "./capacity-advice.ts";
import { even } from "./shadow-vms.arbitrary.ts";

const MIDNIGHT = Date.UTC(2026, 2, 9);
const hourAt = (hour: number) => instant(MIDNIGHT + hour * HOUR_MS);

const anyOutlook: fc.Arbitrary<CapacityOutlook> = fc
  .array(vectorOf(fc.integer({ min: 0, max: 3 }).map((step) => step * 1e9)), { maxLength: 24 })
  .map((wanted) => ({
    name: "cell-3",
    capacity: even(1.5e9),
    hours: wanted.map((each, hour) => ({ startsAt: hourAt(hour), wanted: each })),
    level: 0.95,
  }));

test("an hour is in an advice exactly when it is short, and the advice says by how much at most", () => {
  fc.assert(
    fc.property(anyOutlook, (outlook) => {
      const advice = adviseCapacity(outlook);
      const starts = advice.map(({ from }) => from);
      expect(starts).toEqual([...starts].sort((a, b) => a - b));
      const cases = RESOURCES.flatMap((resource) => outlook.hours.map((hour) => ({ resource, ...hour })));
      for (const { resource, startsAt, wanted } of cases) {
        const short = wanted[resource] - outlook.capacity[resource];
        const saying = advice.filter(
          (each) => each.resource === resource && each.from <= startsAt && startsAt < each.to,
        );
        expect(saying.length).toBe(short > DEMAND_FLOORS[resource] ? 1 : 0);
        expect(saying.every((each) => each.short >= short)).toBe(true);
      }
    }),
    { seed: 1 },
  );
});

test("hours apart are not joined, and an hour nothing is known of is not called short", () => {
  const short = resourceVector({ cpu: 5, memory: 0, network: 0, storage: 0 });
  const outlook = { name: "host-1", capacity: even(1), level: 0.95 };
  const at = (...hours: readonly number[]) => hours.map((hour) => ({ startsAt: hourAt(hour), wanted: short }));
  expect(adviseCapacity({ ...outlook, hours: at(9, 10, 12) }).map(({ from, to }) => [from, to])).toEqual([
    [hourAt(9), hourAt(11)],
    [hourAt(12), hourAt(13)],
  ]);
  const unknown = { startsAt: hourAt(9), wanted: { ...short, cpu: Number.NaN as typeof short.cpu } };
  expect(adviseCapacity({ ...outlook, hours: [unknown] })).toEqual([]);
});

test("a sentence that people understand, in their own time", () => {
  const advice = { name: "cell-3", resource: "cpu", short: 40, level: 0.95 } as const;
  const say = (from: number, to: number, utcOffsetMinutes = 0) =>
    adviceSentence({ ...advice, from: hourAt(from), to: hourAt(to) }, { now: hourAt(15), utcOffsetMinutes });
  expect(say(33, 35)).toBe("cell-3 will be short of 40\u00a0cores tomorrow 09:00-11:00.");
  expect(say(16, 17)).toBe("cell-3 will be short of 40\u00a0cores today 16:00-17:00.");
  expect(say(22, 24)).toBe("cell-3 will be short of 40\u00a0cores today 22:00-24:00.");
  expect(say(23, 26)).toBe("cell-3 will be short of 40\u00a0cores from today 23:00 to tomorrow 02:00.");
  expect(say(23, 24, 120)).toBe("cell-3 will be short of 40\u00a0cores tomorrow 01:00-02:00.");
  const network = { ...advice, resource: "network", short: 40e6, from: hourAt(33), to: hourAt(34) } as const;
  expect(adviceSentence(network, { now: hourAt(15), utcOffsetMinutes: 0 })).toBe(
    "cell-3 will be short of 40\u00a0MB/s of network tomorrow 09:00-10:00.",
  );
});
