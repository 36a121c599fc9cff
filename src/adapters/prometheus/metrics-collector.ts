// Metrics as they are pushed, into samples of VMs: each series is followed on its own, counters become rates, and devices are added up
// once a scrape is whole, however many requests it came in. Memory is bounded by the number of series.
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import { readOtlpJson, readOtlpProtobuf } from "../otlp/read-otlp.ts";
import type { MetricMapping } from "./metric-rule.ts";
import { createReachBook, type ReachedMetrics } from "./reach-book.ts";
import { planRules, type RulePlan } from "./rule-plan.ts";
import { type ClosedScrape, closeScrapes, comeLate, isEmpty, scrapeAt, type Target, tell } from "./scrapes.ts";
import { createSeriesTable, endSeries, type Series, type SeriesTable } from "./series-table.ts";
import { readWriteRequest, type WriteRequest, type WrittenSeries } from "./write-request.ts";

export interface MetricsCollector {
  /** Whatever fails has changed nothing. `now`: by the wall clock. */
  write(body: Uint8Array, now: Instant, form?: MetricsForm): Result<WrittenMetrics>;
  /** Takes out what is whole by now, or has waited for long enough; with `all` everything. */
  takeSamples(now: Instant, all?: boolean): SampleColumns;
  /** Which metric reached which VM and resource, and what was ignored, and why. */
  whatReached(): ReachedMetrics;
  /** Who tells of which VM, each once. */
  targets(): Iterable<ToldTarget>;
}

/** Of a body. */
type MetricsForm = keyof typeof READERS;

const READERS = {
  "remote-write": readWriteRequest,
  "otlp-protobuf": readOtlpProtobuf,
  "otlp-json": readOtlpJson,
} as const;

type Rejection = (typeof REJECTIONS)[number];

interface WrittenMetrics {
  /** Samples that were taken for nothing, by why. */
  readonly rejected: Readonly<Partial<Record<Rejection, number>>>;
}

interface ToldTarget {
  readonly vm: string;
  readonly source: string;
  readonly job: string;
  readonly instance: string;
}

export interface CollectorLimits {
  /** Series that are followed at once, those that are left out by a rule among them. */
  readonly seriesMax: number;
  /** How long a scrape that is not whole is waited for. */
  readonly graceMs: number;
}

const LIMITS: CollectorLimits = { seriesMax: 1_000_000, graceMs: 15 * SECOND_MS };
const SCRAPES_MAX = 60;
/** A rate over more than this says nothing of one tick. */
const GAP_MS_MAX = 15 * MINUTE_MS;
/** What is not whole is looked at so often. */
const LOOK_MS = SECOND_MS;
const IDLE_MS = HOUR_MS;
const AHEAD_MS_MAX = 5 * MINUTE_MS;
const INSTANT_MIN = Date.UTC(1980, 0, 1);

export function createMetricsCollector(
  mapping: MetricMapping,
  limits: Partial<CollectorLimits> = {},
): MetricsCollector {
  const { seriesMax, graceMs } = { ...LIMITS, ...limits };
  const plan = planRules(mapping);
  const book = createReachBook();
  const table = createSeriesTable(plan, seriesMax);
  const open = new Set<Target>();
  let closed: ClosedScrape[] = [];
  let lookedAt = Number.NEGATIVE_INFINITY;

  function close(targets: Iterable<Target>, heardBefore: number): void {
    for (const target of targets) {
      for (const scrape of closeScrapes(target, plan, { heardBefore, scrapesMax: SCRAPES_MAX })) {
        book.counts.incomplete += scrape.incomplete;
        if (!isEmpty(scrape)) closed.push(scrape);
      }
      if (target.scrapes.length === 0) open.delete(target);
    }
  }

  return {
    write(body, now, form = "remote-write") {
      const request = READERS[form](body);
      if (!request.ok) return request;
      const before = { ...book.counts };
      const touched = new Set<Target>();
      const heard: Heard = { request: request.value, at: 0, value: 0, since: 0, now, counts: book.counts };
      for (const written of request.value.series) {
        const known = follow(written, { plan, table, now });
        if (typeof known === "string") book.ignore(written.name, known, written.to - written.from);
        else {
          hearAll(known, written, heard);
          for (const { target } of known.feeds) touched.add(target);
        }
      }
      count(book.counts, request.value);
      for (const target of touched) open.add(target);
      close(touched, Number.NEGATIVE_INFINITY);
      return success({ rejected: rejectedSince(before, book.counts) });
    },
    takeSamples(now, all = false) {
      if (all || now - lookedAt >= LOOK_MS) {
        close([...open], all ? Number.POSITIVE_INFINITY : now - graceMs);
        lookedAt = now;
      }
      table.forgetIdle(now - IDLE_MS);
      const taken = columnsOf(closed);
      closed = [];
      book.counts.rows += taken.at.length;
      return taken;
    },
    whatReached: () => book.tell(table.all(), plan),
    targets: () => targetsIn(table.all(), plan),
  };
}

function count(counts: Counts, { series, histograms, unreadable = 0 }: WriteRequest): void {
  for (const { from, to } of series) counts.samples += to - from;
  counts.histograms += histograms;
  counts.absurd += unreadable;
}

const REJECTIONS = ["absurd", "outOfOrder", "late", "histograms"] as const;

function rejectedSince(before: Readonly<Counts>, counts: Readonly<Counts>): WrittenMetrics["rejected"] {
  const more = REJECTIONS.map((why) => [why, counts[why] - before[why]] as const);
  return Object.fromEntries(more.filter(([, count]) => count > 0));
}

type Counts = ReturnType<typeof createReachBook>["counts"];

/** Or why it is not followed. */
function follow(
  { name, labels }: WrittenSeries,
  { plan, table, now }: { readonly plan: RulePlan; readonly table: SeriesTable; readonly now: Instant },
): Series | string {
  const known = table.known(labels);
  if (known === undefined && !plan.rolesOf.has(name))
    return name === "" ? "it has no name" : "no rule names this metric";
  const series = known ?? table.find({ name, labels, now });
  if (series === undefined) return "more series come than are followed";
  series.seenAt = now;
  return series.ignored ?? series;
}

/** `heard` is one for all of them: there are hundreds of thousands a second. */
function hearAll(series: Series, { from, to }: WrittenSeries, heard: Heard): void {
  const { at, value, since } = heard.request;
  for (let index = from; index < to; index++) {
    heard.at = at[index] as number;
    heard.value = value[index] as number;
    heard.since = since === undefined ? Number.NaN : (since[index] as number);
    hear(series, heard);
  }
}

interface Heard {
  readonly request: WriteRequest;
  at: number;
  value: number;
  /** NaN, or the value is what was added since. */
  since: number;
  readonly now: Instant;
  readonly counts: Counts;
}

function hear(series: Series, heard: Heard): void {
  const { at, value, now, counts } = heard;
  const odd = oddityOf(series, heard);
  if (odd !== undefined) {
    counts[odd]++;
    if (odd === "stale" && at >= series.at) {
      series.at = at;
      endSeries(series);
    }
    return;
  }
  const rate = rateOf(series, heard);
  if (rate === "resets" || rate === "gaps") counts[rate]++;
  series.at = at;
  series.value = value;
  series.samples++;
  const told = typeof rate === "number" ? rate : undefined;
  // What was added is no level.
  const level = Number.isNaN(heard.since) ? value : undefined;
  for (const { target, slot, isRate } of series.feeds) {
    const scrape = scrapeAt(target, at, now);
    if (scrape === undefined) {
      comeLate(target, slot);
      counts.late++;
    } else tell(scrape, slot, isRate ? told : level);
  }
}

/** Why it does not count. Not a number is Prometheus' word for the end of a series. */
function oddityOf(series: Series, { at, value, now }: Heard): keyof Heard["counts"] | undefined {
  if (Number.isNaN(value)) return "stale";
  const isAbsurd = !Number.isFinite(value) || value < 0 || !(at >= INSTANT_MIN && at <= now + AHEAD_MS_MAX);
  if (isAbsurd) return "absurd";
  if (at === series.at) return "duplicates";
  return at < series.at ? "outOfOrder" : undefined;
}

/** Per second since the last sample; undefined for the first. */
function rateOf(
  series: Series,
  { at, value, since }: Pick<Heard, "at" | "value" | "since">,
): number | "resets" | "gaps" | undefined {
  if (!series.hasRate) return undefined;
  if (!Number.isNaN(since)) return at - since > GAP_MS_MAX ? "gaps" : value / ((at - since) / SECOND_MS);
  if (series.value === undefined) return undefined;
  if (value < series.value) return "resets";
  if (at - series.at > GAP_MS_MAX) return "gaps";
  return (value - series.value) / ((at - series.at) / SECOND_MS);
}

function* targetsIn(series: Iterable<Series>, { rules }: RulePlan): Generator<ToldTarget> {
  const told = new Set<string>();
  for (const { feeds } of series)
    for (const { target, slot } of feeds) {
      const source = rules[target.slots[slot]?.rule ?? -1]?.rule.source ?? "";
      const key = `${source}\0${target.key}`;
      if (told.has(key)) continue;
      told.add(key);
      const [vm = "", job = "", instance = ""] = target.key.split("\0");
      yield { vm, source, job, instance };
    }
}

/** Two targets may tell of one VM and instant: of each resource the first that tells it stands. */
function columnsOf(scrapes: readonly ClosedScrape[]): SampleColumns {
  const rows = new Map<string, number>();
  const vms = new Map<string, number>();
  const vm: number[] = [];
  const at: number[] = [];
  const usage: number[] = [];
  for (const scrape of scrapes) {
    const key = `${scrape.at} ${scrape.vm}`;
    const row = rows.get(key) ?? at.length;
    if (row === at.length) {
      rows.set(key, row);
      const place = vms.get(scrape.vm) ?? vms.size;
      vms.set(scrape.vm, place);
      vm.push(place);
      at.push(scrape.at);
      usage.push(...scrape.usage);
    } else
      for (const [offset, amount] of scrape.usage.entries())
        if (Number.isNaN(usage[row * RESOURCE_COUNT + offset])) usage[row * RESOURCE_COUNT + offset] = amount;
  }
  return {
    vms: [...vms.keys()] as VmId[],
    vm: Uint32Array.from(vm),
    at: Float64Array.from(at),
    usage: Float32Array.from(usage),
  };
}
