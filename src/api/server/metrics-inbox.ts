// Metrics on their way in: what they become is known only when a scrape is whole, so it is looked for again and again. Each customer's
// metrics are followed apart from all others', and only samples of VMs that are its own go on to the store.
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { type Failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { MetricsMapping } from "../contract/metrics.ts";
import type { Caller } from "./callers.ts";
import type { FleetDirectory } from "./fleet-directory.ts";
import { withoutVms } from "./own-samples.ts";
import { type Refusal, statusOf } from "./refusals.ts";
import { inboxFull, type SampleInbox } from "./sample-inbox.ts";
import type { StrangerBook } from "./stranger-book.ts";

export type MetricsForm = "remote-write" | "otlp-protobuf" | "otlp-json";

export interface WrittenMetrics {
  /** Samples that were taken for nothing, by why. */
  readonly rejected: Readonly<Record<string, number | undefined>>;
}

/** Follows the metrics of one tenant: an adapter's. */
export interface MetricsCollector {
  write(body: Uint8Array, now: Instant, form: MetricsForm): Result<WrittenMetrics>;
  /** What is whole by now; with `all` everything. */
  takeSamples(now: Instant, all?: boolean): SampleColumns;
  whatReached(): Pick<MetricsMapping, "reached" | "ignored" | "counts">;
  targets(): Iterable<MetricTarget>;
}

/** Who tells of a VM. */
export interface MetricTarget {
  readonly vm: string;
  /** Of rules. */
  readonly source: string;
  readonly job: string;
  readonly instance: string;
}

export interface MetricsInbox {
  /** Asked before a body is read. */
  isFull(caller: Caller): boolean;
  write(caller: Caller, body: Uint8Array, form: MetricsForm): Promise<Result<WrittenMetrics, Refusal>>;
  whatReached(caller: Caller): MetricsMapping;
  /** Of all tenants. */
  targets(): Iterable<MetricTarget>;
  /** Hands on what has waited for long enough; at the end everything. */
  handOn(all?: boolean): Promise<void>;
}

export interface MetricsInboxOptions {
  readonly open: () => MetricsCollector;
  readonly directory: FleetDirectory;
  readonly inbox: SampleInbox;
  readonly strangers: StrangerBook;
  readonly now: () => Instant;
}

interface Tenant {
  readonly caller: Caller;
  readonly collector: MetricsCollector;
  /** What could not be kept yet: nothing more is taken in before it is. */
  left: SampleColumns | undefined;
  /** One after the other, so that nothing overtakes. */
  handing: Promise<Result<void, Refusal>>;
  readonly unknownVms: Map<string, number>;
}

const UNKNOWN_VMS_MAX = 1_000;
const UNKNOWN_VMS_TOLD = 100;

export function createMetricsInbox({
  open,
  directory,
  inbox,
  strangers: book,
  now,
}: MetricsInboxOptions): MetricsInbox {
  const tenants = new Map<string, Tenant>();

  function tenantOf(caller: Caller): Tenant {
    const name = caller.role === "operator" ? "" : (caller.customer ?? "");
    const known = tenants.get(name);
    if (known !== undefined) return known;
    const handing = Promise.resolve(success(undefined));
    const made: Tenant = { caller, collector: open(), left: undefined, handing, unknownVms: new Map() };
    tenants.set(name, made);
    return made;
  }

  async function handOnOf(tenant: Tenant, all: boolean): Promise<Result<void, Refusal>> {
    if (tenant.left !== undefined) {
      const kept = await keep(tenant, tenant.left);
      if (!kept.ok) return kept;
      tenant.left = undefined;
    }
    const columns = tenant.collector.takeSamples(now(), all);
    if (columns.at.length === 0) return success(undefined);
    const kept = await keep(tenant, columns);
    if (!kept.ok) tenant.left = columns;
    return kept;
  }

  async function keep({ caller, unknownVms }: Tenant, columns: SampleColumns): Promise<Result<void, Refusal>> {
    const owners = await directory.owners(columns.vms);
    if (!owners.ok) return owners;
    const isOwn = (owner: string | undefined) =>
      owner !== undefined && (caller.role === "operator" || owner === caller.customer);
    const strangers = new Set<VmId>(columns.vms.filter((_, index) => !isOwn(owners.value[index])));
    const kept = await inbox.take(withoutVms(columns, strangers), now());
    if (kept.ok) {
      countRows(columns, strangers, unknownVms);
      const nobodys = new Set(columns.vms.filter((_, index) => owners.value[index] === undefined));
      book.note(columns, nobodys, { now: now(), customer: caller.customer });
    }
    return kept;
  }

  function queue(tenant: Tenant, all: boolean): Promise<Result<void, Refusal>> {
    tenant.handing = tenant.handing.then(() => handOnOf(tenant, all));
    return tenant.handing;
  }

  return {
    isFull: (caller) => inbox.isFull() || tenantOf(caller).left !== undefined,
    async write(caller, body, form) {
      const tenant = tenantOf(caller);
      const written = tenant.collector.write(body, now(), form);
      if (!written.ok) return { ok: false, error: refusedBody(written.error) };
      const kept = await queue(tenant, false);
      // It is heard, and what it became is kept aside: sent again, it counts once.
      if (kept.ok) return success(written.value);
      return statusOf(kept.error) === 429 ? inboxFull() : kept;
    },
    whatReached(caller) {
      const { collector, unknownVms } = tenantOf(caller);
      const unknown = [...unknownVms].map(([vm, rows]) => ({ vm, rows })).slice(0, UNKNOWN_VMS_TOLD);
      return { ...collector.whatReached(), unknownVms: unknown };
    },
    *targets() {
      for (const { collector } of tenants.values()) yield* collector.targets();
    },
    async handOn(all = false) {
      await Promise.all([...tenants.values()].map((tenant) => queue(tenant, all)));
    },
  };
}

function refusedBody(error: Failure): Refusal {
  return { ...error, status: error.kind === "rejected" ? 413 : 400 };
}

function countRows({ vms, vm }: SampleColumns, strangers: ReadonlySet<VmId>, counted: Map<string, number>): void {
  if (strangers.size === 0) return;
  for (const place of vm) {
    const id = vms[place];
    if (id === undefined || !strangers.has(id)) continue;
    if (counted.has(id) || counted.size < UNKNOWN_VMS_MAX) counted.set(id, (counted.get(id) ?? 0) + 1);
  }
}
