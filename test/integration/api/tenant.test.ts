// The wall between customers, route by route out of the table: what is somebody else's is as if it were not there. Everything of the
// other customer has its name in it, so that one foreign byte is found.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Route } from "../../../src/api/contract/route.ts";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import { anyRequestTo } from "./any-request.ts";
import { type Ask, ask, type Told } from "./ask.ts";
import { addPast } from "./bill-a-month.ts";
import {
  FOREIGN,
  FOREIGN_VM,
  FOREIGN_WORKLOAD,
  OWN,
  OWN_VM,
  OWN_WORKLOAD,
  type RunningService,
  startService,
} from "./running-service.ts";

let service: RunningService;
/** By kind of document: one of each customer's, and one that nobody has. */
let things: Readonly<Record<string, { readonly own: string; readonly foreign: string }>>;

const SPAN = { start: "2026-05-01T00:00:00Z", end: "2026-05-02T00:00:00Z" };

beforeAll(async () => {
  service = await startService({ ticks: 24 });
  await service.as("operator").putPriceBook({ body: ROUTES.putPriceBook.example.body });
  await addPast(service);
  const announce = async (key: "own" | "foreign", customer: string) => {
    const client = service.as(key);
    const reason = `secret of ${customer}`;
    const made = await Promise.all([
      client.postEvent({ body: { name: reason, ...SPAN } }),
      client.postDoNotLearn({ body: { ...SPAN, reason, vms: [`${customer}-web-1`] } }),
      client.postBlackout({ body: { ...SPAN, reason, scope: { kind: "customer", customer }, forbids: "any-change" } }),
      client.putProfile({ id: `${customer}-web`, body: { demand: { cpu: { typical: 1 } } } }),
      client.postSource({ body: { name: reason, form: { kind: "hook" } } }),
      client.putContract({ id: customer, body: { plan: "standard", optedIn: ["cpu"] } }),
      client.putTemplate({ id: `${customer}-web`, body: { image: `image-of-${customer}` } }),
      client.putWebhook({
        id: customer,
        body: { url: `https://lb.${customer}.example/`, secret: `secret-of-${customer}` },
      }),
    ]);
    const size = { cpu: 0.1, memory: 2 ** 28, network: 1e6, storage: 1e6 };
    const replica = { host: `web.${customer}`, port: 80 };
    made.push((await client.postHandOver({ body: { workload: `${customer}-web`, replica, size } })) as never);
    expect(made.map((each) => each.ok || each.error)).toEqual(made.map(() => true));
    return made.map((each) => (each.ok ? each.value.id : JSON.stringify(each.error)));
  };
  const [ownEvent = "", ownRange = "", ownBlackout = "", , ownSource = ""] = await announce("own", OWN);
  const [event = "", range = "", blackout = "", , source = ""] = await announce("foreign", FOREIGN);
  things = {
    customer: { own: OWN, foreign: FOREIGN },
    workload: { own: OWN_WORKLOAD, foreign: FOREIGN_WORKLOAD },
    vm: { own: OWN_VM, foreign: FOREIGN_VM },
    event: { own: ownEvent, foreign: event },
    source: { own: ownSource, foreign: source },
    "do-not-learn": { own: ownRange, foreign: range },
    blackout: { own: ownBlackout, foreign: blackout },
  };
});
afterAll(() => service.close());

const rows = Object.entries(ROUTES) as readonly (readonly [string, Route])[];
const told = (asked: Ask): Promise<Told> => ask(service.address, asked);

function requestTo(route: Route, id: string): Ask {
  const { method, path, example } = route;
  const filled = path.replace(":id", encodeURIComponent(id));
  return { method, path: filled, key: "own", ...(route.body && { body: example.body }) };
}

const owned = rows.filter(([, route]) => route.tenant.kind === "owned");
test.each(owned)("%s: what is another's is answered as what is not there", async (_name, route) => {
  const kind = route.tenant.kind === "owned" ? route.tenant.document : "";
  const { foreign = "" } = things[kind] ?? {};
  const [theirs, nobodys] = [await told(requestTo(route, foreign)), await told(requestTo(route, "nobody-1"))];
  expect([theirs.status, nobodys.status]).toEqual([404, 404]);
  expect(theirs.text.replaceAll(foreign, "nobody-1")).toBe(nobodys.text);
  expect(theirs.text.replaceAll(foreign, "")).not.toContain(FOREIGN);
});

const reads = owned.filter(([, { method }]) => method === "GET");
test.each(reads)("%s: what is its own is there", async (_name, route) => {
  const kind = route.tenant.kind === "owned" ? route.tenant.document : "";
  const answer = await told(requestTo(route, things[kind]?.own ?? ""));
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status: 200 });
  expect(answer.text).not.toContain(FOREIGN);
});

test.each(rows.filter(([, { tenant }]) => tenant.kind === "operator"))("%s: operators only", async (_name, route) => {
  const answer = await told(requestTo(route, FOREIGN));
  expect(answer.status).toBe(403);
  expect(answer.text).not.toContain(FOREIGN);
});

/** What comes in pages. */
const lists = rows.filter(([, { tenant, method, query }]) => tenant.kind === "confined" && method === "GET" && query);
test.each(lists)("%s: lists its own only, whatever is asked for", async (_name, route) => {
  const { text, status } = await told({ method: "GET", path: `${route.path}?limit=500`, key: "own" });
  expect(status).toBe(200);
  expect(text).not.toContain(FOREIGN);
  expect((JSON.parse(text) as { items: unknown[] }).items.length).toBeGreaterThan(0);
  const asked = await told({ method: "GET", path: `${route.path}?limit=500&customer=${FOREIGN}`, key: "own" });
  expect(asked.text).not.toContain(FOREIGN);
  const theirs = await told({ method: "GET", path: `${route.path}?limit=500`, key: "foreign" });
  expect(theirs.text).not.toContain(OWN);
});

test("samples of another's VM are as unknown as those of nobody's", async () => {
  const rows = [0, 1, 2].map((vm) => [vm, "2026-03-02T00:31:00Z", 1, 2, 3, 4]);
  const taken = await service.as("own").postSamples({ body: { vms: [OWN_VM, FOREIGN_VM, "nobody-1"], rows } });
  expect(taken).toMatchObject({ ok: true, value: { accepted: 1, unknown: [FOREIGN_VM, "nobody-1"], unknownRows: 2 } });
  const query = { from: "2026-03-02T00:30:00Z", to: "2026-03-02T00:32:00Z", step: 60 };
  const seen = await service.as("operator").getVmHistory({ id: FOREIGN_VM, query });
  expect(seen.ok && seen.value.mean.cpu[0]).not.toBe(1);
});

test("a customer cannot take what is another's, nor make what cannot be its own", async () => {
  const own = service.as("own");
  const { event = { foreign: "" } } = things;
  const body = { name: "taken", ...SPAN };
  expect(await own.putEvent({ id: event.foreign, body })).toMatchObject({ ok: false, error: { status: 404 } });
  expect(await own.putEvent({ id: "made-up", body })).toMatchObject({ ok: false, error: { status: 404 } });
  expect(await own.postEvent({ body: { ...body, customers: [FOREIGN] } })).toMatchObject({ error: { status: 422 } });
  const kept = await service.as("foreign").getEvent({ id: event.foreign });
  expect(kept).toMatchObject({ ok: true, value: { name: `secret of ${FOREIGN}`, version: 1 } });
});

test("whatever a customer sends, nothing of another comes back, and nothing of another changes", async () => {
  const mine = rows.filter(([, { tenant }]) => tenant.kind !== "operator");
  const anyOwn = fc.constantFrom(...mine).chain(([, route]) => anyRequestTo(route));
  const before = await stateOf("foreign");
  await fc.assert(
    fc.asyncProperty(anyOwn, async (request) => {
      const answer = await told({ ...request, key: "own" });
      const said = `${decodeURIComponent(request.path)} ${JSON.stringify(request.body ?? null)}`;
      const echoes = [FOREIGN_VM, FOREIGN_WORKLOAD, FOREIGN].filter((name) => said.includes(name));
      expect(echoes.reduce((rest, name) => rest.replaceAll(name, ""), answer.text)).not.toContain(FOREIGN);
      expect(answer.text).not.toContain(`secret of ${FOREIGN}`);
    }),
    { seed: 1, numRuns: 600 },
  );
  expect(await stateOf("foreign")).toEqual(before);
});

async function stateOf(key: "foreign"): Promise<string[]> {
  const paths = [
    "/v1/vms",
    "/v1/workloads",
    "/v1/events",
    "/v1/sources",
    "/v1/do-not-learn",
    "/v1/blackouts",
    "/v1/contracts",
    "/v1/changes",
  ];
  return Promise.all(paths.map(async (path) => (await told({ method: "GET", path: `${path}?limit=500`, key })).text));
}
