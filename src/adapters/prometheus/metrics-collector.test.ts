import fc from "fast-check";
import { expect, test } from "vitest";
import type { SampleColumns } from "../../control/store-ports.ts";
import { instant } from "../../model/time.ts";
import { READY_MAPPING, readMapping } from "./mapping-file.ts";
import { createMetricsCollector, type MetricsCollector } from "./metrics-collector.ts";
import { type SentSeries, writeBody } from "./written.arbitrary.ts";

const START = Date.UTC(2026, 2, 2);
const STEP = 15_000;
const at = (tick: number) => START + tick * STEP;

function collect(mapping = READY_MAPPING, limits: Parameters<typeof createMetricsCollector>[1] = {}) {
  const collector = createMetricsCollector(mapping, { graceMs: 5_000, ...limits });
  return {
    ...collector,
    send: (now: number, ...series: SentSeries[]) => collector.write(writeBody(series), instant(now)),
    rows: (now: number) => rowsOf(collector, now),
  };
}

function rowsOf(collector: MetricsCollector, now: number, all = false): unknown[] {
  return told(collector.takeSamples(instant(now), all));
}

/** [vm, tick, cpu, memory, network, storage]; null: not measured. */
function told({ vms, vm, at: instants, usage }: SampleColumns): unknown[] {
  return [...instants].map((when, row) => [
    vms[vm[row] ?? 0],
    (when - START) / STEP,
    ...[...usage.slice(row * 4, row * 4 + 4)].map((amount) => (Number.isNaN(amount) ? null : amount)),
  ]);
}

const cpu = (mode: string, ...samples: (readonly [tick: number, value: number])[]): SentSeries => ({
  labels: { __name__: "node_cpu_seconds_total", instance: "web-1:9100", job: "node", cpu: "0", mode },
  samples: samples.map(([tick, value]) => [at(tick), value]),
});
const node = (name: string, labels: Record<string, string>, ...samples: (readonly [number, number])[]): SentSeries => ({
  labels: { __name__: name, instance: "web-1:9100", job: "node", ...labels },
  samples: samples.map(([tick, value]) => [at(tick), value]),
});

test("counters become rates, devices are added up, and what idles is left out", () => {
  const { send, rows } = collect();
  for (const tick of [0, 1, 2])
    send(
      at(tick),
      cpu("user", [tick, 100 + tick * 15]),
      cpu("system", [tick, 7.5 * tick]),
      cpu("idle", [tick, 99 * tick]),
      node("node_memory_MemTotal_bytes", {}, [tick, 1000]),
      node("node_memory_MemAvailable_bytes", {}, [tick, 400 - tick]),
      node("node_network_receive_bytes_total", { device: "eth0" }, [tick, 15 * tick]),
      node("node_network_transmit_bytes_total", { device: "eth0" }, [tick, 30 * tick]),
      node("node_network_receive_bytes_total", { device: "lo" }, [tick, 1e6 * tick]),
      node("node_disk_read_bytes_total", { device: "sda" }, [tick, 150 * tick]),
      node("node_disk_read_bytes_total", { device: "sda1" }, [tick, 1e6 * tick]),
    );
  expect(rows(at(3))).toEqual([
    ["web-1", 0, null, 600, null, null],
    ["web-1", 1, 1.5, 601, 3, 10],
    ["web-1", 2, 1.5, 602, 3, 10],
  ]);
});

test("a scrape that comes in any number of requests, in any order, gives the sums of one", () => {
  const ticks = [0, 1, 2, 3];
  const devices = ["eth0", "eth1", "eth2", "eth3"];
  const series = (tick: number) =>
    devices.flatMap((device, index) => [
      node("node_network_receive_bytes_total", { device }, [tick, tick * 15 * (index + 1)]),
      node("node_network_transmit_bytes_total", { device }, [tick, tick * 15]),
    ]);
  const whole = collect();
  for (const tick of ticks) whole.send(at(tick), ...series(tick));
  const expected = whole.rows(at(5));
  expect(expected).toEqual([1, 2, 3].map((tick) => ["web-1", tick, null, null, 14, null]));
  const anyOrder = fc.array(
    fc.tuple(fc.shuffledSubarray([...series(0).keys()], { minLength: 8 }), fc.integer({ min: 1, max: 8 })),
    { minLength: 4, maxLength: 4 },
  );
  fc.assert(
    fc.property(anyOrder, (orders) => {
      const split = collect();
      const found: unknown[] = [];
      for (const tick of ticks) {
        const [order = [], size = 1] = orders[tick] ?? [];
        for (let from = 0; from < order.length; from += size) {
          const part = order.slice(from, from + size).map((index) => series(tick)[index] as SentSeries);
          split.send(at(tick), ...part);
          found.push(...split.rows(at(tick)));
        }
        found.push(...split.rows(at(tick) + 6_000));
      }
      expect(found).toEqual(expected);
      // The first scrape has nothing to compare with.
      expect(split.whatReached().counts).toMatchObject({ late: 0, incomplete: 1 });
    }),
    { seed: 1, numRuns: 200 },
  );
});

test("shards that run ahead of each other split no sum", () => {
  const { send, rows } = collect();
  const [first, second] = ["eth0", "eth1"].map(
    (device) => (tick: number) => node("node_network_receive_bytes_total", { device }, [tick, tick * 15]),
  ) as [(tick: number) => SentSeries, (tick: number) => SentSeries];
  send(at(0), first(0), second(0));
  rows(at(0) + 6_000);
  for (const tick of [1, 2, 3]) send(at(3), first(tick));
  expect(rows(at(3))).toEqual([]);
  for (const tick of [1, 2, 3]) send(at(3), second(tick));
  expect(rows(at(3))).toEqual([1, 2, 3].map((tick) => ["web-1", tick, null, null, 2, null]));
});

test("a part that is missing makes the resource unknown, not small; and is not waited for again", () => {
  const { send, rows, whatReached } = collect();
  send(at(0), cpu("user", [0, 0]), cpu("system", [0, 0]));
  rows(at(0) + 6_000);
  send(at(1), cpu("user", [1, 15]), cpu("system", [1, 15]));
  expect(rows(at(1))).toEqual([["web-1", 1, 2, null, null, null]]);
  send(at(2), cpu("user", [2, 30]));
  expect(rows(at(2))).toEqual([]);
  expect(rows(at(2) + 6_000)).toEqual([]);
  expect(whatReached().counts.incomplete).toBe(2);
  send(at(3), cpu("user", [3, 45]));
  expect(rows(at(3))).toEqual([["web-1", 3, 1, null, null, null]]);
});

test("resets, gaps, stale marks, duplicates, and what is out of order or absurd, are counted and give nothing", () => {
  const { send, rows, whatReached } = collect();
  send(at(0), cpu("user", [0, 100]));
  rows(at(0) + 6_000);
  send(at(1), cpu("user", [1, 115]));
  send(at(1), cpu("user", [1, 115]));
  send(at(1), cpu("user", [0, 115]));
  send(at(2), cpu("user", [2, 15]));
  send(at(3), cpu("user", [3, 30]));
  send(at(3), cpu("user", [4, Number.POSITIVE_INFINITY], [5, -1], [1e9, 5], [-1e9, 5]));
  send(at(4), cpu("user", [4, Number.NaN]));
  send(at(5), cpu("user", [5, 90]));
  send(at(6), cpu("user", [6, 105]));
  send(at(100), cpu("user", [100, 900]));
  expect(rows(at(101))).toEqual([1, 3, 6].map((tick) => ["web-1", tick, 1, null, null, null]));
  expect(whatReached().counts).toMatchObject({
    ...{ samples: 14, resets: 1, gaps: 1, stale: 1, duplicates: 1, outOfOrder: 1, absurd: 4, rows: 3, late: 0 },
  });
});

test("a series that ended is not waited for", () => {
  const { send, rows } = collect();
  send(at(0), cpu("user", [0, 0]), cpu("system", [0, 0]));
  rows(at(0) + 6_000);
  send(at(1), cpu("user", [1, 15]), cpu("system", [1, Number.NaN]));
  expect(rows(at(1))).toEqual([["web-1", 1, 1, null, null, null]]);
});

test("of two sources of one scrape the first that is whole stands", () => {
  const memory = (name: string, domain: string, tick: number, value: number): SentSeries => ({
    labels: { __name__: `libvirt_domain_memory_stats_${name}_bytes`, domain, instance: "host-1", job: "libvirt" },
    samples: [[at(tick), value]],
  });
  const { send, rows } = collect();
  send(
    at(0),
    ...[memory("actual_balloon", "a", 0, 1000), memory("usable", "a", 0, 300), memory("rss", "a", 0, 900)],
    ...[memory("actual_balloon", "b", 0, 1000), memory("rss", "b", 0, 900)],
  );
  expect(rows(at(1))).toEqual([
    ["a", 0, null, 700, null, null],
    ["b", 0, null, 900, null, null],
  ]);
});

test("Proxmox' share of a limit is multiplied by it, and its ids become ids of VMs", () => {
  const { send, rows } = collect();
  const pve = (name: string, value: number): SentSeries => ({
    labels: { __name__: name, id: "qemu/100", instance: "pve", job: "pve" },
    samples: [[at(0), value]],
  });
  send(at(0), pve("pve_cpu_usage_ratio", 0.25), pve("pve_cpu_usage_limit", 8), pve("pve_memory_usage_bytes", 5));
  expect(rows(at(1))).toEqual([["qemu-100", 0, 2, 5, null, null]]);
});

test("own rules go before ready ones, and own names of VMs are used", () => {
  const mapping = readMapping(
    {
      sets: ["node"],
      rules: [
        { metric: "hv_cpu_ms", resource: "cpu", kind: "counter", factor: 0.001, vm: "{guest}", where: { on: "y.*" } },
      ],
      vms: { "0815": "web-1" },
    },
    "mapping.yaml",
  );
  if (!mapping.ok) throw new Error(mapping.error.message);
  const { send, rows, whatReached } = collect(mapping.value);
  const own = (tick: number, on: string): SentSeries => ({
    labels: { __name__: "hv_cpu_ms", guest: "0815", on },
    samples: [[at(tick), tick * 30_000]],
  });
  for (const tick of [0, 1]) send(at(tick), own(tick, "yes"), own(tick, "no"), node("up", {}, [tick, 1]));
  expect(rows(at(2))).toEqual([["web-1", 1, 2, null, null, null]]);
  expect(whatReached()).toMatchObject({
    reached: [
      { metric: "hv_cpu_ms", resource: "cpu", source: "own", vms: ["web-1"], vmCount: 1, series: 1, samples: 2 },
    ],
    ignored: expect.arrayContaining([
      { metric: "up", why: "no rule names this metric", samples: 2 },
      { metric: "hv_cpu_ms", why: "the rule leaves out series with such labels", samples: 2 },
    ]),
  });
});

test("more series than are followed are ignored, until others have been idle", () => {
  const { send, rows, whatReached } = collect(READY_MAPPING, { seriesMax: 1 });
  send(at(0), cpu("user", [0, 0]), cpu("system", [0, 0]));
  expect(whatReached()).toMatchObject({
    reached: [{ series: 1 }],
    ignored: [{ metric: "node_cpu_seconds_total", why: "more series come than are followed", samples: 1 }],
  });
  rows(at(0) + 2 * 3_600_000);
  send(at(500), cpu("system", [500, 0]));
  expect(whatReached()).toMatchObject({ reached: [{ series: 1, samples: 1 }] });
});

test.each([
  [{ set: [] }, "there is no setting set"],
  [{ sets: ["nod"] }, "sets.0 must be equal to one of the allowed values. Ready sets are libvirt"],
  [{ rules: [{ metric: "x", resource: "gpu", kind: "gauge", vm: "{a}" }] }, "rules.0.resource"],
  [{ rules: [{ metric: "x", resource: "cpu", kind: "gauge", vm: "a" }] }, "rules.0.vm"],
  [{ rules: [{ metric: "x", resource: "cpu", kind: "gauge", vm: "{a}", where: { b: "(" } }] }, "no regular expression"],
  [{ vms: { a: "b c" } }, "vms.a must match pattern"],
])("a fault in a mapping is named with its place: %j", (mapping, sentence) => {
  const read = readMapping(mapping, "mapping.yaml");
  expect(read.ok ? "" : read.error.message).toContain(sentence);
  expect(read.ok ? "" : read.error.message).toMatch(/^mapping\.yaml: /);
});
