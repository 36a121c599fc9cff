// What an operator can set of the service: one schema, from which defaults, checks and the reference page come. Nothing has to be
// set: without a file it listens to this machine alone, keeps its data in one folder, and observes.
import { type Static, Type } from "typebox";

export const ServeConfig = Type.Object(
  {
    data: Type.String({
      minLength: 1,
      default: "headroom-data",
      description:
        "Folder of the embedded database and of trained models. As root, a folder that other users can reach.",
    }),
    database: Type.Optional(
      Type.String({
        pattern: "^postgres(ql)?://",
        description: "PostgreSQL 15 or newer to use instead of the embedded one. DATABASE_URL says the same.",
      }),
    ),
    host: Type.String({
      minLength: 1,
      default: "127.0.0.1",
      description: "Address to listen on. Anything but loopback should stand behind a proxy that speaks TLS.",
    }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, default: 8710, description: "0: any free port." }),
    publicName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 253,
        description: "Host name that browsers and programs use, where it is not the address.",
      }),
    ),
    tickSeconds: Type.Integer({
      minimum: 15,
      maximum: 3600,
      default: 300,
      description: "Time from one plan to the next, of cells that have no settings of their own.",
    }),
    serviceLevel: Type.Number({
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.99,
      description: "Share of time that demand is covered, of cells that have no settings of their own.",
    }),
    checkpointMinutes: Type.Integer({
      minimum: 1,
      maximum: 1440,
      default: 15,
      description:
        "How often all that forecasts know is written down. After a restart the ticks since then are lived through again.",
    }),
    keepSamplesDays: Type.Integer({
      minimum: 8,
      maximum: 3650,
      default: 35,
      description: "Samples older than this become hourly maxima.",
    }),
    keepHoursDays: Type.Integer({
      minimum: 8,
      maximum: 3650,
      default: 400,
      description: "Hourly maxima older than this are deleted.",
    }),
    keepDecisionsDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      default: 90,
      description: "Decision records older than this are deleted.",
    }),
    trainHours: Type.Integer({
      minimum: 0,
      maximum: 8760,
      default: 24,
      description:
        "How often a network is trained on the samples of the last four weeks, in a process of its own with low priority. It serves if it " +
        "beats the one that serves. 0: never.",
    }),
    keepUsageDays: Type.Integer({
      minimum: 62,
      maximum: 3650,
      default: 800,
      description: "Usage records older than this are deleted; invoices that are final stay.",
    }),
    usageStream: Type.Optional(
      Type.Object(
        {
          url: Type.String({ pattern: "^https?://" }),
          secret: Type.Optional(Type.String({ minLength: 16 })),
        },
        { additionalProperties: false, description: "A biller that is sent every usage record, as CloudEvents." },
      ),
    ),
    requestsPerMinute: Type.Integer({ minimum: 1, maximum: 10_000_000, default: 6_000, description: "Of one key." }),
    samplesWaiting: Type.Integer({
      minimum: 10_000,
      maximum: 100_000_000,
      default: 1_000_000,
      description: "Sample rows that may wait to be stored; whoever sends more is told to come again.",
    }),
    metricsMapping: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "File (YAML or JSON) that says what pushed metrics mean, as docs/connect.md tells. Without it the ready sets are used.",
      }),
    ),
    allowedNetworks: Type.String({
      maxLength: 4000,
      default: "",
      description:
        "Private networks, as 10.20.0.0/16,fd00:7::/48, that may be reached where customers name the address: calendars and feeds are " +
        "read there, notices of hand-overs posted (over plain HTTP too), readiness checked. Otherwise only public addresses are.",
    }),
    oidc: Type.Optional(
      Type.Object(
        {
          issuer: Type.String({ pattern: "^https?://" }),
          audience: Type.String({ minLength: 1 }),
          jwksUrl: Type.String({ pattern: "^https?://" }),
          customerClaim: Type.String({ minLength: 1, default: "headroom_customer" }),
          roleClaim: Type.String({ minLength: 1, default: "headroom_role" }),
        },
        { additionalProperties: false, description: "An identity provider whose tokens are accepted beside API keys." },
      ),
    ),
    log: Type.Union([Type.Literal("debug"), Type.Literal("info"), Type.Literal("warn"), Type.Literal("error")], {
      default: "info",
      description: "Lines of JSON on standard error.",
    }),
  },
  { additionalProperties: false },
);
export type ServeConfig = Static<typeof ServeConfig>;
