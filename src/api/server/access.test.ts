import { expect, test } from "vitest";
import type { KeyStore } from "../../control/store-ports.ts";
import { success } from "../../model/result.ts";
import { instant, MINUTE_MS } from "../../model/time.ts";
import { createAuthenticator } from "./access.ts";
import { hashOf } from "./api-keys.ts";

const GOOD = `hr_${"g".repeat(43)}`;
const bearer = (secret: string) => `Bearer ${secret}`;
const unknownKey = (number: number) => bearer(`hr_${String(number).padStart(43, "0")}`);

function doorWith(unknownKeysPerMinute: number) {
  let [now, lookedUp] = [0, 0];
  const byHash = async (hash: string) => {
    lookedUp++;
    const key = { id: "k", name: "k", role: "operator", scopes: ["read"], createdAt: instant(0) } as const;
    return success(hash === hashOf(GOOD) ? key : undefined);
  };
  const keys: KeyStore = { byHash, add: never, keys: never, revoke: never };
  const { callerOf } = createAuthenticator({ kind: "keys" }, { keys, now: () => instant(now), unknownKeysPerMinute });
  const statusOf = async (authorization: string, address: string) => {
    const caller = await callerOf(authorization, address);
    return caller.ok ? 200 : caller.error.status;
  };
  return { statusOf, pass: (ms: number) => (now += ms), lookedUp: () => lookedUp };
}

function never(): never {
  throw new Error("nobody asks for this");
}

test("after too many unknown keys from one address none is looked up for a minute", async () => {
  const { statusOf, pass, lookedUp } = doorWith(3);
  for (const number of [1, 2, 3]) expect(await statusOf(unknownKey(number), "10.0.0.1")).toBe(401);
  expect(await statusOf(unknownKey(4), "10.0.0.1")).toBe(429);
  expect(lookedUp()).toBe(3);
  expect(await statusOf(unknownKey(4), "10.0.0.2")).toBe(401);
  pass(MINUTE_MS);
  expect(await statusOf(unknownKey(5), "10.0.0.1")).toBe(401);
});

test("a key that was good is let in beside them, one that was not seen yet waits", async () => {
  const { statusOf, pass } = doorWith(2);
  expect(await statusOf(bearer(GOOD), "10.0.0.1")).toBe(200);
  for (const number of [1, 2]) expect(await statusOf(unknownKey(number), "10.0.0.1")).toBe(401);
  expect(await statusOf(unknownKey(3), "10.0.0.1")).toBe(429);
  pass(10_000);
  expect(await statusOf(bearer(GOOD), "10.0.0.1")).toBe(200);
  const other = doorWith(2);
  for (const number of [1, 2]) await other.statusOf(unknownKey(number), "10.0.0.1");
  expect(await other.statusOf(bearer(GOOD), "10.0.0.1")).toBe(429);
  expect(await other.statusOf(bearer(GOOD), "10.0.0.2")).toBe(200);
});

test("who sends no key at all is told so, and counts for nothing", async () => {
  const { statusOf } = doorWith(1);
  for (let times = 0; times < 5; times++) expect(await statusOf("Basic eDp5", "10.0.0.1")).toBe(401);
  expect(await statusOf(bearer(GOOD), "10.0.0.1")).toBe(200);
});
