import fc from "fast-check";
import { expect, test } from "vitest";
import { readLabels } from "../prometheus/write-request.ts";
import { OTLP_REQUEST } from "./otlp-schema.ts";
import { readOtlpJson, readOtlpProtobuf } from "./read-otlp.ts";

const text = (value: string) => ({ stringValue: value });
const AT = "1700000000123000000";

/** As the JSON encoding of OTLP has it. */
const REQUEST = {
  resourceMetrics: [
    {
      resource: {
        attributes: [
          { key: "host.name", value: text("web-1") },
          { key: "service.name", value: text("hostmetrics") },
          { key: "service.instance.id", value: text("i-1") },
        ],
      },
      scopeMetrics: [
        {
          scope: { name: "any" },
          metrics: [
            {
              name: "system.cpu.time",
              unit: "s",
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  { attributes: [{ key: "state", value: text("user") }], timeUnixNano: AT, asDouble: 12.5 },
                  {
                    attributes: [{ key: "cpu", value: { intValue: "1" } }],
                    timeUnixNano: AT,
                    asInt: "9007199254740993",
                  },
                ],
              },
            },
            {
              name: "requests",
              sum: {
                aggregationTemporality: 1,
                isMonotonic: true,
                dataPoints: [
                  { startTimeUnixNano: "1700000000000000000", timeUnixNano: "1700000010000000000", asInt: "30" },
                  { timeUnixNano: "1700000020000000000", asInt: "30" },
                ],
              },
            },
            { name: "gone", gauge: { dataPoints: [{ timeUnixNano: AT, flags: 1 }] } },
            { name: "latency", histogram: { aggregationTemporality: 2, dataPoints: [{ count: "1" }, { count: "2" }] } },
          ],
        },
      ],
    },
  ],
};

const jsonOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
/** By protobufjs' own conversion from objects, which reads 64 bits from text. */
const protobufOf = (value: object) => OTLP_REQUEST.encode(OTLP_REQUEST.fromObject(value)).finish();

test.each([
  ["JSON", readOtlpJson(jsonOf(REQUEST))],
  ["protobuf", readOtlpProtobuf(protobufOf(REQUEST))],
])("a request of %s is read: labels, times, levels, what was added, ends, and what nothing is made of", (_, read) => {
  if (!read.ok) throw new Error(read.error.message);
  const { series, at, value, since, histograms, unreadable } = read.value;
  expect(series.map(({ name, from, to }) => [name, to - from])).toEqual([
    ["system.cpu.time", 1],
    ["system.cpu.time", 1],
    ["requests", 1],
    ["gone", 1],
  ]);
  const labels = Object.fromEntries(readLabels(series[0]?.labels ?? "") ?? []);
  expect(labels).toEqual({
    __name__: "system.cpu.time",
    ...{ "host.name": "web-1", "service.name": "hostmetrics", "service.instance.id": "i-1" },
    ...{ job: "hostmetrics", instance: "i-1", state: "user" },
  });
  expect(Object.fromEntries(readLabels(series[1]?.labels ?? "") ?? [])).toMatchObject({ cpu: "1" });
  expect(at).toEqual([1_700_000_000_123, 1_700_000_000_123, 1_700_000_010_000, 1_700_000_000_123]);
  expect(value).toEqual([12.5, 2 ** 53, 30, Number.NaN]);
  expect(since).toEqual([Number.NaN, Number.NaN, 1_700_000_000_000, Number.NaN]);
  expect([histograms, unreadable]).toEqual([2, 1]);
});

test("10,000 hostile bodies are read or refused, and none throws", () => {
  const bytes = Buffer.from(protobufOf(REQUEST));
  const changed = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  const anyProtobuf = fc.oneof(
    fc.uint8Array({ maxLength: 500 }),
    fc.nat(bytes.length).map((length) => bytes.subarray(0, length)),
    changed.map((changes) => {
      const other = Buffer.from(bytes);
      for (const [place, byte] of changes) other[place] = byte;
      return other;
    }),
    // Groups in groups, and messages in messages.
    fc
      .tuple(fc.constantFrom(0x0b, 0x0a, 0x12, 0x13), fc.nat(20_000))
      .map(([byte, length]) => Buffer.alloc(length, byte)),
  );
  const leaf = fc.oneof(fc.string(), fc.double(), fc.bigInt().map(String), fc.constant(null), fc.boolean());
  const tree = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("any"), { maxLength: 4 }), tie("node")),
    node: fc.dictionary(
      fc.constantFrom(
        ..."resourceMetrics resource attributes key value stringValue intValue scopeMetrics metrics name".split(" "),
        ..."gauge sum dataPoints asInt asDouble timeUnixNano startTimeUnixNano flags aggregationTemporality __proto__".split(
          " ",
        ),
      ),
      tie("any"),
    ),
  })).any;
  let refused = 0;
  const look = (read: ReturnType<typeof readOtlpJson>) => {
    if (!read.ok) return void refused++;
    const { series, at, value, since = [] } = read.value;
    expect(value.length).toBe(at.length);
    expect(since.length).toBe(at.length);
    expect(series.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(at.length);
    expect(at.every((each) => each > 0)).toBe(true);
  };
  fc.assert(
    fc.property(anyProtobuf, (body) => look(readOtlpProtobuf(body))),
    { seed: 1, numRuns: 5_000 },
  );
  fc.assert(
    fc.property(tree, (body) => look(readOtlpJson(jsonOf(body)))),
    { seed: 1, numRuns: 5_000 },
  );
  expect(refused).toBeGreaterThan(1_000);
});
