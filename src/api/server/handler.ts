// What a route's handler is given, and what it answers. Parameters and body are as the contract says when it is called.
import type { Static, TSchema } from "typebox";
import type { Actor, DocumentChange, Store } from "../../control/store-ports.ts";
import type { Result } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { LiveViews } from "../contract/live-views.ts";
import type { Route } from "../contract/route.ts";
import type { Caller } from "./callers.ts";
import type { DeclarationDesk } from "./declaration-desk.ts";
import type { FleetDirectory } from "./fleet-directory.ts";
import type { HandOverDesk } from "./hand-over-desk.ts";
import type { MetricsInbox } from "./metrics-inbox.ts";
import type { ModelDesk } from "./model-desk.ts";
import type { Precondition } from "./preconditions.ts";
import type { PricingDesk, QuoteMaker } from "./pricing-desk.ts";
import type { Refusal } from "./refusals.ts";
import type { SampleInbox } from "./sample-inbox.ts";
import type { SourceDesk } from "./source-desk.ts";
import type { StrangerBook } from "./stranger-book.ts";
import type { ConfinedStore } from "./tenant.ts";

type Part<Row, Key extends string> = Row extends { readonly [K in Key]: infer Schema extends TSchema }
  ? Static<Schema>
  : undefined;

export interface Asked<Row extends Route = Route> {
  readonly params: Part<Row, "params">;
  readonly query: Part<Row, "query">;
  readonly body: Part<Row, "body">;
  readonly caller: Caller;
  /** The caller, now, for the log of changes. */
  readonly actor: Actor;
  readonly precondition: Precondition;
  /** For ids of what a POST makes: the same for a repeated request, so that it finds what it made. */
  readonly seed: string | undefined;
  readonly now: Instant;
  /** What the caller may see and change of what is kept. */
  readonly store: ConfinedStore;
}

export interface Answer<Value> {
  readonly body: Value;
  /** As the route says where left out. */
  readonly status?: number;
  readonly version?: number;
  readonly location?: string;
}

type Answered<Row extends Route> = Promise<Result<Answer<Part<Row, "response">>, Refusal>>;
export type Handler<Row extends Route> = (asked: Asked<Row>) => Answered<Row>;
export type Handlers<Rows extends Readonly<Record<string, Route>>> = {
  readonly [Name in keyof Rows]: Handler<Rows[Name]>;
};

/** What handlers work with, beside what each request brings. */
export interface Desks {
  readonly views: LiveViews;
  readonly models: ModelDesk;
  readonly declarations: DeclarationDesk;
  readonly pricing: PricingDesk;
  readonly quote: QuoteMaker | undefined;
  readonly handOvers: HandOverDesk;
  readonly directory: FleetDirectory;
  readonly inbox: SampleInbox;
  /** Undefined: no sources are read. */
  readonly sources: SourceDesk | undefined;
  /** Undefined: no metrics are taken. */
  readonly metrics: MetricsInbox | undefined;
  /** VMs that are seen and not declared. */
  readonly strangers: StrangerBook;
  readonly keys: Store["keys"];
  /** For changes of what is no document. */
  readonly note: Store["log"]["note"];
  /** Something that is kept has changed: the running cells are told at once. */
  readonly changed: (changes: readonly Changed[]) => void;
  readonly keysChanged: () => void;
}

export type Changed = Pick<DocumentChange, "kind" | "id">;
