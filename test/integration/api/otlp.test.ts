// OTLP/HTTP as OpenTelemetry's own exporters speak it, over a real socket; and what they are answered.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { OTLPMetricExporter as JsonExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPMetricExporter as ProtobufExporter } from "@opentelemetry/exporter-metrics-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AggregationTemporality, MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { afterEach, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { type Ask, ask } from "./ask.ts";
import { KEYS, OWN_VM, type RunningService, startsServices } from "./running-service.ts";

const started = startsServices({ ticks: 1 });
const PATH = "/v1/otlp/v1/metrics";

const post = (
  service: RunningService,
  headers: Record<string, string>,
  body: Uint8Array,
  key: Ask["key"] = "collector",
) => ask(service.address, { method: "POST", path: PATH, key, headers, body });

afterEach(() => vi.useRealTimers());

test.each([
  ["JSON", JsonExporter, AggregationTemporality.CUMULATIVE],
  ["protobuf", ProtobufExporter, AggregationTemporality.CUMULATIVE],
  ["protobuf", ProtobufExporter, AggregationTemporality.DELTA],
] as const)("an exporter that sends %s reaches a VM", async (_, Exporter, temporalityPreference) => {
  const service = await started();
  vi.useFakeTimers({ toFake: ["Date"], now: service.clock.now() });
  const exporter = new Exporter({
    url: `${service.address}${PATH}`,
    headers: { authorization: `Bearer ${KEYS.collector}` },
    temporalityPreference,
  });
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader], resource: resourceFromAttributes({ "host.name": OWN_VM }) });
  const meter = provider.getMeter("hostmetrics");
  const used = meter.createObservableUpDownCounter("system.memory.usage");
  used.addCallback((result) => {
    result.observe(3 * 2 ** 30, { state: "used" });
    result.observe(2 ** 30, { state: "free" });
  });
  const sent = meter.createCounter("system.network.io");
  // Each flush is a scrape; the clock of the service stands still, the exporter's goes on from there.
  for (let flush = 0; flush < 3; flush++) {
    sent.add(1_000_000, { device: "eth0", direction: "receive" });
    vi.setSystemTime(service.clock.now() + (flush + 1) * 10_000);
    await reader.forceFlush();
  }
  const mapping = await service.as("operator").getMetricsMapping();
  expect(mapping).toMatchObject({ ok: true, value: { counts: { absurd: 0, outOfOrder: 0 } } });
  const reached = mapping.ok ? mapping.value.reached : [];
  expect(reached.map(({ metric, resource, vms }) => [metric, resource, vms])).toEqual([
    ["system.memory.usage", "memory", [OWN_VM]],
    ["system.network.io", "network", [OWN_VM]],
  ]);
  await provider.shutdown();
  vi.useRealTimers();
  await service.close();
  const memory = service.heard.flatMap(({ usage }) => [...usage].filter((__, place) => place % 4 === 1));
  const network = service.heard.flatMap(({ usage }) => [...usage].filter((__, place) => place % 4 === 2));
  expect(network.filter((amount) => Math.abs(amount / 1e5 - 1) < 0.01).length).toBeGreaterThan(0);
  expect(memory.filter((amount) => amount === 3 * 2 ** 30).length).toBeGreaterThan(0);
});

const PAGE = readFileSync(new URL("../../../docs/connect.md", import.meta.url), "utf8");
const block = (name: string) =>
  new RegExp(`<!-- ${name} -->\\n\\n\`\`\`\\w+\\n([\\s\\S]*?)\`\`\``).exec(PAGE)?.[1] ?? "";

test("the examples of the page: a Collector is sent to this door, and what is sent by hand is taken", async () => {
  const { exporters } = parse(block("collector.yaml")) as { exporters: { "otlphttp/headroom": { endpoint: string } } };
  expect(`${new URL(exporters["otlphttp/headroom"].endpoint).pathname}/v1/metrics`).toBe(PATH);
  const service = await started();
  // The page says what time it is; the service of this test has its own.
  const command = block("otlp").replace("$(date +%s)", String(service.clock.now() / 1000));
  const env = { ...process.env, HEADROOM: service.address, HEADROOM_KEY: KEYS.collector };
  const { stdout } = await promisify(execFile)("bash", ["-euo", "pipefail", "-c", command], { env });
  expect(JSON.parse(stdout)).toEqual({});
  const mapping = await service.as("operator").getMetricsMapping();
  expect(mapping).toMatchObject({ ok: true, value: { reached: [{ source: "otel", vms: ["meridian-web-1"] }] } });
});

const point = (at: number, value: number) => ({ timeUnixNano: String(at * 1e6), asDouble: value });
const gauge = (points: readonly unknown[], name = "system.memory.usage") =>
  Buffer.from(
    JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: "host.name", value: { stringValue: OWN_VM } }] },
          scopeMetrics: [
            {
              metrics: [
                {
                  name,
                  gauge: {
                    dataPoints: points.map((each) => ({
                      ...(each as object),
                      attributes: [{ key: "state", value: { stringValue: "used" } }],
                    })),
                  },
                },
                { name: "latency", histogram: { dataPoints: [{ count: "1" }] } },
              ],
            },
          ],
        },
      ],
    }),
  );

test("points that are taken for nothing are told, in the form of the question; packed bodies are read", async () => {
  const service = await started();
  const at = service.clock.now();
  const body = gauge([point(at, 2 ** 30), point(at - 60_000, 1), point(at + 3_600_000, 1), { asDouble: 1 }]);
  const answered = await post(
    service,
    { "content-type": "application/json", "content-encoding": "gzip" },
    gzipSync(body),
  );
  expect(answered.status).toBe(200);
  expect(JSON.parse(answered.text)).toEqual({
    partialSuccess: { rejectedDataPoints: "4", errorMessage: expect.stringMatching(/^Not taken: 2 points with no/) },
  });
});

test("what cannot be read is refused as the specification says; who may not is not heard", async () => {
  const service = await started();
  const json = { "content-type": "application/json" };
  const protobuf = { "content-type": "application/x-protobuf" };
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
  const answers = await Promise.all([
    post(service, json, Buffer.from("{")),
    post(service, protobuf, Buffer.from([0x0a, 0x7f])),
    post(service, { "content-type": "text/plain" }, Buffer.from("x")),
    post(service, { ...json, "content-encoding": "gzip" }, Buffer.from("no gzip")),
    post(service, { ...json, "content-encoding": "gzip" }, bomb),
    post(service, json, gauge([]), "reader"),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 415, 400, 413, 403]);
  expect(JSON.parse(answers[0]?.text ?? "")).toEqual({
    message: expect.stringContaining("ExportMetricsServiceRequest"),
  });
  expect(answers[1]?.text).toContain("ExportMetricsServiceRequest");
  expect(service.errors).toEqual([]);
});
