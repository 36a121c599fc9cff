import { expect, test } from "vitest";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { instant } from "../../model/time.ts";
import { READY_MAPPING } from "./mapping-file.ts";
import { createMetricsCollector } from "./metrics-collector.ts";
import { writeBody } from "./written.arbitrary.ts";

const START = Date.UTC(2026, 2, 2);
const SCRAPE_MS = 15_000;

type Told = readonly [labels: Readonly<Record<string, string>>, value: (scrape: number) => number];

/** Usage by VM in the last of four scrapes. */
function usageOf(series: readonly Told[]): Record<string, number[]> {
  const collector = createMetricsCollector(READY_MAPPING);
  for (let scrape = 0; scrape < 4; scrape++) {
    const at = START + scrape * SCRAPE_MS;
    const told = series.map(([labels, value]) => ({ labels, samples: [[at, value(scrape)] as const] }));
    expect(collector.write(writeBody(told), instant(at))).toMatchObject({ ok: true });
  }
  const { vms, vm, at, usage } = collector.takeSamples(instant(START + 3_600_000), true);
  const last = Math.max(...at);
  return Object.fromEntries(
    [...vm.entries()].flatMap(([row, place]) =>
      at[row] === last ? [[vms[place], [...usage.subarray(row * RESOURCE_COUNT, (row + 1) * RESOURCE_COUNT)]]] : [],
    ),
  );
}

/** A counter that grows by so much a second. */
const counter = (perSecond: number) => (scrape: number) => (scrape * perSecond * SCRAPE_MS) / 1000;

test("what Proxmox' exporter tells twice, under its old and new names, counts once", () => {
  const guest = (name: string, value: Told[1]): Told => [
    { __name__: name, id: "qemu/100", job: "pve", instance: "p:9221" },
    value,
  ];
  const told = (suffix: string, written: string) => [
    guest(`pve_network_receive_bytes${suffix}`, counter(2000)),
    guest(`pve_network_transmit_bytes${suffix}`, counter(1000)),
    guest(`pve_disk_read_bytes${suffix}`, counter(500)),
    guest(`pve_disk_${written}_bytes${suffix}`, counter(500)),
  ];
  const levels = [
    guest("pve_cpu_usage_ratio", () => 0.5),
    guest("pve_cpu_usage_limit", () => 8),
    guest("pve_memory_usage_bytes", () => 2 ** 30),
  ];
  const expected = { "qemu-100": [4, 2 ** 30, 3000, 1000] };
  expect(usageOf([...levels, ...told("", "write"), ...told("_total", "written")])).toEqual(expected);
  expect(usageOf([...levels, ...told("", "write")])).toEqual(expected);
});

test("Ceilometer's interfaces and disks are those of their instance, by way of sg-core and of its own publisher", () => {
  const id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";
  const all = (prefix: string, labels: (resource: string) => Record<string, string>): Told[] => [
    [{ __name__: `${prefix}cpu`, ...labels(id) }, (scrape) => counter(1.5)(scrape) * 1e9],
    [{ __name__: `${prefix}memory_usage`, ...labels(id) }, () => 512],
    [{ __name__: `${prefix}network_incoming_bytes`, ...labels(`instance-00000001-${id}-tap1`) }, counter(100)],
    [{ __name__: `${prefix}network_outgoing_bytes`, ...labels(`instance-00000001-${id}-tap1`) }, counter(50)],
    [{ __name__: `${prefix}disk_device_read_bytes`, ...labels(`${id}-vda`) }, counter(10)],
    [{ __name__: `${prefix}disk_device_write_bytes`, ...labels(`${id}-vda`) }, counter(20)],
  ];
  const expected = { [id]: [1.5, 2 ** 29, 150, 30] };
  expect(usageOf(all("ceilometer_", (resource) => ({ resource, project: "p" })))).toEqual(expected);
  expect(usageOf(all("", (resource_id) => ({ resource_id, project_id: "p" })))).toEqual(expected);
  expect(usageOf(all("", (resource_id) => ({ resource_id })))).toEqual({});
});
