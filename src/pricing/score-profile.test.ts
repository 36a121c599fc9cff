import { expect, test } from "vitest";
import { seededRandom } from "../model/seeded-random.ts";
import { HOUR_MS, instant, MINUTE_MS } from "../model/time.ts";
import { hourOfWeek } from "./climatology.ts";
import { SCORED_MS, scoreProfiles } from "./score-profile.ts";

const UNTIL = instant(Date.UTC(2026, 3, 6));
const SHIFT = 20;

/** By day demand doubles; from the window on it is twice as high, which the past does not know and its owner does. */
function levelAt(at: number): number {
  const isLate = at >= UNTIL - 14 * 24 * HOUR_MS;
  return (hourOfWeek(at) % 24 < SHIFT ? 1 : 3) * (isLate ? 2 : 1);
}

function samples() {
  const random = seededRandom(2);
  const every = 15 * MINUTE_MS;
  const at = Float64Array.from({ length: SCORED_MS / every }, (_, index) => UNTIL - SCORED_MS + (index + 1) * every);
  const cpu = Float32Array.from(at, (end) => levelAt(end - 1) * (0.5 + random.next()));
  const none = new Float32Array(at.length).fill(Number.NaN);
  return [{ at, usage: { cpu, memory: none, network: none, storage: none } }];
}

const scoreWith = (factor: number, seen = samples()) =>
  scoreProfiles(
    [
      {
        samples: seen,
        declared: (resource, at) =>
          resource === "cpu" ? { typical: levelAt(at) * factor, peak: 1.45 * levelAt(at) * factor } : undefined,
      },
    ],
    UNTIL,
  );

test("who tells what the past cannot know gains by it, and the more exactly the more", () => {
  const [truth, low, high] = [scoreWith(1), scoreWith(0.6), scoreWith(1.6)];
  expect(truth.hours).toBe(14 * 24);
  expect(truth.resources.map(({ resource }) => resource)).toEqual(["cpu"]);
  expect(truth.skill).toBeGreaterThan(1);
  expect(truth.skill).toBeGreaterThan(low.skill);
  expect(truth.skill).toBeGreaterThan(high.skill);
});

test("nothing declared, nothing seen, and nothing seen before: no skill", () => {
  expect(scoreProfiles([], UNTIL)).toEqual({ skill: 0, hours: 0, resources: [] });
  expect(scoreWith(1, []).skill).toBe(0);
  const late = samples().map(({ at, usage }) => {
    const from = at.findIndex((end) => end > UNTIL - 14 * 24 * HOUR_MS);
    const cut = (column: Float32Array) => column.slice(from);
    const { cpu, memory, network, storage } = usage;
    return {
      at: at.slice(from),
      usage: { cpu: cut(cpu), memory: cut(memory), network: cut(network), storage: cut(storage) },
    };
  });
  expect(scoreWith(1, late)).toMatchObject({ skill: 0, hours: 0 });
});
