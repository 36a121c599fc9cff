import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../model/seeded-random.ts";
import { DAY_MS, durationMs, HOUR_MS, instant } from "../../model/time.ts";
import { askAgainAt } from "./back-off.ts";

const everyMs = durationMs(HOUR_MS / 4);
const at = instant(0);

test("each failure in a row waits longer on the whole, a day at most, and equal seeds wait equally", () => {
  const wait = (failures: number) => askAgainAt({ at, everyMs, failures, random: seededRandom(1) });
  expect(wait(0)).toBeGreaterThanOrEqual(everyMs);
  expect(wait(2)).toBeGreaterThan(wait(1));
  expect(wait(50)).toBeLessThanOrEqual(DAY_MS);
  expect(wait(3)).toBe(wait(3));
});

test("never earlier than the other side asked for", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(1e8), fc.nat(), (failures, wait, seed) => {
      const again = askAgainAt({ at, everyMs, failures, retryAfterMs: durationMs(wait), random: seededRandom(seed) });
      expect(again).toBeGreaterThanOrEqual(wait);
    }),
    { seed: 1 },
  );
});
