import { expect, test } from "vitest";
import { LEVEL_COUNT, levelIndex } from "../model/forecast.ts";
import { iso, startOfTick } from "../model/time.ts";
import { hostsOf } from "./host-case.ts";
import { startPictures } from "./pictures.ts";
import { cpuTrace } from "./small-trace.arbitrary.ts";

test("the busiest VM of the training half, over the last two days, tick by tick", () => {
  const quiet = new Array(240).fill(1);
  const busy = Array.from({ length: 240 }, (_, tick) => (tick < 120 ? 5 : 0));
  const lateBusy = Array.from({ length: 240 }, (_, tick) => (tick < 120 ? 0 : 90));
  const [host] = hostsOf(cpuTrace([quiet, busy, lateBusy]), 50);
  if (host === undefined) throw new Error("VMs fill a host");
  const book = startPictures(host);
  const quantiles = Float64Array.from({ length: 12 * LEVEL_COUNT }, (_, cell) => cell);
  for (let tick = host.firstScored; tick < 240; tick++)
    book.add({
      tick,
      demand: new Float64Array(12).fill(tick),
      allocations: new Float64Array(12).fill(2 * tick),
      quantiles,
    });
  const [picture] = book.pictures;
  expect(book.pictures).toHaveLength(1);
  expect(picture).toMatchObject({
    vm: "vm-1",
    host: "host-1",
    resource: "cpu",
    base: 5,
    fixed: 7.5,
    stepSeconds: 3600,
  });
  expect(picture?.start).toBe(iso(startOfTick(host.grid, 192)));
  expect([picture?.demand.length, picture?.demand[0], picture?.allocation.at(-1)]).toEqual([48, 192, 478]);
  const first = 4 * LEVEL_COUNT;
  const drawn = [picture?.low[0], picture?.likely[0], picture?.high[0]];
  expect(drawn).toEqual([first + levelIndex(0.05), first + levelIndex(0.5), first + levelIndex(0.99)]);
});
