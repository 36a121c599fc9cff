import { expect, test } from "vitest";
import { isAtLeast, isUnknown, noteClarity } from "./unclear-ticks.ts";

const known = { isKnown: true, isAtLeast: false };
const missing = { isKnown: false, isAtLeast: false };

test("a stretch is unknown once more than a quarter of its ticks are missing", () => {
  const unclear = new Uint8Array(2);
  for (const tick of [known, missing, known, missing]) noteClarity(unclear, 1, tick);
  expect(isUnknown(unclear, 1, 8)).toBe(false);
  noteClarity(unclear, 1, missing);
  expect(isUnknown(unclear, 1, 8)).toBe(true);
  expect(isUnknown(unclear, 0, 8)).toBe(false);
});

test("one tick that was held back makes the peak a least value, however many are missing", () => {
  const unclear = new Uint8Array(1);
  for (let tick = 0; tick < 300; tick++) noteClarity(unclear, 0, missing);
  expect(isAtLeast(unclear, 0)).toBe(false);
  noteClarity(unclear, 0, { isKnown: true, isAtLeast: true });
  expect([isAtLeast(unclear, 0), isUnknown(unclear, 0, 240)]).toEqual([true, true]);
});
