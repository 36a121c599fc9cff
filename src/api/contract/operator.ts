// What an operator runs the service with: how it is doing, kill switch, blackouts, models, keys, and the log of changes.
import { type Static, Type } from "typebox";
import { ADDRESSES } from "./addresses.ts";
import { LoggedChange } from "./changes.ts";
import { documentRows } from "./document-rows.ts";
import { Cell } from "./fleet.ts";
import { CONFINED, OPERATOR, owned, type Route } from "./route.ts";
import { Id, IdParams, Instant, KEPT, NEWEST_FIRST, newestPage, nullable, PageQuery, page, strict } from "./scalars.ts";

const Count = Type.Integer({ minimum: 0 });
export const CellStatus = strict({
  cell: Id,
  at: nullable(Instant, "End of the last tick; null before the first."),
  stepSeconds: Type.Number({ exclusiveMinimum: 0 }),
  mode: Type.Enum(["observe", "act"]),
  killSwitch: Type.Boolean(),
  ticks: { ...Count, description: "Ticks since the cell began." },
  hosts: Count,
  vms: Count,
  customers: Count,
  leases: Count,
  shadowVms: Count,
  silentVms: { ...Count, description: "VMs without a usable sample in the last tick." },
  network: Type.Optional(
    strict(
      {
        id: Type.String({ description: "Of the model." }),
        servedBy: Type.Enum(["onnxruntime", "wasm"], { description: "The native library, or the kernels." }),
      },
      { description: "The trained network behind its forecasts; left out where statistics forecast alone." },
    ),
  ),
  sentence: Type.String({ description: "What it is doing, and why." }),
});
export type CellStatus = Static<typeof CellStatus>;
const Status = strict({ cells: Type.Array(CellStatus) });

const KillSwitch = strict({ on: Type.Boolean({ description: "On: no machine is touched from this instant on." }) });

const BlackoutScope = Type.Union(
  [
    strict({ kind: Type.Literal("everywhere") }),
    strict({ kind: Type.Literal("cell"), cell: Id }),
    strict({ kind: Type.Literal("host"), host: Id }),
    strict({ kind: Type.Literal("customer"), customer: Id }),
  ],
  { description: "Where hands are kept off. A customer's key can name its own customer only." },
);
export const BlackoutBody = strict({
  start: Instant,
  end: { ...Instant, description: "Exclusive." },
  scope: BlackoutScope,
  forbids: Type.Enum(["taking-back", "any-change"], {
    description: "taking-back: more is still given, nothing is taken. any-change: not even more is given.",
  }),
  reason: Type.String({ minLength: 1, maxLength: 300, description: "In the words of whoever asked for it." }),
});
export const Blackout = strict({ ...KEPT, ...BlackoutBody.properties });

const Model = strict({
  id: Type.String({ description: "First 12 digits of the SHA-256 of its bytes." }),
  created: Instant,
  trace: Type.String({ description: "What it learned from." }),
  series: Count,
  isPromoted: Type.Boolean({ description: "It beat the one that served when it was made." }),
  contest: Type.String({ description: "How it did against that one, in one sentence." }),
  serves: Type.Boolean(),
});
const ServingChange = strict({
  kind: Type.Enum(["promoted", "rolled-back"]),
  at: Instant,
  serving: nullable(Type.String(), "Which model served from then on; null: none."),
  by: Type.Enum(["contest", "operator"]),
  reason: Type.String(),
});
export const Models = strict({
  serving: nullable(Type.String(), "The model that serves; null: statistics forecast alone."),
  models: Type.Array(Model),
  history: Type.Array(ServingChange, { description: "Newest first, at most 100." }),
});
export type Models = Static<typeof Models>;
const ChangeReason = strict({ reason: Type.String({ minLength: 1, maxLength: 300, description: "For the record." }) });

const Scopes = Type.Array(Type.Enum(["read", "write", "ingest"]), { minItems: 1, maxItems: 3, uniqueItems: true });
export const KeyBody = strict({
  name: Type.String({ minLength: 1, maxLength: 120, description: "Who or what uses it." }),
  role: Type.Enum(["operator", "customer"]),
  scopes: { ...Scopes, description: "read; write: change things; ingest: hand in samples." },
  customer: Type.Optional({ ...Id, description: "Of whom; needed for the role customer, and only there." }),
  expiresAt: Type.Optional({ ...Instant, description: "Never where left out." }),
});
const KEY = {
  id: Type.String(),
  ...KeyBody.properties,
  createdAt: Instant,
  revokedAt: Type.Optional(Instant),
};
export const Key = strict(KEY);
export const NewKey = strict({
  ...KEY,
  secret: Type.String({ description: "The key itself, shown this once: only its hash is kept." }),
});

const EXAMPLE_KEY_BODY = { name: "collector", role: "customer", scopes: ["ingest"], customer: "meridian" };
const EXAMPLE_KEY = { id: "key-5f3a9c1e", ...EXAMPLE_KEY_BODY, createdAt: "2026-03-02T08:00:00.000Z" };
const EXAMPLE_SECRET = { ...EXAMPLE_KEY, secret: "hr_9vJ3x0Yk2QmZ7bT4cR8nW1sD6fG5hL0pA3eU7iO2yXq" };
const EXAMPLE_CELL = {
  id: "cell-1",
  version: 2,
  changedAt: "2026-03-02T08:00:00.000Z",
  serviceLevel: 0.99,
  stepSeconds: 300,
  mode: "act",
  acting: ["meridian"],
  killSwitch: true,
};
const EXAMPLE_MODELS = { serving: null, models: [], history: [] };
const ROW = { tag: "operator", tenant: OPERATOR } as const;

const blackouts = documentRows({
  tag: "operator",
  noun: "blackout",
  description: "In force from its start on, or at once.",
  body: BlackoutBody,
  kept: Blackout,
  readers: owned("blackout"),
  writers: owned("blackout"),
  example: {
    id: "blackout-5f3a9c1e",
    body: {
      start: "2026-11-27T00:00:00.000Z",
      end: "2026-11-28T00:00:00.000Z",
      scope: { kind: "customer", customer: "meridian" },
      forbids: "taking-back",
      reason: "Black Friday",
    },
  },
});

export const operatorRoutes = {
  getStatus: {
    ...ADDRESSES.getStatus,
    ...ROW,
    scope: "read",
    summary: "What each cell is doing, and why",
    response: Status,
    example: {
      response: {
        cells: [
          {
            cell: "cell-1",
            at: "2026-03-02T08:05:00.000Z",
            stepSeconds: 300,
            mode: "observe",
            killSwitch: false,
            ticks: 312,
            hosts: 4,
            vms: 60,
            customers: 5,
            leases: 41,
            shadowVms: 4,
            silentVms: 0,
            network: { id: "0f3a9c1e77aa", servedBy: "onnxruntime" },
            sentence: "Observes: it decides and explains, and changes nothing.",
          },
        ],
      },
    },
  },
  putKillSwitch: {
    ...ADDRESSES.putKillSwitch,
    ...ROW,
    scope: "write",
    summary: "Pull or release the kill switch of a cell",
    description: "Needs no version: whoever pulls it is in a hurry.",
    params: IdParams,
    body: KillSwitch,
    response: Cell,
    example: { body: { on: true }, response: EXAMPLE_CELL },
  },
  listBlackouts: { ...ADDRESSES.listBlackouts, ...blackouts.list },
  postBlackout: { ...ADDRESSES.postBlackout, ...blackouts.add },
  getBlackout: { ...ADDRESSES.getBlackout, ...blackouts.get },
  putBlackout: { ...ADDRESSES.putBlackout, ...blackouts.put },
  deleteBlackout: { ...ADDRESSES.deleteBlackout, ...blackouts.remove },
  listModels: {
    ...ADDRESSES.listModels,
    ...ROW,
    scope: "read",
    summary: "List trained models, and which one serves",
    response: Models,
    example: { response: EXAMPLE_MODELS },
  },
  promoteModel: {
    ...ADDRESSES.promoteModel,
    ...ROW,
    scope: "write",
    summary: "Let a model serve from now on",
    params: IdParams,
    body: ChangeReason,
    response: Models,
    example: { body: { reason: "better on our own traces" }, response: EXAMPLE_MODELS },
  },
  rollBackModel: {
    ...ADDRESSES.rollBackModel,
    ...ROW,
    scope: "write",
    summary: "Go back to the model that served before",
    body: ChangeReason,
    response: Models,
    example: { body: { reason: "forecasts of batch jobs got worse" }, response: EXAMPLE_MODELS },
  },
  listChanges: {
    ...ADDRESSES.listChanges,
    tag: "operator",
    scope: "read",
    tenant: CONFINED,
    summary: "Who changed what, newest first",
    query: strict({
      ...NEWEST_FIRST,
      customer: Type.Optional(Id),
      kind: Type.Optional(Type.String({ maxLength: 40 })),
      target: Type.Optional(Type.String({ maxLength: 128 })),
    }),
    response: newestPage(LoggedChange),
    example: {
      response: {
        items: [
          {
            id: 17,
            at: "2026-03-02T08:00:00.000Z",
            by: "key-5f3a9c1e",
            what: "created",
            kind: "customer",
            target: "meridian",
            customer: "meridian",
            version: 1,
            after: { id: "meridian", name: "Meridian Cards" },
          },
        ],
        next: null,
      },
    },
  },
  listKeys: {
    ...ADDRESSES.listKeys,
    ...ROW,
    scope: "read",
    summary: "List API keys",
    query: PageQuery,
    response: page(Key),
    example: { response: { items: [EXAMPLE_KEY], next: null } },
  },
  postKey: {
    ...ADDRESSES.postKey,
    ...ROW,
    scope: "write",
    summary: "Make an API key",
    description: "The key itself is in this answer and nowhere else.",
    body: KeyBody,
    status: 201,
    response: NewKey,
    secret: true,
    example: { body: EXAMPLE_KEY_BODY, response: EXAMPLE_SECRET },
  },
  rotateKey: {
    ...ADDRESSES.rotateKey,
    ...ROW,
    scope: "write",
    summary: "Replace an API key by a new one with the same rights",
    description:
      "The old one ends with this answer. To change over without a gap: make a new key, then revoke the old.",
    params: IdParams,
    status: 201,
    response: NewKey,
    secret: true,
    example: { response: EXAMPLE_SECRET },
  },
  revokeKey: {
    ...ADDRESSES.revokeKey,
    ...ROW,
    scope: "write",
    summary: "End an API key",
    params: IdParams,
    response: Key,
    example: { response: { ...EXAMPLE_KEY, revokedAt: "2026-03-02T09:00:00.000Z" } },
  },
} as const satisfies Record<string, Route>;
