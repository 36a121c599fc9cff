// THE DOORS to what is kept: fleet and declarations, samples, the memory of cells, keys and the log of changes. Whatever a call
// acknowledged is there after a crash at any point; what failed changed nothing. Every list has a bound and a cursor.
import type { Blackout } from "../model/blackout.ts";
import type { DecisionRecord } from "../model/decision.ts";
import type { DoNotLearnRange } from "../model/do-not-learn.ts";
import type { ExternalEvent } from "../model/event.ts";
import type { CellId, Customer, CustomerId, Host, Pool, Vm, VmId, Workload } from "../model/fleet.ts";
import type { WebhookTarget } from "../model/hand-over.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import type { Resource } from "../model/resources.ts";
import type { Result } from "../model/result.ts";
import type { ServiceContract } from "../model/service-plan.ts";
import type { EventSource, SourceReading } from "../model/source.ts";
import type { Instant } from "../model/time.ts";
import type { UsageRecord } from "../model/usage-record.ts";
import type { WorkloadTemplate } from "../model/workload-template.ts";
import type { PriceBook } from "../pricing/price-book.ts";
import type { FinalInvoice, TierHistory } from "./kept-bills.ts";
import type { UsageStore } from "./store-ports/usage-port.ts";

/** Everything that people set, by kind: small documents with a version each. */
export interface DocumentKinds {
  readonly customer: Customer;
  readonly workload: Workload;
  readonly pool: Pool;
  readonly host: Host & { readonly cell: CellId };
  readonly vm: Vm;
  /** By workload id. */
  readonly profile: WorkloadProfile;
  /** By workload id. */
  readonly template: WorkloadTemplate;
  /** By customer id. */
  readonly contract: ServiceContract;
  /** By customer id. */
  readonly webhook: WebhookTarget;
  /** By an id of their own, as are those that follow. */
  readonly event: ExternalEvent;
  readonly blackout: Blackout;
  readonly "do-not-learn": DoNotLearnRange;
  readonly source: EventSource;
  /** By the id of the source. */
  readonly "source-reading": SourceReading;
  /** By cell id. */
  readonly "cell-settings": CellSettings;
  /** One, called "current". */
  readonly "price-book": PriceBook;
  /** By customer and month: "acme:2026-03". Written once. */
  readonly invoice: FinalInvoice;
  /** One, called "invoices": written with each invoice, so that numbers have no gap. */
  readonly "invoice-number": { readonly last: number };
  /** By customer. */
  readonly "profile-tier": TierHistory;
}

export type DocumentKind = keyof DocumentKinds;

export interface CellSettings {
  readonly cell: CellId;
  /** Share of time that demand is to be covered, 0..1. */
  readonly serviceLevel: number;
  readonly stepMs: number;
  readonly mode: "observe" | "act";
  /** Customers who chose to be acted for; the others are observed. */
  readonly acting: readonly CustomerId[];
  readonly killSwitch: boolean;
}

export interface Kept<Value> {
  readonly id: string;
  readonly value: Value;
  /** 1 at first; grows by one with every change. */
  readonly version: number;
  readonly changedAt: Instant;
  /** Whom it belongs to; left out for what is the operator's. */
  readonly customer?: CustomerId;
}

export type DocumentChange = {
  [Kind in DocumentKind]: {
    readonly kind: Kind;
    readonly id: string;
    /** Undefined: it is removed. */
    readonly value: DocumentKinds[Kind] | undefined;
    readonly customer?: CustomerId;
    /** Only if it has this version now; 0: only if there is none. Any where left out. */
    readonly ifVersion?: number;
    /** Other documents that must be there, and cannot be removed while this one is. */
    readonly needs?: readonly { readonly kind: DocumentKind; readonly id: string }[];
  };
}[DocumentKind];

export interface ListQuestion {
  /** Ids greater than this one. */
  readonly after?: string;
  /** 1 to 1000. */
  readonly limit: number;
  /** Only what belongs to this customer. */
  readonly customer?: CustomerId;
}

export interface DocumentStore {
  get<Kind extends DocumentKind>(kind: Kind, id: string): Promise<Result<Kept<DocumentKinds[Kind]> | undefined>>;
  /** Ascending by id. */
  list<Kind extends DocumentKind>(
    kind: Kind,
    question: ListQuestion,
  ): Promise<Result<readonly Kept<DocumentKinds[Kind]>[]>>;
  /**
   * All or nothing, each with a line in the log of changes, in one transaction: 10,000 at most, what they need may come in any
   * order. "conflict": a version is another by now, or something still needs what is to be removed; "not-found": something needed,
   * or to be removed, is not there. What was written comes back, in order; a removed one without its value, one version on.
   */
  write(changes: readonly DocumentChange[], by: Actor): Promise<Result<readonly Kept<unknown>[]>>;
  /** The id of the newest line in the log of changes: whoever asks knows whether there is news without reading it all. */
  revision(): Promise<Result<number>>;
}

/** Who changed something, for the log of changes. */
export interface Actor {
  /** Of an API key; "system" for Headroom itself. */
  readonly id: string;
  readonly at: Instant;
}

export interface LoggedChange {
  /** Ascending without gaps seen by one reader. */
  readonly id: number;
  readonly at: Instant;
  readonly by: string;
  readonly what: "created" | "changed" | "removed";
  readonly kind: string;
  readonly target: string;
  readonly customer?: CustomerId;
  readonly version: number;
  /** As kept before and after; left out where there was or is none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What the log of changes keeps of a document: all of it but secrets, which nobody is shown again. */
export function loggedValue(kind: DocumentKind, value: unknown): unknown {
  if (kind !== "webhook" || value === undefined) return value;
  const { url } = value as DocumentKinds["webhook"];
  return { url };
}

export interface ChangeLog {
  /** Newest first. `before`: ids smaller than this one. */
  changes(question: {
    readonly before?: number;
    readonly limit: number;
    readonly customer?: CustomerId;
    readonly kind?: string;
    readonly target?: string;
  }): Promise<Result<readonly LoggedChange[]>>;
  /** For what is no document: a model was promoted, a key was made. */
  note(change: Omit<LoggedChange, "id">): Promise<Result<void>>;
}

/** Means over one tick or shorter, as columns: row i is `vms[vm[i]]` at `at[i]` (end of what was measured). */
export interface SampleColumns {
  readonly vms: readonly VmId[];
  readonly vm: Uint32Array;
  readonly at: Float64Array;
  /** [row x resource] base units; NaN: not measured. */
  readonly usage: Float32Array;
}

export interface SampleStore {
  /** Durable when it resolves. Amounts are rounded to 0.03 %, times to milliseconds; the same batch twice counts once. */
  append(columns: SampleColumns, receivedAt: Instant): Promise<Result<void>>;
  /** Of one VM, ascending by time, [from, to). Of two samples of one instant the later received stands. */
  read(vm: VmId, span: Span): Promise<Result<VmSamples>>;
  /** All that was received after `after`, oldest batch first: what a restarted process has to catch up with. Kept for a day. */
  batchesAfter(
    after: Instant,
  ): AsyncIterable<Result<{ readonly receivedAt: Instant; readonly columns: SampleColumns }>>;
  /** Folds what was received up to `now` into chunks per VM and day: idempotent, and safe to be cut at any point. */
  fold(now: Instant): Promise<Result<{ readonly folded: number }>>;
  /** Of days before `samplesFrom` only the largest of every hour stays, of those before `hoursFrom` nothing. */
  retain(limits: { readonly samplesFrom: Instant; readonly hoursFrom: Instant }): Promise<Result<void>>;
}

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export interface VmSamples {
  readonly at: Float64Array;
  /** By resource; NaN: not measured. Where only hours are kept: the hour's largest. */
  readonly usage: Readonly<Record<Resource, Float32Array>>;
}

/** The right to write for one cell: the last one who claimed it has it, all others' writes fail with "conflict". */
export interface CellClaim {
  readonly cell: CellId;
  readonly epoch: number;
}

export interface CellStore {
  claim(cell: CellId, by: { readonly process: string; readonly at: Instant }): Promise<Result<CellClaim>>;
  /** The last checkpoint, and what was heard since. Undefined: nothing was ever kept of this cell. */
  load(cell: CellId): Promise<Result<StoredCell | undefined>>;
  /**
   * Steps in ascending order, each with its records, in one transaction, before their actions go out. Those up to the newest one that is
   * kept are kept already, and left as they are: whoever lost its connection cannot know, and tries again.
   */
  commit(claim: CellClaim, steps: readonly StoredStep[]): Promise<Result<void>>;
  /** The whole memory, now and then: what was heard up to `number` is part of it. The one before stays until this one is whole. */
  checkpoint(
    claim: CellClaim,
    checkpoint: { readonly at: Instant; readonly number: number; readonly parts: AsyncIterable<Uint8Array> },
  ): Promise<Result<void>>;
  /** Newest first. */
  decisions(question: DecisionQuestion): Promise<Result<readonly StoredDecision[]>>;
  retainDecisions(from: Instant): Promise<Result<void>>;
}

/** What a cell heard, as bytes. Inputs are numbered from 1, without a gap, over the life of a cell. */
export interface HeardInput {
  readonly number: number;
  readonly bytes: Uint8Array;
}

export interface StoredStep extends HeardInput {
  readonly records: readonly DecisionRecord[];
  /** Pieces that the step closed; none where left out. */
  readonly usage?: readonly UsageRecord[];
}

export interface StoredCell {
  /** Ascending. A crash within a checkpoint leaves inputs that the checkpoint knows. */
  readonly heard: readonly HeardInput[];
  /** Its parts in the order in which they were given; "conflict" where a later one took its place while it was read. */
  readonly checkpoint?: { readonly at: Instant; readonly parts: AsyncIterable<Result<Uint8Array>> };
}

export interface StoredDecision {
  readonly id: number;
  readonly cell: CellId;
  readonly record: DecisionRecord;
}

export interface DecisionQuestion {
  readonly before?: number;
  readonly limit: number;
  readonly customer?: CustomerId;
  readonly vm?: VmId;
  readonly host?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

const KEY_ROLES = ["operator", "customer"] as const;
export const KEY_SCOPES = ["read", "write", "ingest"] as const;

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: (typeof KEY_ROLES)[number];
  readonly scopes: readonly (typeof KEY_SCOPES)[number][];
  /** Of whom; left out for operators. */
  readonly customer?: CustomerId;
  readonly createdAt: Instant;
  readonly expiresAt?: Instant;
  readonly revokedAt?: Instant;
}

/** The key itself is never kept, only its hash (SHA-256, hex). */
export interface KeyStore {
  add(key: ApiKey, hash: string, by: Actor): Promise<Result<void>>;
  byHash(hash: string): Promise<Result<ApiKey | undefined>>;
  keys(question: ListQuestion): Promise<Result<readonly ApiKey[]>>;
  revoke(id: string, by: Actor): Promise<Result<void>>;
}

/** One answer for one Idempotency-Key of one caller, for a day. */
export interface IdempotencyStore {
  /** "conflict": the same key came with another request. Undefined: this is the first. */
  answerTo(asked: {
    readonly caller: string;
    readonly key: string;
    readonly requestHash: string;
    readonly at: Instant;
  }): Promise<Result<KeptAnswer | undefined>>;
  keep(asked: { readonly caller: string; readonly key: string }, answer: KeptAnswer): Promise<Result<void>>;
}

export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Store {
  readonly documents: DocumentStore;
  readonly log: ChangeLog;
  readonly samples: SampleStore;
  readonly cells: CellStore;
  readonly usage: UsageStore;
  readonly keys: KeyStore;
  readonly idempotency: IdempotencyStore;
  /** A whole copy as a stream of bytes, and back into an empty store. */
  backup(): AsyncIterable<Result<Uint8Array>>;
  restore(parts: AsyncIterable<Uint8Array>): Promise<Result<void>>;
  /** Answers, and how full things are: for health and readiness. */
  health(): Promise<Result<{ readonly version: string; readonly schema: number; readonly bytes: number }>>;
  close(): Promise<void>;
}
