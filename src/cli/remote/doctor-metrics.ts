// What the doctor says of metrics that are pushed: which VM and resource each reached, what was ignored and why, and what was odd.
import type { ApiClient } from "../../api/client/client.ts";
import type { MetricsMapping } from "../../api/contract/metrics.ts";
import type { Finding } from "./doctor-checks.ts";

const NAMES_SHOWN = 5;
const PARTS = { value: "", less: ", taken off", times: ", multiplied by" } as const;

/** Nothing where none are taken, or none came. */
export async function metricsFindings(client: ApiClient): Promise<Finding[]> {
  const mapping = await client.getMetricsMapping();
  if (!mapping.ok) return [];
  const { reached, counts } = mapping.value;
  if (counts.samples === 0 && counts.histograms === 0) return [];
  return [
    ...reached.map(reachedFinding),
    ...(reached.length === 0 ? [NOTHING_REACHED] : []),
    ...ignoredFindings(mapping.value),
    ...oddFindings(mapping.value),
    ...strangerFindings(mapping.value),
  ];
}

const NOTHING_REACHED: Finding = {
  check: "metrics",
  state: "wrong",
  finding: "Metrics come in, and none of them reaches a VM.",
  next: "say what they mean in a mapping file (docs/connect.md).",
};

function reachedFinding({ metric, source, resource, part, series, samples, vms, vmCount }: Reached): Finding {
  const finding =
    `${metric} (${source}) is ${resource}${PARTS[part]} of ${vmCount} ${vmCount === 1 ? "VM" : "VMs"}: ` +
    `${someOf(vms, vmCount)}; ${samples} samples of ${series} series.`;
  return { check: `metric ${metric}`, state: "ok", finding };
}

type Reached = MetricsMapping["reached"][number];

function ignoredFindings({ ignored }: MetricsMapping): Finding[] {
  const byReason = new Map<string, string[]>();
  for (const { metric, why } of ignored) byReason.set(why, [...(byReason.get(why) ?? []), metric]);
  return [...byReason].map(([why, metrics]) => ({
    check: "ignored metrics",
    state: "note",
    finding: `Ignored, since ${why}: ${someOf(metrics, metrics.length)}.`,
    ...(/no rule/.test(why) && {
      next: "drop what Headroom has no use for (write_relabel_configs), or give it a rule.",
    }),
  }));
}

const ODD = {
  resets: "counters began anew",
  gaps: "counters with too long a gap",
  stale: "ends of series",
  duplicates: "duplicates",
  outOfOrder: "out of order",
  late: "late",
  absurd: "absurd",
  incomplete: "amounts of which a part was missing",
  histograms: "histograms",
} as const;
/** They point at something that somebody may want to mend. */
const WORRYING = ["outOfOrder", "late", "absurd", "incomplete", "gaps"] as const;

function oddFindings({ counts }: MetricsMapping): Finding[] {
  const { samples, rows } = counts;
  const odd = Object.entries(ODD).flatMap(([name, words]) => {
    const count = counts[name as keyof typeof ODD];
    return count > 0 ? [`${count} ${words}`] : [];
  });
  const made = `${samples} samples came and made ${rows} rows`;
  const state = WORRYING.some((name) => counts[name] > 0.01 * samples) ? "note" : "ok";
  return [{ check: "samples of metrics", state, finding: `${made}${odd.length > 0 ? `; ${odd.join(", ")}` : ""}.` }];
}

function strangerFindings({ unknownVms }: MetricsMapping): Finding[] {
  if (unknownVms.length === 0) return [];
  const names = someOf(
    unknownVms.map(({ vm }) => vm),
    unknownVms.length,
  );
  const finding = `Metrics tell of VMs that are not declared: ${names}.`;
  const next = "headroom discovered list shows them; headroom discovered adopt declares them.";
  return [{ check: "undeclared VMs", state: "note", finding, next }];
}

function someOf(names: readonly string[], count: number): string {
  const others = count - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
