// Hand-overs: one more replica of a workload that scales horizontally, what it is made from, and who is told of it.
import { type Static, Type } from "typebox";
import { HAND_OVER_NOTICES, HAND_OVER_STATES } from "../../model/hand-over.ts";
import { ADDRESSES } from "./addresses.ts";
import { CONFINED, owned, type Route } from "./route.ts";
import {
  Id,
  IdParams,
  Instant,
  KEPT,
  Nothing,
  nullable,
  OwnerPageQuery,
  page,
  ResourceAmounts,
  strict,
} from "./scalars.ts";

const DAY_SECONDS = 86_400;

const Replica = strict(
  {
    host: Type.String({
      pattern: "^[A-Za-z0-9.:_-]{1,253}$",
      description: "Name or IP address, as its network knows it.",
    }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  },
  { description: "Where the replica takes work." },
);
const Size = { ...ResourceAmounts, description: "What a replica gets; that of a shadow VM at most." };
const DRAINS = "How long work has to leave it.";
const drainSeconds = Type.Integer({ minimum: 0, maximum: DAY_SECONDS, description: DRAINS });

const HandOverBody = strict({
  workload: { ...Id, description: "Its profile says that it scales horizontally." },
  replica: Replica,
  size: Type.Optional({ ...Size, description: `${Size.description} As its template says where left out.` }),
  drainSeconds: Type.Optional({ ...drainSeconds, description: `${DRAINS} 300 where left out.` }),
});

const state = Type.Enum([...HAND_OVER_STATES], { description: "As docs/shadow-vm-lifecycle.md tells." });
const sentence = Type.String({ description: "Why, in a sentence." });
export const HandOver = strict({
  id: Id,
  customer: Id,
  workload: Id,
  host: Id,
  shadowVm: Id,
  state,
  since: { ...Instant, description: "When it came into this state." },
  replica: Replica,
  size: Size,
  drainSeconds,
  image: nullable(Type.String(), "What it is made from; null: from what all shadow VMs are made from."),
  ready: Type.Boolean({ description: "It passed the readiness check of its template, or there is none." }),
  returnAsked: Type.Boolean(),
  moves: Type.Array(strict({ at: Instant, to: state, why: sentence }), { description: "Oldest first." }),
  untold: Type.Array(Type.Enum([...HAND_OVER_NOTICES]), {
    description: "Notices that the customer's load balancer did not take in yet.",
  }),
  problem: nullable(Type.String(), "What keeps it waiting: why the last notice or readiness check failed."),
});
export type HandOver = Static<typeof HandOver>;

const kind = Type.Enum(["tcp", "http"], {
  description: "tcp: its port takes a connection; http: a GET there is answered with 200 to 399.",
});
const path = Type.String({ pattern: "^/[!-~]{0,255}$", description: "Of http." });
const interval = Type.Number({ minimum: 1, maximum: 300 });
const timeout = Type.Number({ minimum: 0.1, maximum: 30 });
const successes = Type.Integer({ minimum: 1, maximum: 10 });
const image = Type.String({
  pattern: "^[!-~]{1,200}$",
  description: "Name of an image or template, as the hosts know it. Every replica is booted from it.",
});
const whole = "What it has to pass before the load balancer is told.";
export const TemplateBody = strict({
  image,
  size: Type.Optional({ ...Size, description: `${Size.description} The most that one can have where left out.` }),
  readiness: Type.Optional(
    strict(
      {
        kind,
        path: Type.Optional({ ...path, description: "Of http; / where left out." }),
        intervalSeconds: Type.Optional({ ...interval, description: "5 where left out." }),
        timeoutSeconds: Type.Optional({ ...timeout, description: "2 where left out." }),
        successes: Type.Optional({ ...successes, description: "In a row; 2 where left out." }),
      },
      { description: `${whole} Left out: the load balancer makes its own health checks.` },
    ),
  ),
});
const KeptReadiness = strict({
  kind,
  path: Type.Optional(path),
  intervalSeconds: interval,
  timeoutSeconds: timeout,
  successes,
});
export const Template = strict({ ...KEPT, image, size: Type.Optional(Size), readiness: Type.Optional(KeptReadiness) });
export type Template = Static<typeof Template>;

const url = Type.String({ minLength: 1, maxLength: 2000, description: "HTTPS; notices are posted there." });
export const WebhookBody = strict({
  url,
  secret: Type.String({
    pattern: "^[!-~]{16,200}$",
    description: "Notices are signed with it. It is never shown again, also not in the log of changes.",
  }),
});
export const Webhook = strict({ ...KEPT, url });
export type Webhook = Static<typeof Webhook>;

const SIZE = { cpu: 2, memory: 8_589_934_592, network: 100_000_000, storage: 100_000_000 };
const REPLICA = { host: "web-7.meridian.example", port: 8080 };
const AT = "2026-03-02T08:00:00.000Z";
const HEAD = { version: 1, changedAt: AT };
const EXAMPLE: HandOver = {
  ...{ id: "hand-over-5f3a9c1e", customer: "meridian", workload: "meridian-web", host: "host-1" },
  ...{ shadowVm: "shadow-host-1-for-hand-over-5f3a9c1e", state: "asked", since: AT, replica: REPLICA, size: SIZE },
  ...{ drainSeconds: 300, image: "meridian-web-7", ready: false, returnAsked: false, untold: [], problem: null },
  moves: [{ at: AT, to: "asked", why: "host-1 has room for it now and in the hours to come." }],
};
const TEMPLATE = {
  image: "meridian-web-7",
  size: SIZE,
  readiness: { kind: "http", path: "/healthz", intervalSeconds: 5, timeoutSeconds: 2, successes: 2 },
};
const WEBHOOK = { url: "https://lb.meridian.example/headroom" };
const ROW = { tag: "hand-overs", params: IdParams } as const;
const OF_WORKLOAD = { ...ROW, tenant: owned("workload") } as const;
const OF_CUSTOMER = { ...ROW, tenant: owned("customer") } as const;
const REMOVAL = { scope: "write", status: 204, response: Nothing, versioned: true, example: {} } as const;

export const handOverRoutes = {
  listHandOvers: {
    ...ADDRESSES.listHandOvers,
    tag: "hand-overs",
    scope: "read",
    tenant: CONFINED,
    summary: "List hand-overs: all that run, and the last ones that ended",
    query: OwnerPageQuery,
    response: page(HandOver),
    example: { response: { items: [EXAMPLE], next: null } },
  },
  postHandOver: {
    ...ADDRESSES.postHandOver,
    tag: "hand-overs",
    scope: "write",
    tenant: CONFINED,
    summary: "Ask for one more replica of a workload",
    description:
      "Promised only where there is room now and in the hours to come; refused with a sentence elsewhere. The load balancer is told " +
      "once the replica has its size and passed its readiness check.",
    body: HandOverBody,
    status: 201,
    response: HandOver,
    example: { body: { workload: "meridian-web", replica: REPLICA }, response: EXAMPLE },
  },
  getHandOver: {
    ...ADDRESSES.getHandOver,
    ...ROW,
    scope: "read",
    tenant: CONFINED,
    summary: "Read a hand-over: where it stands, and why",
    response: HandOver,
    example: { response: EXAMPLE },
  },
  returnHandOver: {
    ...ADDRESSES.returnHandOver,
    ...ROW,
    scope: "write",
    tenant: CONFINED,
    summary: "Give a replica back",
    description: "The load balancer is told with the next tick; capacity goes when its time to leave is over.",
    response: HandOver,
    example: { response: { ...EXAMPLE, returnAsked: true } },
  },
  getTemplate: {
    ...ADDRESSES.getTemplate,
    ...OF_WORKLOAD,
    scope: "read",
    summary: "Read what replicas of a workload are made from",
    response: Template,
    versioned: true,
    example: { response: { id: "meridian-web", ...HEAD, ...TEMPLATE } },
  },
  putTemplate: {
    ...ADDRESSES.putTemplate,
    ...OF_WORKLOAD,
    scope: "write",
    summary: "Say what replicas of a workload are made from",
    description: "Holds for hand-overs that are asked for from now on.",
    body: TemplateBody,
    response: Template,
    versioned: true,
    example: { body: TEMPLATE, response: { id: "meridian-web", ...HEAD, ...TEMPLATE } },
  },
  deleteTemplate: { ...ADDRESSES.deleteTemplate, ...OF_WORKLOAD, ...REMOVAL, summary: "Take a template back" },
  getWebhook: {
    ...ADDRESSES.getWebhook,
    ...OF_CUSTOMER,
    scope: "read",
    summary: "Read where a customer's load balancer is told",
    response: Webhook,
    versioned: true,
    example: { response: { id: "meridian", ...HEAD, ...WEBHOOK } },
  },
  putWebhook: {
    ...ADDRESSES.putWebhook,
    ...OF_CUSTOMER,
    scope: "write",
    summary: "Say where a customer's load balancer is told",
    description: "docs/shaping.md tells what is posted there, and how its signature is checked.",
    body: WebhookBody,
    response: Webhook,
    versioned: true,
    example: {
      body: { ...WEBHOOK, secret: "a-secret-of-your-own-making" },
      response: { id: "meridian", ...HEAD, ...WEBHOOK },
    },
  },
  deleteWebhook: { ...ADDRESSES.deleteWebhook, ...OF_CUSTOMER, ...REMOVAL, summary: "Tell a load balancer no more" },
} as const satisfies Record<string, Route>;
