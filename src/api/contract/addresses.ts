// Where everything is: plain data without schemas, so that a page can have it without carrying the schemas along.
/** Of every route of the API, by operation id; `ROUTES` in routes.ts says what they take and give. */
export const ADDRESSES = {
  getFleet: { method: "GET", path: "/v1/fleet" },
  getCustomerChart: { method: "GET", path: "/v1/customers/:id/chart" },

  listCustomers: { method: "GET", path: "/v1/customers" },
  getCustomer: { method: "GET", path: "/v1/customers/:id" },
  putCustomer: { method: "PUT", path: "/v1/customers/:id" },
  deleteCustomer: { method: "DELETE", path: "/v1/customers/:id" },
  listWorkloads: { method: "GET", path: "/v1/workloads" },
  getWorkload: { method: "GET", path: "/v1/workloads/:id" },
  putWorkload: { method: "PUT", path: "/v1/workloads/:id" },
  deleteWorkload: { method: "DELETE", path: "/v1/workloads/:id" },
  listVms: { method: "GET", path: "/v1/vms" },
  getVm: { method: "GET", path: "/v1/vms/:id" },
  putVm: { method: "PUT", path: "/v1/vms/:id" },
  deleteVm: { method: "DELETE", path: "/v1/vms/:id" },
  listHosts: { method: "GET", path: "/v1/hosts" },
  getHost: { method: "GET", path: "/v1/hosts/:id" },
  putHost: { method: "PUT", path: "/v1/hosts/:id" },
  deleteHost: { method: "DELETE", path: "/v1/hosts/:id" },
  listPools: { method: "GET", path: "/v1/pools" },
  getPool: { method: "GET", path: "/v1/pools/:id" },
  putPool: { method: "PUT", path: "/v1/pools/:id" },
  deletePool: { method: "DELETE", path: "/v1/pools/:id" },
  listCells: { method: "GET", path: "/v1/cells" },
  getCell: { method: "GET", path: "/v1/cells/:id" },
  putCell: { method: "PUT", path: "/v1/cells/:id" },
  deleteCell: { method: "DELETE", path: "/v1/cells/:id" },

  postSamples: { method: "POST", path: "/v1/samples" },
  listDiscovered: { method: "GET", path: "/v1/discovered" },
  adoptDiscovered: { method: "POST", path: "/v1/discovered/adopt" },
  getMetricsMapping: { method: "GET", path: "/v1/prometheus/mapping" },

  getProfile: { method: "GET", path: "/v1/workloads/:id/profile" },
  putProfile: { method: "PUT", path: "/v1/workloads/:id/profile" },
  deleteProfile: { method: "DELETE", path: "/v1/workloads/:id/profile" },
  validateProfile: { method: "POST", path: "/v1/workloads/:id/profile/validate" },
  getProfileHistory: { method: "GET", path: "/v1/workloads/:id/profile/history" },
  getProfileAccuracy: { method: "GET", path: "/v1/workloads/:id/profile/accuracy" },

  listContracts: { method: "GET", path: "/v1/contracts" },
  getContract: { method: "GET", path: "/v1/customers/:id/contract" },
  putContract: { method: "PUT", path: "/v1/customers/:id/contract" },
  getWorkloadTerms: { method: "GET", path: "/v1/workloads/:id/terms" },
  getVmTerms: { method: "GET", path: "/v1/vms/:id/terms" },

  listHandOvers: { method: "GET", path: "/v1/hand-overs" },
  postHandOver: { method: "POST", path: "/v1/hand-overs" },
  getHandOver: { method: "GET", path: "/v1/hand-overs/:id" },
  returnHandOver: { method: "POST", path: "/v1/hand-overs/:id/return" },
  getTemplate: { method: "GET", path: "/v1/workloads/:id/template" },
  putTemplate: { method: "PUT", path: "/v1/workloads/:id/template" },
  deleteTemplate: { method: "DELETE", path: "/v1/workloads/:id/template" },
  getWebhook: { method: "GET", path: "/v1/customers/:id/webhook" },
  putWebhook: { method: "PUT", path: "/v1/customers/:id/webhook" },
  deleteWebhook: { method: "DELETE", path: "/v1/customers/:id/webhook" },

  getVmAllocation: { method: "GET", path: "/v1/vms/:id/allocation" },
  getVmForecast: { method: "GET", path: "/v1/vms/:id/forecast" },
  getVmHistory: { method: "GET", path: "/v1/vms/:id/history" },
  getCustomerAllocation: { method: "GET", path: "/v1/customers/:id/allocation" },
  getCustomerForecast: { method: "GET", path: "/v1/customers/:id/forecast" },
  listDecisions: { method: "GET", path: "/v1/decisions" },

  listEvents: { method: "GET", path: "/v1/events" },
  postEvent: { method: "POST", path: "/v1/events" },
  getEvent: { method: "GET", path: "/v1/events/:id" },
  putEvent: { method: "PUT", path: "/v1/events/:id" },
  deleteEvent: { method: "DELETE", path: "/v1/events/:id" },
  correctEvent: { method: "PUT", path: "/v1/events/:id/correction" },
  getEventEffects: { method: "GET", path: "/v1/events/:id/effects" },
  listDoNotLearn: { method: "GET", path: "/v1/do-not-learn" },
  postDoNotLearn: { method: "POST", path: "/v1/do-not-learn" },
  getDoNotLearn: { method: "GET", path: "/v1/do-not-learn/:id" },
  putDoNotLearn: { method: "PUT", path: "/v1/do-not-learn/:id" },
  deleteDoNotLearn: { method: "DELETE", path: "/v1/do-not-learn/:id" },

  getPriceBook: { method: "GET", path: "/v1/price-book" },
  putPriceBook: { method: "PUT", path: "/v1/price-book" },
  getUsage: { method: "GET", path: "/v1/customers/:id/usage" },
  postUsageCorrections: { method: "POST", path: "/v1/usage-corrections" },
  getServiceReport: { method: "GET", path: "/v1/customers/:id/service-report" },
  getInvoice: { method: "GET", path: "/v1/customers/:id/invoice" },
  getInvoiceFocus: { method: "GET", path: "/v1/customers/:id/invoice/focus" },
  listInvoices: { method: "GET", path: "/v1/customers/:id/invoices" },
  postInvoice: { method: "POST", path: "/v1/customers/:id/invoices" },
  getProfileScore: { method: "GET", path: "/v1/customers/:id/profile-score" },
  getQuote: { method: "GET", path: "/v1/customers/:id/quote" },
  getPlanCosts: { method: "GET", path: "/v1/plan-costs" },
  listSources: { method: "GET", path: "/v1/sources" },
  postSource: { method: "POST", path: "/v1/sources" },
  getSource: { method: "GET", path: "/v1/sources/:id" },
  putSource: { method: "PUT", path: "/v1/sources/:id" },
  deleteSource: { method: "DELETE", path: "/v1/sources/:id" },
  getSourceReading: { method: "GET", path: "/v1/sources/:id/reading" },
  listSourceEvents: { method: "GET", path: "/v1/sources/:id/events" },
  uploadCalendar: { method: "POST", path: "/v1/sources/:id/calendar" },
  readSource: { method: "POST", path: "/v1/sources/:id/read" },
  teachSource: { method: "POST", path: "/v1/sources/:id/lessons" },
  renewSourceSecret: { method: "POST", path: "/v1/sources/:id/secret" },

  getStatus: { method: "GET", path: "/v1/status" },
  putKillSwitch: { method: "PUT", path: "/v1/cells/:id/kill-switch" },
  listBlackouts: { method: "GET", path: "/v1/blackouts" },
  postBlackout: { method: "POST", path: "/v1/blackouts" },
  getBlackout: { method: "GET", path: "/v1/blackouts/:id" },
  putBlackout: { method: "PUT", path: "/v1/blackouts/:id" },
  deleteBlackout: { method: "DELETE", path: "/v1/blackouts/:id" },
  listModels: { method: "GET", path: "/v1/models" },
  promoteModel: { method: "POST", path: "/v1/models/:id/promote" },
  rollBackModel: { method: "POST", path: "/v1/models/roll-back" },
  listChanges: { method: "GET", path: "/v1/changes" },
  listKeys: { method: "GET", path: "/v1/keys" },
  postKey: { method: "POST", path: "/v1/keys" },
  rotateKey: { method: "POST", path: "/v1/keys/:id/rotate" },
  revokeKey: { method: "POST", path: "/v1/keys/:id/revoke" },
} as const;

/** Server-sent events; event `tick` carries a Tick, `reset` asks to load anew. Resumable by Last-Event-ID. */
export const LIVE_PATH = "/v1/live";

/** Prometheus remote_write 1.0: POST of Snappy-packed protobuf, answered with 204; a key with the scope ingest. */
export const METRICS_WRITE_PATH = "/v1/prometheus/write";

/** OTLP/HTTP metrics, protobuf or JSON: the endpoint that exporters are given is what stands before /v1/metrics. */
export const OTLP_METRICS_PATH = "/v1/otlp/v1/metrics";

/** Programs that announce events: POST of JSON, signed with the secret of the source; no key. */
export const HOOKS_PATH = "/v1/hooks/:source";

/** The description of all this, OpenAPI 3.1. */
export const OPENAPI_PATH = "/v1/openapi.json";

/** For machines that look after the service: does it live, can it be asked, and its numbers for Prometheus (for operators' keys). */
export const HEALTH_PATH = "/health";
export const READY_PATH = "/ready";
export const METRICS_PATH = "/metrics";

/** Paths of the page itself: the server answers each with the same file, the page decides what to show. */
export const PAGE_PATHS = ["/", "/customers/:id"] as const;
