import { expect, test } from "vitest";
import { instant } from "../../model/time.ts";
import { wallClock } from "./wall-clock.ts";

const never = new Promise<void>(() => {});

test("it never goes back, and goes on when the system's clock has caught up", () => {
  const system = { ms: 1_000 };
  const clock = wallClock(() => system.ms);
  expect(clock.now()).toBe(1_000);
  system.ms = 400;
  expect(clock.now()).toBe(1_000);
  system.ms = 1_001;
  expect(clock.now()).toBe(1_001);
});

test("it wakes at the instant, not before it", async () => {
  const clock = wallClock();
  const at = instant(clock.now() + 20);
  await clock.sleepUntil(at, never);
  expect(clock.now()).toBeGreaterThanOrEqual(at);
});

test("an instant that is past is now, and who is stopped wakes at once", async () => {
  const clock = wallClock();
  await clock.sleepUntil(instant(0), never);
  await clock.sleepUntil(instant(clock.now() + 10 ** 9), Promise.resolve());
});
