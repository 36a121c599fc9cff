// A row of the table of routes: everything that server, client and OpenAPI document need to know of one operation.
import type { TSchema } from "typebox";

export const TAGS = {
  fleet: "Customers, workloads, VMs, hosts, pools and cells: who owns what, and where it runs.",
  samples: "What VMs were seen to use, as it comes in.",
  profiles: "What customers declare of their workloads.",
  contracts: "Predictive scaling: who opted in, for what, and up to where.",
  "hand-overs": "Whole shadow VMs as one more replica of a workload: asked for, told of by webhook, and returned.",
  monitoring: "What VMs may use now, what is forecast for them, what was decided, and why.",
  events: "Known and announced things that move demand, and times from which nothing is to be learned.",
  pricing: "Prices, usage, invoices, whether the promise was kept, and what profiles are worth.",
  sources: "Where events are read: calendars, feeds, holidays, seasons, programs that call; and how to correct them.",
  operator: "Modes, kill switch, blackouts, models, keys, and the log of changes.",
} as const;

type Scope = "read" | "write" | "ingest";

/**
 * Whose things a route shows or changes. `operator`: for operators only. `owned`: the path parameter `id` names such a
 * document, and a customer's key finds its own only. `confined`: a customer's key sees and changes its own only.
 */
export type Tenant =
  | { readonly kind: "operator" }
  | { readonly kind: "owned"; readonly document: OwnedDocument }
  | { readonly kind: "confined" };

export type OwnedDocument = "customer" | "workload" | "vm" | "event" | "source" | "do-not-learn" | "blackout";

export interface Route {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  readonly path: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  readonly tenant: Tenant;
  readonly params?: TSchema;
  readonly query?: TSchema;
  readonly body?: TSchema;
  /** Bytes; BODY_BYTES_MAX where left out. */
  readonly bodyBytesMax?: number;
  /** A second form of the body, as bytes. */
  readonly packedBody?: string;
  /** 200 where left out; 201 and 204 besides. */
  readonly status?: 201 | 204;
  readonly response: TSchema;
  /** The resource has a version: ETag goes out, If-Match and If-None-Match come in. */
  readonly versioned?: true;
  /** The answer holds a secret that is kept nowhere: a repeated POST is not answered with it again. */
  readonly secret?: true;
  /** A body that is right, and what may be answered. */
  readonly example: { readonly body?: unknown; readonly response?: unknown };
}

export const BODY_BYTES_MAX = 256 * 1024;

export const OPERATOR: Tenant = { kind: "operator" };
export const CONFINED: Tenant = { kind: "confined" };

export function owned(document: OwnedDocument): Tenant {
  return { kind: "owned", document };
}
