import fc from "fast-check";
import { expect, test } from "vitest";
import { NOTHING_SERVES, type ServingRecord } from "../model/model-lineage.ts";
import type { Result } from "../model/result.ts";
import { CHANGES_MAX, type ChangeGiven, promote, rollBack } from "./model-registry.ts";

const GIVEN: ChangeGiven = { at: "2026-03-01T00:00:00.000Z", by: "operator", reason: "By hand." };

function recordOf(result: Result<ServingRecord>): ServingRecord {
  expect(result).toMatchObject({ ok: true });
  return result.ok ? result.value : NOTHING_SERVES;
}
const promoted = (record: ServingRecord, ...ids: string[]) =>
  ids.reduce((now, id) => recordOf(promote(now, id, GIVEN)), record);
const rolledBack = (record: ServingRecord) => recordOf(rollBack(record, GIVEN));

test("who is promoted serves, and the change is written down", () => {
  const record = promoted(NOTHING_SERVES, "a");
  expect(record.serving).toBe("a");
  expect(record.history).toEqual([{ kind: "promoted", serving: "a", ...GIVEN }]);
});

test("rolling back goes from one to the one promoted before, in the end to none, and no further", () => {
  const three = promoted(NOTHING_SERVES, "a", "b", "c");
  const served = [rolledBack(three), rolledBack(rolledBack(three)), rolledBack(rolledBack(rolledBack(three)))];
  expect(served.map(({ serving }) => serving)).toEqual(["b", "a", null]);
  const last = served[2] ?? NOTHING_SERVES;
  expect(last.history.map(({ kind }) => kind)).toEqual([
    "promoted",
    "promoted",
    "promoted",
    "rolled-back",
    "rolled-back",
    "rolled-back",
  ]);
  expect(rollBack(last, GIVEN)).toMatchObject({ ok: false, error: { kind: "not-found" } });
});

test("a model that was rolled back does not come again, unless it is promoted again", () => {
  const after = promoted(rolledBack(promoted(NOTHING_SERVES, "a", "b")), "c");
  expect(rolledBack(after).serving).toBe("a");
  expect(rolledBack(promoted(NOTHING_SERVES, "a", "b", "a")).serving).toBe("b");
});

test("who serves already is not promoted", () => {
  expect(promote(promoted(NOTHING_SERVES, "a"), "a", GIVEN)).toMatchObject({ ok: false, error: { kind: "conflict" } });
});

test("as long as changes are remembered, rolling back undoes promoting", () => {
  const changes = fc.array(fc.constantFrom("a", "b", "c", "back"), { maxLength: 60 });
  fc.assert(
    fc.property(changes, fc.constantFrom("x", "y"), (earlier, id) => {
      const before = earlier.reduce((now, change) => {
        const next = change === "back" ? rollBack(now, GIVEN) : promote(now, change, GIVEN);
        return next.ok ? next.value : now;
      }, NOTHING_SERVES);
      expect(rolledBack(promoted(before, id)).serving).toBe(before.serving);
    }),
    { seed: 1 },
  );
});

test("the history is bounded, and what is left of it is enough to go on", () => {
  const many = Array.from({ length: CHANGES_MAX + 10 }, (_, index) => `model ${index}`);
  const record = promoted(NOTHING_SERVES, ...many);
  expect(record.history).toHaveLength(CHANGES_MAX);
  expect(rolledBack(record).serving).toBe(many.at(-2));
});
