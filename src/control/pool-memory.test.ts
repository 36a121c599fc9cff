import { expect, test } from "vitest";
import { HOUR_MS, instant, MINUTE_MS } from "../model/time.ts";
import { createPoolMemory, hoursAhead, rememberWanted } from "./pool-memory.ts";
import { layoutOf, START } from "./small-cell.arbitrary.ts";

const layout = layoutOf({ capacities: [1], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] });
const at = (hours: number, minutes = 0) => instant(START + hours * HOUR_MS + minutes * MINUTE_MS);
const wanted = (cpu: number) => Float64Array.of(cpu, 0, 0, 0);

test("hours begin with the forecast, and the one that is now is never less than what was wanted in it", () => {
  const pool = createPoolMemory(layout);
  expect(rememberWanted(pool, wanted(3), at(24))).toBe(true);
  expect(hoursAhead(pool, 0, at(24))).toEqual([{ startsAt: at(24), buffer: expect.objectContaining({ cpu: 3 }) }]);
  for (let hour = 0; hour < 24; hour++) pool.foreseen[hour] = hour + 1;
  pool.foreseenAt[0] = at(24);
  expect(rememberWanted(pool, wanted(7), at(24, 5))).toBe(false);
  const hours = hoursAhead(pool, 0, at(24, 5));
  expect(hours.map(({ startsAt }) => startsAt)).toEqual(Array.from({ length: 24 }, (_, ahead) => at(24 + ahead)));
  expect(hours.map(({ buffer }) => buffer.cpu)).toEqual([7, ...Array.from({ length: 23 }, (_, hour) => hour + 2)]);
});

test("hours that are over are left out, and what was wanted in them is forgotten", () => {
  const pool = createPoolMemory(layout);
  pool.foreseen.fill(1);
  pool.foreseenAt[0] = at(0, 30);
  rememberWanted(pool, wanted(9), at(0, 55));
  rememberWanted(pool, wanted(0), at(1, 35));
  const hours = hoursAhead(pool, 0, at(1, 35));
  expect(hours).toHaveLength(23);
  expect(hours[0]).toEqual({ startsAt: at(1, 30), buffer: expect.objectContaining({ cpu: 1 }) });
});
