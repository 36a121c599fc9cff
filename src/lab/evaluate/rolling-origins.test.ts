import fc from "fast-check";
import { expect, test } from "vitest";
import { rollingOrigins } from "./rolling-origins.ts";

test("ascending, within bounds, one in each stretch, at most as many as asked for", () => {
  const integer = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(integer(5000), integer(5000), integer(200), (from, span, count) => {
      const origins = rollingOrigins({ from, to: from + span - 1, count });
      expect(origins.length).toBe(new Set(origins).size);
      expect(origins.length).toBeLessThanOrEqual(count);
      if (span >= 2 * count) expect(origins.length).toBe(count);
      for (const [index, origin] of origins.entries()) {
        expect(origin).toBeGreaterThanOrEqual(Math.max(from, (origins[index - 1] ?? 0) + 1));
        expect(origin).toBeLessThan(from + span);
      }
    }),
    { seed: 1 },
  );
});

test("times of day are spread even where the distance is whole days", () => {
  const origins = rollingOrigins({ from: 0, to: 10 * 288 - 1, count: 10 });
  const hours = new Set(origins.map((origin) => Math.floor(((origin % 288) * 24) / 288 / 4)));
  expect(hours.size).toBeGreaterThanOrEqual(5);
});

test("none where there is no room", () => {
  expect(rollingOrigins({ from: 10, to: 9, count: 3 })).toEqual([]);
  expect(rollingOrigins({ from: 10, to: 10, count: 3 })).toEqual([10]);
});
