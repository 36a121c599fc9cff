import fc from "fast-check";
import { compress } from "snappyjs";
import { expect, test } from "vitest";
import { unpackSnappy } from "./snappy.ts";
import { readLabels, readWriteRequest } from "./write-request.ts";
import { type SentSeries, unpackedBody, writeBody } from "./written.arbitrary.ts";

const anySeries: fc.Arbitrary<SentSeries> = fc.record({
  labels: fc.dictionary(fc.string({ minLength: 1 }), fc.string({ minLength: 1, maxLength: 200 }), { maxKeys: 12 }),
  samples: fc.array(fc.tuple(fc.integer({ min: -1e6, max: 4e12 }), fc.double()), { maxLength: 5 }),
});

test("what another implementation wrote is read as it was written", () => {
  fc.assert(
    fc.property(fc.array(anySeries, { maxLength: 20 }), fc.string({ minLength: 1 }), (all, name) => {
      const series = all.map(({ labels, samples }) => ({ labels: { ...labels, __name__: name }, samples }));
      const read = readWriteRequest(writeBody(series));
      if (!read.ok) throw new Error(read.error.message);
      const { at, value } = read.value;
      const found = read.value.series.map(({ name: told, labels, from, to }) => {
        expect(told).toBe(name);
        const pairs = Object.fromEntries(readLabels(labels) ?? []);
        return { labels: pairs, samples: at.slice(from, to).map((each, index) => [each, value[from + index]]) };
      });
      expect(found).toEqual(series.map(({ labels, samples }) => ({ labels: { ...labels }, samples })));
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("snappy of any bytes, long and repetitive ones too, is unpacked to the same bytes", () => {
  const anyBytes = fc
    .tuple(fc.uint8Array({ maxLength: 300 }), fc.integer({ min: 1, max: 400 }), fc.uint8Array({ maxLength: 70_000 }))
    .map(([part, times, tail]) => Buffer.concat([...Array.from({ length: times }, () => part), tail]));
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const unpacked = unpackSnappy(compress(bytes), 2 ** 20);
      expect(unpacked.ok && unpacked.value.equals(bytes)).toBe(true);
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("10,000 hostile bodies are read or refused, and none throws or hangs", () => {
  const whole = writeBody([{ labels: { __name__: "up", job: "x".repeat(80) }, samples: [[1, 2]] }]);
  const plain = unpackedBody([{ labels: { __name__: "up", job: "x".repeat(80) }, samples: [[1, 2]] }]);
  const changed = (bytes: Buffer) =>
    fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const other = Buffer.from(bytes);
      for (const [at, byte] of changes) other[at] = byte;
      return other;
    });
  const anyBody = fc.oneof(
    fc.uint8Array({ maxLength: 400 }),
    changed(whole),
    fc.nat(whole.length).map((length) => whole.subarray(0, length)),
    changed(plain).map((bytes) => compress(bytes)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => compress(Buffer.from(bytes))),
  );
  let refused = 0;
  fc.assert(
    fc.property(anyBody, (body) => {
      const read = readWriteRequest(body);
      if (!read.ok) refused++;
      else for (const { labels } of read.value.series) readLabels(labels);
    }),
    { seed: 1, numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(5_000);
});

test("lengths that lie are found out before memory is taken or time is lost", () => {
  // Says that it holds 4 GiB.
  expect(readWriteRequest(Uint8Array.of(255, 255, 255, 255, 15, 0))).toMatchObject({ error: { kind: "rejected" } });
  // A literal whose length, taken for a signed number, leads back to its own beginning: for ever.
  const loop = Uint8Array.of(8, 0xfc, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0);
  expect(readWriteRequest(loop)).toMatchObject({ error: { kind: "bad-input" } });
  // Copies from before the beginning, and more than was told.
  expect(readWriteRequest(Uint8Array.of(8, 0x01, 1))).toMatchObject({ error: { kind: "bad-input" } });
  expect(readWriteRequest(Uint8Array.of(1, 0, 7, 0xfe, 1, 0))).toMatchObject({ error: { kind: "bad-input" } });
});

test("more series, samples or labels than are taken at once are refused as too much", () => {
  const many = Array.from({ length: 100_001 }, () => ({ labels: {}, samples: [] }));
  expect(readWriteRequest(writeBody(many))).toMatchObject({ error: { kind: "rejected" } });
  const labels = Object.fromEntries(Array.from({ length: 129 }, (_, index) => [`label${index}`, "x"]));
  expect(readWriteRequest(writeBody([{ labels, samples: [] }]))).toMatchObject({ error: { kind: "rejected" } });
  const long = [{ labels: { __name__: "x".repeat(20_000) }, samples: [] }];
  expect(readWriteRequest(writeBody(long))).toMatchObject({ error: { kind: "rejected" } });
});
