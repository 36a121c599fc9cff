// The book of what came of metrics: which reached which VM and resource, what was ignored and why, and how many samples were odd in
// which way. Bounded, whatever comes.
import type { Resource } from "../../model/resources.ts";
import { PARTS, type Part, type RulePlan } from "./rule-plan.ts";
import type { Series } from "./series-table.ts";

export interface ReachedMetrics {
  readonly reached: ReachedMetric[];
  readonly ignored: IgnoredMetric[];
  readonly counts: Readonly<MetricCounts>;
}

interface ReachedMetric {
  readonly metric: string;
  readonly source: string;
  readonly resource: Resource;
  /** Added up, taken off, or multiplied by. */
  readonly part: Part;
  readonly series: number;
  readonly samples: number;
  /** The first of them by id, and how many there are. */
  readonly vms: string[];
  readonly vmCount: number;
}

interface IgnoredMetric {
  readonly metric: string;
  readonly why: string;
  readonly samples: number;
}

interface MetricCounts {
  samples: number;
  /** Rows of samples of VMs that were made of them. */
  rows: number;
  /** The same instant of a series again; an earlier one than was seen; one whose scrape was closed already. */
  duplicates: number;
  outOfOrder: number;
  late: number;
  /** Not finite, negative, or of a time that cannot be. */
  absurd: number;
  /** Marks of the end of a series. */
  stale: number;
  /** Counters that began anew, and those with too long a time between two samples. */
  resets: number;
  gaps: number;
  /** Resources of a VM and scrape of which a part was missing. */
  incomplete: number;
  /** Native histograms. */
  histograms: number;
}

const IGNORED_MAX = 5_000;
const VMS_TOLD = 20;

interface ReachBook {
  readonly counts: MetricCounts;
  ignore(metric: string, why: string, samples: number): void;
  tell(series: Iterable<Series>, plan: RulePlan): ReachedMetrics;
}

export function createReachBook(): ReachBook {
  const counts: MetricCounts = {
    ...{ samples: 0, rows: 0, duplicates: 0, outOfOrder: 0, late: 0, absurd: 0 },
    ...{ stale: 0, resets: 0, gaps: 0, incomplete: 0, histograms: 0 },
  };
  const ignored = new Map<string, Map<string, number>>();
  let size = 0;
  return {
    counts,
    ignore(metric, why, samples) {
      const isKnown = ignored.get(why)?.has(metric) ?? false;
      const name = isKnown || size < IGNORED_MAX ? metric : "(others)";
      const byMetric = ignored.get(why) ?? new Map<string, number>();
      ignored.set(why, byMetric);
      if (!byMetric.has(name)) size++;
      byMetric.set(name, (byMetric.get(name) ?? 0) + samples);
    },
    tell: (series, plan) => ({
      reached: reachedBy(series, plan),
      ignored: [...ignored].flatMap(([why, byMetric]) =>
        [...byMetric]
          .map(([metric, samples]) => ({ metric, why, samples }))
          .sort((a, b) => compare(a.metric, b.metric)),
      ),
      counts: { ...counts },
    }),
  };
}

function reachedBy(series: Iterable<Series>, { rules }: RulePlan): ReachedMetric[] {
  const reached = new Map<
    string,
    { rule: number; metric: string; part: Part; series: number; samples: number; vms: Set<string> }
  >();
  for (const { metric, feeds, samples } of series)
    for (const { target, slot } of feeds) {
      const { rule = 0, part = "value" } = target.slots[slot] ?? {};
      const key = `${rule} ${part}`;
      const row = reached.get(key) ?? { rule, metric, part, series: 0, samples: 0, vms: new Set<string>() };
      reached.set(key, row);
      row.series++;
      row.samples += samples;
      row.vms.add(target.vm);
    }
  const rows = [...reached.values()].sort((a, b) => a.rule - b.rule || PARTS.indexOf(a.part) - PARTS.indexOf(b.part));
  return rows.flatMap(({ rule, vms, ...row }) => {
    const told = rules[rule]?.rule;
    if (told === undefined) return [];
    const { source, resource } = told;
    return [{ ...row, source, resource, vms: [...vms].sort(compare).slice(0, VMS_TOLD), vmCount: vms.size }];
  });
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
