// THE TABLE: every route of the API by operation id. Server, client and OpenAPI document are made of it and of nothing else.
import { contractRoutes } from "./contracts.ts";
import { discoveredRoutes } from "./discovered.ts";
import { eventRoutes } from "./events.ts";
import { fleetRoutes } from "./fleet.ts";
import { handOverRoutes } from "./hand-overs.ts";
import { liveRoutes } from "./live.ts";
import { metricsRoutes } from "./metrics.ts";
import { monitoringRoutes } from "./monitoring.ts";
import { operatorRoutes } from "./operator.ts";
import { pricingRoutes } from "./pricing.ts";
import { profileRoutes } from "./profiles.ts";
import type { Route } from "./route.ts";
import { sampleRoutes } from "./samples.ts";
import { sourceRoutes } from "./sources.ts";

/** What a running cell shows of itself, without anything that is kept. */
export const LIVE_ROUTES = liveRoutes;

/** What needs a store. */
export const SERVICE_ROUTES = {
  ...fleetRoutes,
  ...sampleRoutes,
  ...metricsRoutes,
  ...discoveredRoutes,
  ...profileRoutes,
  ...contractRoutes,
  ...handOverRoutes,
  ...monitoringRoutes,
  ...eventRoutes,
  ...pricingRoutes,
  ...sourceRoutes,
  ...operatorRoutes,
} as const satisfies Record<string, Route>;

export const ROUTES = { ...LIVE_ROUTES, ...SERVICE_ROUTES } as const satisfies Record<string, Route>;

export type Routes = typeof ROUTES;
export type LiveRoutes = typeof LIVE_ROUTES;
export type ServiceRoutes = typeof SERVICE_ROUTES;
