import fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR_MS, instant } from "./time.ts";
import { amountsOf, aRecord, someRecords, splitAt, USAGE_START } from "./usage.arbitrary.ts";
import { batchesOf, namesOfBatch, type PackedBatch, packBatch, unpackBatch } from "./usage-batch.ts";
import { AMOUNT_COUNT, coverageFaults, faultOf, usageKey, withoutRepeats } from "./usage-record.ts";

const throughJson = ({ heads, amounts }: PackedBatch) => ({ heads: JSON.parse(JSON.stringify(heads)), amounts });

test("a batch comes back as it was, through JSON", () => {
  const law = fc.property(someRecords({ hours: 50 }), (records) => {
    for (const batch of batchesOf(records)) {
      const back = unpackBatch(throughJson(packBatch(batch)), batch);
      expect(back).toEqual({ ok: true, value: batch });
      const turned = { ...batch, records: batch.records.toReversed() };
      expect(namesOfBatch(turned)).toBe(namesOfBatch(batch));
    }
  });
  fc.assert(law, { seed: 1 });
  const correction = { ...aRecord(), correction: { number: 1, reason: "late" } };
  const [batch] = batchesOf([correction]);
  expect(batch && unpackBatch(packBatch(batch), batch)).toEqual({ ok: true, value: batch });
});

test("garbage is no batch, and never throws", () => {
  const of = { cell: "c" as never, customer: "d" as never };
  const law = fc.property(fc.anything(), fc.array(fc.anything(), { minLength: 8, maxLength: 8 }), (whole, row) => {
    for (const heads of [whole, [whole], [row]]) {
      const back = unpackBatch({ heads, amounts: new Float64Array(AMOUNT_COUNT) }, of);
      if (back.ok) expect(back.value.records).toEqual([]);
    }
  });
  fc.assert(law, { seed: 1 });
});

test("the same piece told twice counts once", () => {
  const [one, other] = [aRecord(), aRecord({ hour: 1 })];
  expect(withoutRepeats([one, other, { ...one }, other])).toEqual([one, other]);
  expect(usageKey({ ...one, correction: { number: 1, reason: "" } })).not.toBe(usageKey(one));
});

test("gaps and overlaps are found, splits are none", () => {
  const hours = [0, 1, 2].map((hour) => aRecord({ hour }));
  const [first, second, third] = hours as [(typeof hours)[0], (typeof hours)[0], (typeof hours)[0]];
  const halves = splitAt(second, instant(second.from + HOUR_MS / 3));
  expect(coverageFaults([third, ...halves, first])).toEqual([]);
  const name = { subject: "vm web-1" };
  expect(coverageFaults([first, third])).toEqual([{ kind: "gap", ...name, from: first.to, to: third.from }]);
  const longer = { ...first, to: instant(first.to + 5) };
  expect(coverageFaults([longer, second])).toEqual([{ kind: "overlap", ...name, from: second.from, to: longer.to }]);
});

test("a record that cannot be is told from one that can", () => {
  expect(faultOf(aRecord())).toBeUndefined();
  expect(faultOf(aRecord({ to: USAGE_START }))).toContain("does not last");
  expect(faultOf(aRecord({ to: instant(USAGE_START + HOUR_MS + 1) }))).toContain("crosses a whole hour");
  expect(faultOf(aRecord({ amounts: amountsOf({ used: -1 }) }))).toContain("negative");
  expect(
    faultOf({ ...aRecord({ amounts: amountsOf({ used: -1 }) }), correction: { number: 1, reason: "x" } }),
  ).toBeUndefined();
  expect(faultOf(aRecord({ amounts: amountsOf({ used: 0.5 }) }))).toContain("no whole number");
  expect(faultOf(aRecord({ shaped: 16 }))).toContain("unknown");
});
