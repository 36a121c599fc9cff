// The ready sets: names and units as the exporters' own pages and sources tell them. Only those of the node exporter were seen to come
// out of a running exporter; the others are from documents.
import type { MetricRule } from "./metric-rule.ts";

type Row = Pick<MetricRule, "metric" | "resource"> & Partial<MetricRule>;

/** Whoever gives targets a label of this name says by it which VM it is. */
const OWN_LABEL = "{headroom_vm}";

function rules(source: string, vm: readonly string[], rows: readonly Row[]): readonly MetricRule[] {
  return rows.map((row) => ({ source, kind: "counter", factor: 1, vm: [OWN_LABEL, ...vm], ...row }));
}

const cpu = "cpu";
const memory = "memory";
const network = "network";
const storage = "storage";
const gauge = { kind: "gauge" } as const;

/** kumina/libvirt_exporter and its descendants. Usable memory is told where the guest has a balloon driver, resident memory always. */
const LIBVIRT = [
  ...rules(
    "libvirt",
    ["{domain}"],
    [
      { metric: "libvirt_domain_info_cpu_time_seconds_total", resource: cpu },
      {
        ...{ metric: "libvirt_domain_memory_stats_actual_balloon_bytes", resource: memory, ...gauge },
        less: "libvirt_domain_memory_stats_usable_bytes",
      },
      { metric: "libvirt_domain_interface_stats_receive_bytes_total", resource: network },
      { metric: "libvirt_domain_interface_stats_transmit_bytes_total", resource: network },
      { metric: "libvirt_domain_block_stats_read_bytes_total", resource: storage },
      { metric: "libvirt_domain_block_stats_write_bytes_total", resource: storage },
    ],
  ),
  ...rules(
    "libvirt, resident",
    ["{domain}"],
    [{ metric: "libvirt_domain_memory_stats_rss_bytes", resource: memory, ...gauge }],
  ),
];

const VIRTUAL_DEVICES = { device: "lo|(docker|br-|veth|virbr|cni|tap|vnet).*" };
/** Partitions and what lies on top of disks would be counted twice. */
const PARTS_OF_DISKS = { device: "(dm-|loop|ram|sr|zram|md).*|.*\\dp\\d+|[shv]d[a-z]+\\d+|xvd[a-z]+\\d+" };

/** prometheus/node_exporter in the guest. */
const NODE = rules(
  "node",
  ["{instance|host}"],
  [
    { metric: "node_cpu_seconds_total", resource: cpu, unless: { mode: "idle|iowait|steal|guest|guest_nice" } },
    { metric: "node_memory_MemTotal_bytes", resource: memory, ...gauge, less: "node_memory_MemAvailable_bytes" },
    { metric: "node_network_receive_bytes_total", resource: network, unless: VIRTUAL_DEVICES },
    { metric: "node_network_transmit_bytes_total", resource: network, unless: VIRTUAL_DEVICES },
    { metric: "node_disk_read_bytes_total", resource: storage, unless: PARTS_OF_DISKS },
    { metric: "node_disk_written_bytes_total", resource: storage, unless: PARTS_OF_DISKS },
  ],
);

/** kubevirt/monitoring, docs/metrics.md. */
const KUBEVIRT = rules(
  "kubevirt",
  ["{namespace}:{name}"],
  [
    { metric: "kubevirt_vmi_cpu_usage_seconds_total", resource: cpu },
    {
      ...{ metric: "kubevirt_vmi_memory_available_bytes", resource: memory, ...gauge },
      less: "kubevirt_vmi_memory_usable_bytes",
    },
    { metric: "kubevirt_vmi_network_receive_bytes_total", resource: network },
    { metric: "kubevirt_vmi_network_transmit_bytes_total", resource: network },
    { metric: "kubevirt_vmi_storage_read_traffic_bytes_total", resource: storage },
    { metric: "kubevirt_vmi_storage_write_traffic_bytes_total", resource: storage },
  ],
);

/** google/cadvisor, docs/storage/prometheus.md. Without a container's name the series is a whole pod or slice: counted twice. */
const ONE_CONTAINER = { where: { container: ".+" }, unless: { container: "POD" } };
const CADVISOR = rules(
  "cadvisor",
  ["{namespace}:{pod}"],
  [
    { metric: "container_cpu_usage_seconds_total", resource: cpu, ...ONE_CONTAINER },
    { metric: "container_memory_working_set_bytes", resource: memory, ...gauge, ...ONE_CONTAINER },
    { metric: "container_network_receive_bytes_total", resource: network, unless: { interface: "lo" } },
    { metric: "container_network_transmit_bytes_total", resource: network, unless: { interface: "lo" } },
    { metric: "container_fs_reads_bytes_total", resource: storage, ...ONE_CONTAINER },
    { metric: "container_fs_writes_bytes_total", resource: storage, ...ONE_CONTAINER },
  ],
);

/**
 * prometheus-pve/prometheus-pve-exporter, src/pve_exporter/collector/cluster.py. It tells traffic twice, as counters and under the older
 * names that it calls gauges, which are counters all the same: of two sources one stands.
 */
const GUEST = { where: { id: "(qemu|lxc)/.+" } };
const PROXMOX = [
  ...rules(
    "proxmox",
    ["{id}"],
    [
      { metric: "pve_cpu_usage_ratio", resource: cpu, ...gauge, times: "pve_cpu_usage_limit", ...GUEST },
      { metric: "pve_memory_usage_bytes", resource: memory, ...gauge, ...GUEST },
      { metric: "pve_network_receive_bytes_total", resource: network, ...GUEST },
      { metric: "pve_network_transmit_bytes_total", resource: network, ...GUEST },
      { metric: "pve_disk_read_bytes_total", resource: storage, ...GUEST },
      { metric: "pve_disk_written_bytes_total", resource: storage, ...GUEST },
    ],
  ),
  ...rules(
    "proxmox, older",
    ["{id}"],
    [
      { metric: "pve_network_receive_bytes", resource: network, ...GUEST },
      { metric: "pve_network_transmit_bytes", resource: network, ...GUEST },
      { metric: "pve_disk_read_bytes", resource: storage, ...GUEST },
      { metric: "pve_disk_write_bytes", resource: storage, ...GUEST },
    ],
  ),
];

/**
 * What OpenStack's Ceilometer measures (openstack/ceilometer, telemetry-measurements.rst): CPU in nanoseconds, memory in MiB. By way of
 * sg-core (infrawatch/sg-core, plugins/handler/ceilometer-metrics), or by Ceilometer's own publisher to a Pushgateway
 * (ceilometer/publisher/prometheus.py). Of an interface or a disk the resource is named "instance-1-UUID-tap2" and "UUID-vda".
 */
function ceilometer(
  source: string,
  { prefix, vm, where }: { prefix: string; vm: string[]; where?: MetricRule["where"] },
) {
  const only = where && { where };
  return rules(source, vm, [
    { metric: `${prefix}cpu`, resource: cpu, factor: 1e-9, ...only },
    { metric: `${prefix}memory_usage`, resource: memory, ...gauge, factor: 2 ** 20, ...only },
    { metric: `${prefix}network_incoming_bytes`, resource: network, ...only },
    { metric: `${prefix}network_outgoing_bytes`, resource: network, ...only },
    { metric: `${prefix}disk_device_read_bytes`, resource: storage, ...only },
    { metric: `${prefix}disk_device_write_bytes`, resource: storage, ...only },
  ]);
}

const OPENSTACK = [
  ...ceilometer("openstack", { prefix: "ceilometer_", vm: ["{resource|uuid}", "{resource}"] }),
  // Names as short as "cpu" mean this only where a project is named too.
  ...ceilometer("openstack, pushed", { prefix: "", vm: ["{resource_id|uuid}"], where: { project_id: ".+" } }),
];

/**
 * OpenTelemetry Collector, hostmetrics receiver, in the guest: opentelemetry-collector-contrib, receiver/hostmetricsreceiver. Attributes
 * have two names: as that receiver calls them, and as the semantic conventions for system metrics do since 1.24.
 */
const OTEL = rules(
  "otel",
  ["{headroom.vm}", "{host.name}", "{host.id}"],
  [
    {
      ...{ metric: "system.cpu.time", resource: cpu },
      unless: { state: "idle|wait|steal", "cpu.mode": "idle|iowait|steal" },
    },
    { metric: "system.memory.usage", resource: memory, ...gauge, where: { state: "used" } },
    { metric: "system.memory.usage", resource: memory, ...gauge, where: { "system.memory.state": "used" } },
    {
      ...{ metric: "system.network.io", resource: network },
      unless: { device: VIRTUAL_DEVICES.device, "network.interface.name": VIRTUAL_DEVICES.device },
    },
    {
      ...{ metric: "system.disk.io", resource: storage },
      unless: { device: PARTS_OF_DISKS.device, "system.device": PARTS_OF_DISKS.device },
    },
  ],
);

/** In order of preference: what the hypervisor sees of a VM goes before what its guest tells. */
export const READY_SETS = {
  libvirt: LIBVIRT,
  kubevirt: KUBEVIRT,
  proxmox: PROXMOX,
  openstack: OPENSTACK,
  node: NODE,
  otel: OTEL,
  cadvisor: CADVISOR,
} as const satisfies Record<string, readonly MetricRule[]>;

export type ReadySet = keyof typeof READY_SETS;
