// Where everything is: plain data without schemas, so that a page can have it without carrying the schemas along.
/** Of every route of the API; `routes` in live.ts says what they take and give. */
export const ADDRESSES = {
  getFleet: { method: "GET", path: "/v1/fleet" },
  getCustomerChart: { method: "GET", path: "/v1/customers/:id/chart" },
} as const;

/** Server-sent events; event `tick` carries a Tick, `reset` asks to load anew. Resumable by Last-Event-ID. */
export const LIVE_PATH = "/v1/live";

/** Paths of the page itself: the server answers each with the same file, the page decides what to show. */
export const PAGE_PATHS = ["/", "/customers/:id"] as const;
