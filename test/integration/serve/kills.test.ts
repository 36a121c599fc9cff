// The real service under load, killed with SIGKILL at random points, again and again: what it acknowledged is there, once.
// HEADROOM_KILL_ROUNDS says how often; 6 where it is not set.
import { afterAll, expect, test } from "vitest";
import type { ApiClient } from "../../../src/api/client/client.ts";
import type { Problem } from "../../../src/api/contract/live.ts";
import type { Result } from "../../../src/model/result.ts";
import { seededRandom } from "../../../src/model/seeded-random.ts";
import { type Service, serviceHome } from "./running-serve.ts";

const ROUNDS = Number(process.env["HEADROOM_KILL_ROUNDS"] ?? 6);
const SEED = 1;
const VM = "shop-1";
const LOADS = 4;

const home = serviceHome();
let service: Service | undefined;
afterAll(async () => {
  await service?.stop();
  home.remove();
});

/** The second before now to which sample 0 belongs. */
const began = Math.floor(Date.now() / 1000) - 7_200;
const instantOf = (second: number) => new Date(second * 1000).toISOString();
const amounts = (cpu: number) => ({ cpu, memory: 1e9 * cpu, network: 1e7, storage: 1e7 });

interface Acknowledged {
  /** Numbers of samples. */
  readonly samples: number[];
  contractVersion: number;
  readonly events: string[];
  ticks: number;
}

async function furnish({ client }: Service): Promise<void> {
  const made = [
    await client.putCustomer({ id: "acme", body: { name: "Acme" } }),
    await client.putPool({ id: "shared", body: { kind: "shared" } }),
    await client.putCell({
      id: "c1",
      body: { serviceLevel: 0.99, stepSeconds: 15, mode: "act", acting: ["acme"], killSwitch: false },
    }),
    await client.putHost({ id: "h1", body: { pool: "shared", cell: "c1", capacity: amounts(64) } }),
    await client.putWorkload({ id: "shop", body: { customer: "acme", class: "web" } }),
    await client.putVm({ id: VM, body: { workload: "shop", host: "h1", base: amounts(1), ceiling: amounts(8) } }),
  ];
  for (const each of made) answered<unknown>(each);
}

/** Writes until the service dies; counts only what was acknowledged. */
async function load({ client }: Service, acknowledged: Acknowledged, next: () => number): Promise<void> {
  let isAlive = true;
  while (isAlive) {
    const number = next();
    const row = [0, instantOf(began + number), 1 + number, 1e9, 1e6, 1e6] as const;
    const sample = await client.postSamples({ body: { vms: [VM], rows: [[...row]] } });
    if (sample.ok) acknowledged.samples.push(number);
    isAlive =
      sample.ok && (await agree(client, acknowledged, number)) && (await announce(client, acknowledged, number));
  }
}

async function agree(client: ApiClient, acknowledged: Acknowledged, number: number): Promise<boolean> {
  if (number % 3 !== 0) return true;
  const plan = number % 2 === 0 ? "predictive" : "guaranteed";
  const contract = await client.putContract({ id: "acme", body: { plan, optedIn: ["cpu", "memory"] } });
  if (contract.ok) acknowledged.contractVersion = Math.max(acknowledged.contractVersion, contract.value.version);
  return contract.ok;
}

async function announce(client: ApiClient, acknowledged: Acknowledged, number: number): Promise<boolean> {
  if (number % 5 !== 0) return true;
  const [start, end] = [instantOf(began + 90_000 + number), instantOf(began + 100_000 + number)];
  const body = { kind: "campaign", name: `sale ${number}`, start, end } as const;
  const event = await client.postEvent({ body, idempotencyKey: `sale-${number}` });
  if (event.ok) acknowledged.events.push(event.value.id);
  return event.ok;
}

const PAGE = 100;

async function check({ client }: Service, acknowledged: Acknowledged): Promise<void> {
  const { version } = answered(await client.getContract({ id: "acme" }));
  expect(version).toBeGreaterThanOrEqual(acknowledged.contractVersion);
  const changes = answered(await client.listChanges({ query: { kind: "contract", target: "acme", limit: PAGE } }));
  const versions = changes.items.map((each) => each.version);
  expect(versions).toEqual(Array.from({ length: Math.min(version, PAGE) }, (_, back) => version - back));
  const [from, to] = [instantOf(began - 1), instantOf(began + 7_000)];
  const history = answered(await client.getVmHistory({ id: VM, query: { from, to, step: 1 } }));
  for (const number of acknowledged.samples) {
    expect(history.mean.cpu[number], `sample ${number}`).toBeGreaterThan(0.999 * (1 + number));
    expect(history.mean.cpu[number], `sample ${number}`).toBeLessThan(1.001 * (1 + number));
  }
  const events = await everyEvent(client);
  expect(new Set(events.map(({ name }) => name)).size).toBe(events.length);
  const ids = new Set(events.map(({ id }) => id));
  for (const id of acknowledged.events) expect(ids).toContain(id);
  const { cells } = answered(await client.getStatus());
  const ticks = cells[0]?.ticks ?? -1;
  expect(ticks).toBeGreaterThanOrEqual(acknowledged.ticks);
  acknowledged.ticks = ticks;
}

async function everyEvent(client: ApiClient): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const all: { readonly id: string; readonly name: string }[] = [];
  for (let after: string | null | undefined; after !== null; ) {
    const query = { limit: PAGE, ...(after !== undefined && { after }) };
    const { items, next } = answered(await client.listEvents({ query }));
    all.push(...items);
    after = next;
  }
  return all;
}

function answered<Value>(result: Result<Value, Problem>): Value {
  if (result.ok) return result.value;
  throw new Error(`${result.error.status} ${result.error.title} ${result.error.detail ?? ""}`);
}

test(`killed ${ROUNDS} times: nothing that was acknowledged is lost, nothing is doubled`, {
  timeout: 60_000 * ROUNDS,
}, async () => {
  const random = seededRandom(SEED);
  const acknowledged: Acknowledged = { samples: [], contractVersion: 0, events: [], ticks: 0 };
  let number = 0;
  service = await home.start();
  await furnish(service);
  for (let round = 0; round < ROUNDS; round++) {
    const running = service;
    const loads = Array.from({ length: LOADS }, () => load(running, acknowledged, () => number++));
    await new Promise((resolve) => setTimeout(resolve, 200 + 2_000 * random.next()));
    await running.kill();
    await Promise.all(loads);
    service = await home.start();
    await check(service, acknowledged);
  }
  expect(acknowledged.samples.length).toBeGreaterThan(10 * ROUNDS);
  expect(acknowledged.contractVersion).toBeGreaterThan(ROUNDS);
  expect(await service.stop()).toBe(0);
  service = undefined;
});
