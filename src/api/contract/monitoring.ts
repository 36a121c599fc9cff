// What VMs and customers may use now, what is forecast for them, how it was, and what was decided: as of the last tick.
import { type Static, Type } from "typebox";
import { QUANTILE_LEVELS } from "../../model/forecast.ts";
import { LEASE_STAGES } from "../../model/lease.ts";
import { ADDRESSES } from "./addresses.ts";
import { CONFINED, owned, type Route } from "./route.ts";
import {
  byResource,
  Id,
  IdParams,
  Instant,
  NEWEST_FIRST,
  newestPage,
  nullable,
  ResourceName,
  strict,
} from "./scalars.ts";

const Known = nullable(Type.Number({ minimum: 0 }), "Base units; null where nobody knows.");

const AllocationOfResource = strict({
  demand: { ...Known, description: "What it wanted in the tick just past, base units; null: no usable sample." },
  base: Type.Number({ minimum: 0, description: "Always there." }),
  leased: Type.Number({ minimum: 0, description: "Lent on top of the base." }),
  allocation: Type.Number({ minimum: 0, description: "Base + leases: what may be used now." }),
  bufferInReach: Type.Number({
    minimum: 0,
    description: "Held ready on its hosts, as far as it may burst into it; shared with others there.",
  }),
  headroom: nullable(Type.Number(), "Allocation + buffer in reach - demand; null where demand is not known."),
});

const Lease = strict({
  vm: Id,
  resource: ResourceName,
  amount: Type.Number({ minimum: 0, description: "Base units, on top of the base." }),
  grantedAt: Instant,
  expiresAt: { ...Instant, description: "Decided anew at that instant." },
  state: Type.Enum([...LEASE_STAGES]),
});

const ALLOCATION = {
  at: { ...Instant, description: "End of the tick just past." },
  resources: byResource(AllocationOfResource),
  leases: Type.Array(Lease),
};
export const VmAllocation = strict({ vm: Id, host: Id, ...ALLOCATION });
export type VmAllocation = Static<typeof VmAllocation>;
export const CustomerAllocation = strict({ customer: Id, vms: Type.Integer({ minimum: 0 }), ...ALLOCATION });
export type CustomerAllocation = Static<typeof CustomerAllocation>;

const Quantiles = Type.Array(Type.Number({ minimum: 0 }), {
  minItems: QUANTILE_LEVELS.length,
  maxItems: QUANTILE_LEVELS.length,
});
const ForecastOfResource = strict({
  nextTick: nullable(Quantiles, "Demand in the tick to come, by level; null while too little is known."),
  halfHourPeak: nullable(Quantiles, "The largest demand of the next 30 minutes, by level."),
  hourlyPeaks: nullable(Type.Array(Quantiles, { maxItems: 24 }), "The largest demand of each of the next 24 hours."),
  basis: Type.String({ description: "What it is made of, and how much history there is, in one sentence." }),
});
const FORECAST = {
  origin: { ...Instant, description: "The forecast knows everything before this instant and nothing after it." },
  levels: Type.Array(Type.Number(), { description: "Demand stays below the value at level q with probability q." }),
  resources: byResource(ForecastOfResource),
};
export const VmForecast = strict({ vm: Id, ...FORECAST });
export type VmForecast = Static<typeof VmForecast>;
export const CustomerForecast = strict({ customer: Id, ...FORECAST });
export type CustomerForecast = Static<typeof CustomerForecast>;

const Column = Type.Array(nullable(Type.Number({ minimum: 0 }), "Null: not measured."));
export const VmHistory = strict({
  vm: Id,
  from: Instant,
  to: Instant,
  stepSeconds: Type.Integer({ minimum: 1 }),
  mean: { ...byResource(Column), description: "Entry i: mean over (from + i steps, from + i + 1 steps]; base units." },
  peak: { ...byResource(Column), description: "The largest sample of each step." },
});
export type VmHistory = Static<typeof VmHistory>;
export const HISTORY_POINTS_MAX = 10_000;
export const HISTORY_DAYS_MAX = 400;

export const LoggedDecision = strict({
  id: Type.Integer({ minimum: 1, description: "Grows with every decision." }),
  at: Instant,
  cell: Type.String(),
  kind: Type.String({ description: "raise, trim, relief, refused, terms, drift, buffer, went-short, ..." }),
  sentence: Type.String({ description: "What was decided." }),
  reason: Type.String({ description: "From which numbers, and why." }),
  vm: Type.Optional(Id),
  host: Type.Optional(Id),
  resource: Type.Optional(ResourceName),
});

const EXAMPLE_AT = "2026-03-02T08:05:00.000Z";
const exampleAllocation = {
  demand: 1.7,
  base: 1,
  leased: 1.2,
  allocation: 2.2,
  bufferInReach: 1.8,
  headroom: 2.3,
};
const exampleForecast = {
  nextTick: [0.9, 1.1, 1.4, 1.7, 2, 2.2, 2.4, 2.6, 2.9, 3.1, 3.4],
  halfHourPeak: [1.2, 1.4, 1.7, 2, 2.4, 2.6, 2.8, 3, 3.3, 3.5, 3.8],
  hourlyPeaks: null,
  basis: "26 h of history: statistics 100 %.",
};
const four = <Value>(value: Value) => ({ cpu: value, memory: value, network: value, storage: value });
const exampleLease = {
  vm: "meridian-web-1",
  resource: "cpu",
  amount: 1.2,
  grantedAt: EXAMPLE_AT,
  expiresAt: "2026-03-02T08:10:00.000Z",
  state: "held",
};
const ROW = { tag: "monitoring", scope: "read" } as const;

export const monitoringRoutes = {
  getVmAllocation: {
    ...ADDRESSES.getVmAllocation,
    ...ROW,
    tenant: owned("vm"),
    summary: "What a VM may use now",
    params: IdParams,
    response: VmAllocation,
    example: {
      response: {
        vm: "meridian-web-1",
        host: "host-1",
        at: EXAMPLE_AT,
        resources: four(exampleAllocation),
        leases: [exampleLease],
      },
    },
  },
  getVmForecast: {
    ...ADDRESSES.getVmForecast,
    ...ROW,
    tenant: owned("vm"),
    summary: "What a VM will want",
    description: "With its profile and the events in sight.",
    params: IdParams,
    response: VmForecast,
    example: {
      response: {
        vm: "meridian-web-1",
        origin: EXAMPLE_AT,
        levels: [...QUANTILE_LEVELS],
        resources: four(exampleForecast),
      },
    },
  },
  getVmHistory: {
    ...ADDRESSES.getVmHistory,
    ...ROW,
    tenant: owned("vm"),
    summary: "What a VM was seen to use",
    description: `At most ${HISTORY_POINTS_MAX} steps, over at most ${HISTORY_DAYS_MAX} days. Of what is kept by the hour only, both columns say the hour's largest.`,
    params: IdParams,
    query: strict({
      from: Type.Optional({ ...Instant, description: "A day before `to` where left out." }),
      to: Type.Optional({ ...Instant, description: "Now where left out." }),
      step: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 31 * 86_400, description: "Seconds; 300 where left out." }),
      ),
    }),
    response: VmHistory,
    example: {
      response: {
        vm: "meridian-web-1",
        from: "2026-03-02T08:00:00.000Z",
        to: "2026-03-02T08:10:00.000Z",
        stepSeconds: 300,
        mean: four([1.7, null]),
        peak: four([1.9, null]),
      },
    },
  },
  getCustomerAllocation: {
    ...ADDRESSES.getCustomerAllocation,
    ...ROW,
    tenant: owned("customer"),
    summary: "What a customer's VMs may use now, in all",
    params: IdParams,
    response: CustomerAllocation,
    example: {
      response: {
        customer: "meridian",
        vms: 1,
        at: EXAMPLE_AT,
        resources: four(exampleAllocation),
        leases: [exampleLease],
      },
    },
  },
  getCustomerForecast: {
    ...ADDRESSES.getCustomerForecast,
    ...ROW,
    tenant: owned("customer"),
    summary: "What a customer's VMs will want, in all",
    description: "The sum is forecast as a sum: adding up the VMs' quantiles would be far too careful.",
    params: IdParams,
    response: CustomerForecast,
    example: {
      response: {
        customer: "meridian",
        origin: EXAMPLE_AT,
        levels: [...QUANTILE_LEVELS],
        resources: four(exampleForecast),
      },
    },
  },
  listDecisions: {
    ...ADDRESSES.listDecisions,
    ...ROW,
    tenant: CONFINED,
    summary: "What was decided, newest first, and why",
    query: strict({
      ...NEWEST_FIRST,
      customer: Type.Optional(Id),
      vm: Type.Optional(Id),
      host: Type.Optional({ ...Id, description: "Operators only." }),
      from: Type.Optional(Instant),
      to: Type.Optional(Instant),
    }),
    response: newestPage(LoggedDecision),
    example: {
      response: {
        items: [
          {
            id: 812,
            at: EXAMPLE_AT,
            cell: "cell-1",
            kind: "raise",
            sentence: "Raised meridian-web-1 from 0.7 cores to 2.4 cores.",
            reason: "Likely demand 1.9 cores, lent so that 1 in 20 is above, base 0.5 cores.",
            vm: "meridian-web-1",
            host: "host-1",
            resource: "cpu",
          },
        ],
        next: null,
      },
    },
  },
} as const satisfies Record<string, Route>;
