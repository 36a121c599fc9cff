import fc from "fast-check";
import { expect, test } from "vitest";
import { fromText, toText } from "./document-text.ts";

const anything = fc.anything({
  ...{ withBigInt: true, withMap: true, withSet: true, withTypedArray: true, maxDepth: 3 },
  key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("$", "__proto__", "constructor", "toJSON")),
  values: [fc.double(), fc.string({ unit: "binary" }), fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined, -0)],
});

test("whatever is data comes back as it was", () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(fromText(toText(value))).toEqual(value);
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("the same text comes of what came back", () => {
  fc.assert(
    fc.property(anything, (value) => {
      expect(toText(fromText(toText(value)))).toBe(toText(value));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test("arrays of doubles keep every bit, also as a part of a larger buffer", () => {
  const odd = Float64Array.of(9, Number.NaN, -0, Number.POSITIVE_INFINITY, Number.MIN_VALUE, 0.1).subarray(1);
  const back = fromText(toText({ odd })) as { readonly odd: Float64Array };
  expect(back.odd).toBeInstanceOf(Float64Array);
  expect(Buffer.from(back.odd.buffer).toString("hex")).toBe(
    Buffer.from(odd.buffer, odd.byteOffset, odd.byteLength).toString("hex"),
  );
});

test("what JSON can say by itself stays plain JSON, without what is undefined", () => {
  expect(toText({ id: "a", list: [1, null, true], left: undefined })).toBe('{"id":"a","list":[1,null,true]}');
});

test("an object cannot pass as something else, nor change what objects are", () => {
  const sly = JSON.parse('{"$":"map","entries":[],"__proto__":{"admin":true}}');
  expect(fromText(toText(sly))).toEqual(sly);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

test("what is no data is a bug", () => {
  class Odd {}
  for (const value of [new Odd(), new Date(0), () => 1, Symbol("x"), { inside: new Odd() }])
    expect(() => toText(value)).toThrow("can be kept");
});
