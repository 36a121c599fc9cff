import { expect, test } from "vitest";
import { HOUR_MS, instant, MINUTE_MS } from "../model/time.ts";
import { createPoolMemory, hoursAhead, rememberWanted } from "./pool-memory.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
const at = (hours: number, minutes = 0) => instant(START + hours * HOUR_MS + minutes * MINUTE_MS);
const wanted = (cpu: number) => Float64Array.of(cpu, 0, 0, 0);

test("the hours to come are those of a day ago, and the one that is now is never less than what was wanted in it", () => {
  const pool = createPoolMemory(layout);
  for (let hour = 0; hour < 24; hour++) {
    rememberWanted(pool, wanted(hour + 1), at(hour));
    rememberWanted(pool, wanted(0), at(hour, 30));
  }
  expect(rememberWanted(pool, wanted(0.5), at(24))).toBe(true);
  expect(rememberWanted(pool, wanted(7), at(24, 5))).toBe(false);
  const hours = hoursAhead(pool, 0);
  expect(hours.map(({ startsAt }) => startsAt)).toEqual(Array.from({ length: 24 }, (_, ahead) => at(24 + ahead)));
  expect(hours.map(({ buffer }) => buffer.cpu)).toEqual([7, ...Array.from({ length: 23 }, (_, hour) => hour + 2)]);
});

test("an hour that wants less than a day ago is remembered as it is from then on", () => {
  const pool = createPoolMemory(layout);
  rememberWanted(pool, wanted(9), at(0));
  for (let hour = 1; hour < 24; hour++) rememberWanted(pool, wanted(0), at(hour));
  rememberWanted(pool, wanted(1), at(24));
  expect(hoursAhead(pool, 0)[0]?.buffer.cpu).toBe(9);
  rememberWanted(pool, wanted(0), at(25));
  for (let hour = 26; hour <= 48; hour++) rememberWanted(pool, wanted(0), at(hour));
  expect(hoursAhead(pool, 0)[0]?.buffer.cpu).toBe(1);
});
