import { expect, test } from "vitest";
import { instant } from "../model/time.ts";
import { virtualClock } from "./virtual-clock.ts";

const never = new Promise<void>(() => {});

test("a sleeper wakes when time passes its instant, in the order of the instants", async () => {
  const clock = virtualClock(instant(0));
  const woken: number[] = [];
  const sleepers = [300, 100, 200].map((at) => clock.sleepUntil(instant(at), never).then(() => woken.push(at)));
  clock.advanceTo(instant(250));
  await Promise.all(sleepers.slice(1));
  expect(woken).toEqual([100, 200]);
  clock.advanceTo(instant(300));
  await sleepers[0];
  expect(woken).toEqual([100, 200, 300]);
  expect(clock.now()).toBe(300);
});

test("an instant that is past does not wait, and a stop wakes everybody", async () => {
  const clock = virtualClock(instant(1_000));
  await clock.sleepUntil(instant(1_000), never);
  await clock.sleepUntil(instant(9_000), Promise.resolve());
  expect(clock.now()).toBe(1_000);
});

test("time never goes back", () => {
  const clock = virtualClock(instant(10));
  expect(() => clock.advanceTo(instant(9))).toThrow("never goes back");
});
