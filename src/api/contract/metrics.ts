// Metrics that are pushed: what became of them. They come in by Prometheus remote_write 1.0 (METRICS_WRITE_PATH), which is no JSON and
// therefore no row of the table.
import { type Static, Type } from "typebox";
import { ADDRESSES } from "./addresses.ts";
import { CONFINED, type Route } from "./route.ts";
import { ResourceName, strict } from "./scalars.ts";

const count = (description: string) => Type.Integer({ minimum: 0, description });

const ReachedMetric = strict({
  metric: Type.String(),
  source: Type.String({ description: "Of rules: a ready set, or the operator's own." }),
  resource: ResourceName,
  part: Type.Enum(["value", "less", "times"], { description: "Added up, taken off, or multiplied by." }),
  series: count("Series that are followed."),
  samples: count("Samples of these series."),
  vms: Type.Array(Type.String(), { description: "The first VMs that it reached, by id." }),
  vmCount: count("VMs that it reached."),
});

const IgnoredMetric = strict({
  metric: Type.String({ description: "`(others)`: more than are counted by name." }),
  why: Type.String(),
  samples: count("Samples that were left out."),
});

const MetricCounts = strict({
  samples: count("All samples that came."),
  rows: count("Rows of samples of VMs that were made of them."),
  duplicates: count("An instant of a series that was there already."),
  outOfOrder: count("Before an instant of the same series that was there already."),
  late: count("Came after its scrape was closed."),
  absurd: count("Not finite, negative, or of a time that cannot be."),
  stale: count("Marks of the end of a series."),
  resets: count("Counters that began anew."),
  gaps: count("Counters with too long a time between two samples."),
  incomplete: count("Resources of a VM and scrape of which a part was missing: not measured."),
  histograms: count("Native histograms."),
});

export const MetricsMapping = strict({
  reached: Type.Array(ReachedMetric),
  ignored: Type.Array(IgnoredMetric),
  unknownVms: Type.Array(strict({ vm: Type.String(), rows: count("Rows of samples that were left out.") }), {
    description: "VMs that metrics tell of and nobody knows, or that are somebody else's: the first 100.",
  }),
  counts: MetricCounts,
});
export type MetricsMapping = Static<typeof MetricsMapping>;

export const metricsRoutes = {
  getMetricsMapping: {
    ...ADDRESSES.getMetricsMapping,
    tag: "samples",
    scope: "read",
    tenant: CONFINED,
    summary: "See which metric reached which VM and resource, and what was ignored and why",
    description:
      "Of metrics that came by Prometheus remote_write since the service was started: those sent with keys of operators, or with keys of the customer who asks.",
    response: MetricsMapping,
    example: {
      response: {
        reached: [
          {
            ...{ metric: "node_cpu_seconds_total", source: "node", resource: "cpu", part: "value" },
            ...{ series: 8, samples: 1600, vms: ["meridian-web-1"], vmCount: 1 },
          },
        ],
        ignored: [{ metric: "go_goroutines", why: "no rule names this metric", samples: 200 }],
        unknownVms: [{ vm: "db-7", rows: 200 }],
        counts: {
          ...{
            samples: 1800,
            rows: 199,
            duplicates: 0,
            outOfOrder: 0,
            late: 0,
            absurd: 0,
            stale: 0,
            resets: 1,
            gaps: 0,
          },
          ...{ incomplete: 2, histograms: 0 },
        },
      },
    },
  },
} as const satisfies Record<string, Route>;
