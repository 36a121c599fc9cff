// What the demo's page and every other live viewer is told: one snapshot on arrival, one message a tick after that.
import { type Static, Type } from "typebox";
import { ADDRESSES } from "./addresses.ts";
import { OPERATOR, owned, type Route } from "./route.ts";

const ResourceName = Type.Union([
  Type.Literal("cpu"),
  Type.Literal("memory"),
  Type.Literal("network"),
  Type.Literal("storage"),
]);

/** Amounts of all four resources in base units: cores, bytes, bytes/s, bytes/s. */
export const Amounts = Type.Object({
  cpu: Type.Number({ minimum: 0 }),
  memory: Type.Number({ minimum: 0 }),
  network: Type.Number({ minimum: 0 }),
  storage: Type.Number({ minimum: 0 }),
});
export type Amounts = Static<typeof Amounts>;

/** base + leased + buffer = reserved. `fixed` is what VMs of fixed size would hold. `used` is demand that was served. */
export const Totals = Type.Object({
  used: Amounts,
  base: Amounts,
  leased: Amounts,
  buffer: Amounts,
  fixed: Amounts,
});
export type Totals = Static<typeof Totals>;

export const HostState = Type.Object({
  id: Type.String(),
  vms: Type.Integer({ minimum: 0 }),
  capacity: Amounts,
  totals: Totals,
  /** Ticks of the last 24 h in which the host's VMs needed more than was reserved, per resource. */
  shortTicks: Amounts,
  shadowVms: Type.Array(Type.Object({ id: Type.String(), state: Type.String(), holds: Amounts })),
});
export type HostState = Static<typeof HostState>;

export const CustomerState = Type.Object({
  id: Type.String(),
  name: Type.String(),
  vms: Type.Integer({ minimum: 0 }),
  used: Amounts,
  /** base + leases. */
  allowed: Amounts,
  base: Amounts,
  ceiling: Amounts,
  /** Demand served out of the buffer, and demand not served at all, in the tick just past. */
  fromBuffer: Amounts,
  short: Amounts,
});
export type CustomerState = Static<typeof CustomerState>;

export const Decision = Type.Object({
  /** Grows by one with every decision. */
  id: Type.Integer({ minimum: 1 }),
  at: Type.String({ format: "date-time" }),
  kind: Type.String(),
  sentence: Type.String(),
  reason: Type.String(),
  /** Whose VM it is about; left out where it is about a host. */
  customer: Type.Optional(Type.String()),
});
export type Decision = Static<typeof Decision>;

/** One finished tick: `live` event of GET /v1/live. */
export const Tick = Type.Object({
  /** End of the tick, ISO 8601 UTC. */
  at: Type.String({ format: "date-time" }),
  tookMs: Type.Number({ minimum: 0 }),
  totals: Totals,
  /** Share of demand served from buffers and share not served, over the last 24 h, per resource. */
  fromBuffer24h: Amounts,
  short24h: Amounts,
  /** Reserved per used over the last 24 h, per resource. */
  reservedPerUsed24h: Amounts,
  hosts: Type.Array(HostState),
  customers: Type.Array(CustomerState),
  decisions: Type.Array(Decision),
  money: Type.Object({
    currency: Type.String(),
    /** Cost of what is reserved now and of the fixed sizes, per hour, in currency units. */
    reservedPerHour: Type.Number({ minimum: 0 }),
    fixedPerHour: Type.Number({ minimum: 0 }),
  }),
});
export type Tick = Static<typeof Tick>;

/** One number a tick and resource, oldest first; all arrays of one history have the same length. */
const ByResource = Type.Record(ResourceName, Type.Array(Type.Number()));

const FleetHistory = Type.Object({
  /** End of each tick, milliseconds since 1970. */
  at: Type.Array(Type.Integer()),
  used: ByResource,
  base: ByResource,
  leased: ByResource,
  buffer: ByResource,
  short: ByResource,
});

/** GET /v1/fleet */
export const FleetView = Type.Object({
  mode: Type.Union([Type.Literal("observe"), Type.Literal("act")]),
  /** Simulated fleets say so, and how much faster than the wall their time runs. */
  simulated: Type.Object({ is: Type.Boolean(), speed: Type.Number({ minimum: 0 }), seed: Type.Integer() }),
  tickSeconds: Type.Number({ exclusiveMinimum: 0 }),
  serviceLevel: Type.Number({ minimum: 0, maximum: 1 }),
  latest: Tick,
  history: FleetHistory,
});
export type FleetView = Static<typeof FleetView>;

/** A path of quantiles, [tick][level]. */
export const Fan = Type.Object({
  levels: Type.Array(Type.Number()),
  /** End of each coming tick, milliseconds since 1970. */
  at: Type.Array(Type.Integer()),
  quantiles: Type.Array(Type.Array(Type.Number())),
});
export type Fan = Static<typeof Fan>;

/** What is lent to one VM beyond its base, until it expires or is decided anew. */
const LeaseView = Type.Object({
  vm: Type.String(),
  resource: ResourceName,
  /** Base units of the resource. */
  amount: Type.Number({ minimum: 0 }),
  grantedAt: Type.String({ format: "date-time" }),
  expiresAt: Type.String({ format: "date-time" }),
  state: Type.String(),
});

/** GET /v1/customers/:id/chart */
export const CustomerChart = Type.Object({
  id: Type.String(),
  name: Type.String(),
  at: Type.Array(Type.Integer()),
  used: ByResource,
  allowed: ByResource,
  fromBuffer: ByResource,
  short: ByResource,
  base: Amounts,
  ceiling: Amounts,
  leases: Type.Array(LeaseView),
  /** The customer's total over the next 24 h, forecast as a total, per resource. */
  forecast: Type.Record(ResourceName, Fan),
});
export type CustomerChart = Static<typeof CustomerChart>;

/** What a customer's key hears of a finished tick: its own part of it. */
export const CustomerTick = Type.Object({
  at: Type.String({ format: "date-time" }),
  customers: Type.Array(CustomerState),
  decisions: Type.Array(Decision),
});
export type CustomerTick = Static<typeof CustomerTick>;

/** RFC 9457. `type` is urn:headroom:problem:KIND. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  /** What is wrong where: `pointer` is a JSON pointer into that part of the request. */
  errors: Type.Optional(
    Type.Array(
      Type.Object({
        in: Type.Enum(["body", "query", "path", "header"]),
        pointer: Type.String(),
        detail: Type.String(),
      }),
    ),
  ),
});
export type Problem = Static<typeof Problem>;

const TAG = "monitoring";

/** What a running cell shows of itself. */
export const liveRoutes = {
  getFleet: {
    ...ADDRESSES.getFleet,
    tag: TAG,
    scope: "read",
    tenant: OPERATOR,
    summary: "The fleet now, and its last 24 hours",
    response: FleetView,
    example: {},
  },
  getCustomerChart: {
    ...ADDRESSES.getCustomerChart,
    tag: TAG,
    scope: "read",
    tenant: owned("customer"),
    summary: "A customer's last 24 hours, and the next",
    params: Type.Object({ id: Type.String({ maxLength: 128 }) }),
    response: CustomerChart,
    example: {},
  },
} as const satisfies Record<string, Route>;
