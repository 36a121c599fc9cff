// A replica from the wish to its end on a running fleet: real HTTP receivers and replicas that are late, down and restarted, and a
// service that dies and is started again on what it stored.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import type { KnownHandOver } from "../../../src/api/server/hand-over-desk.ts";
import type { CellStore, Store } from "../../../src/control/store-ports.ts";
import { createMemoryStore } from "../../../src/lab/memory-store.ts";
import { createSimulatedFleet } from "../../../src/lab/simulated-fleet.ts";
import { virtualClock } from "../../../src/lab/virtual-clock.ts";
import { documentsOf } from "../../../src/main/demo/demo-documents.ts";
import { seatsHere } from "../../../src/main/serve/cell-seats.ts";
import { type RunningFleet, runFleet } from "../../../src/main/serve/run-fleet.ts";
import { type RunningHandOvers, runHandOvers } from "../../../src/main/serve/run-hand-overs.ts";
import type { Cell, CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../../src/model/fleet.ts";
import type { HandOverId, HandOverNotice } from "../../../src/model/hand-over.ts";
import type { WorkloadProfile } from "../../../src/model/profile.ts";
import { resourceVector, scale } from "../../../src/model/resources.ts";
import { failure } from "../../../src/model/result.ts";
import { durationMs, HOUR_MS, instant, MINUTE_MS } from "../../../src/model/time.ts";
import type { WorkloadTemplate } from "../../../src/model/workload-template.ts";

const STEP_MS = durationMs(MINUTE_MS);
const START = instant(Date.UTC(2026, 2, 2));
const ONE = resourceVector({ cpu: 1, memory: 1e9, network: 1e7, storage: 1e7 });
const [ACME, SHOP, CELL, ID] = ["acme" as CustomerId, "shop" as WorkloadId, "c1" as CellId, "h-1" as HandOverId];
const SHADOW_VM = { minimum: scale(ONE, 0.1), ceiling: scale(ONE, 8) };
const grid = { startMs: START, stepMs: STEP_MS };
const vmOf = (id: string) => {
  return { id: id as VmId, workload: SHOP, host: "h1" as HostId, base: ONE, ceiling: scale(ONE, 8) };
};
const cell: Cell = {
  id: CELL,
  customers: [{ id: ACME, name: "Acme" }],
  workloads: [{ id: SHOP, customer: ACME, class: "web" }],
  pools: [{ id: "shared" as PoolId, kind: "shared" }],
  hosts: [{ id: "h1" as HostId, pool: "shared" as PoolId, capacity: scale(ONE, 64) }],
  vms: [vmOf("a"), vmOf("b")],
};
const PROFILE: WorkloadProfile = {
  ...{ scaling: "horizontal", utcOffsetMinutes: 0, demand: {}, growthPerMonth: 0, declaredAt: START },
  plannedChanges: [],
};

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Machines and their demand go on, whoever plans them. */
function machines() {
  const clock = virtualClock(START);
  const demand = new Map(cell.vms.map(({ id }) => [id, { demandAt: () => scale(ONE, 1.5) }]));
  return { clock, fleet: createSimulatedFleet({ cell, shadowVm: SHADOW_VM, demand, clock, grid }) };
}

interface Process {
  readonly handOvers: RunningHandOvers;
  readonly fleet: RunningFleet;
  tick(): Promise<void>;
  known(): KnownHandOver | undefined;
  /** Until what is known of it is so; looked at whenever a notice or a check came to something. */
  until(isSo: (known: KnownHandOver) => boolean): Promise<void>;
  /** Sends and asks nobody any more, and writes nothing down: as if it had been killed. */
  die(): Promise<void>;
}

async function begin(store: Store, { clock, fleet: simulated }: ReturnType<typeof machines>): Promise<Process> {
  // Of this process alone: one that died sleeps for ever.
  const own = virtualClock(clock.now());
  const news = new Set<() => void>();
  const tell = () => {
    for (const hear of [...news]) hear();
  };
  const made = runHandOvers({
    ...{ documents: store.documents, clock: own, networks: "127.0.0.0/8", onFailure: tell },
    changesMachines: true,
    pace: { timeoutMs: durationMs(500), firstMs: durationMs(5), mostMs: durationMs(20) },
  });
  if (!made.ok) throw new Error(made.error.message);
  const handOvers = made.value;
  const seats = await seatsHere({
    ...{ store: store.cells, clock: own, shadowVm: SHADOW_VM, process: "test", machines: simulated },
    checkpointMs: durationMs(HOUR_MS),
  });
  const begun = await runFleet({
    ...{ documents: store.documents, seats, defaults: { serviceLevel: 0.99, stepMs: STEP_MS } },
    events: {
      onTick: tell,
      onFailure: tell,
      onGone: handOvers.gone,
      onTaken: handOvers.taken,
      onHandOvers() {
        handOvers.moved();
        tell();
      },
    },
  });
  if (!begun.ok) throw new Error(begun.error.message);
  const fleet = begun.value;
  const heard = () => new Promise<void>((resolve) => news.add(resolve));
  const known = () => handOvers.desk.find(ID);
  const process: Process = {
    ...{ handOvers, fleet, known },
    async tick() {
      const ticked = heard();
      const next = instant(clock.now() + STEP_MS);
      clock.advanceTo(next);
      own.advanceTo(next);
      await ticked;
      await fleet.cells().get(CELL)?.desk.settled();
    },
    async until(isSo) {
      for (let look = known(); look === undefined || !isSo(look); look = known()) await heard();
    },
    die: () => handOvers.stop(),
  };
  ends.push(process.die);
  return process;
}

async function filledStore(documents: { readonly url: string; readonly template: WorkloadTemplate }): Promise<Store> {
  const store = createMemoryStore();
  const { url, template } = documents;
  const written = await store.documents.write(
    [
      ...documentsOf(cell, { serviceLevel: 0.99, stepMs: STEP_MS }),
      { kind: "profile", id: SHOP, value: PROFILE },
      { kind: "template", id: SHOP, value: template },
      { kind: "webhook", id: ACME, value: { url, secret: "a secret of enough letters" } },
    ],
    { id: "test", at: START },
  );
  if (!written.ok) throw new Error(written.error.message);
  return store;
}

/** A load balancer: answers with what is said at the moment, and remembers what it took in. */
async function loadBalancer() {
  const heard: HandOverNotice[] = [];
  const at = { status: 200 };
  const server: Server = createServer(async (request, response) => {
    const notice = JSON.parse(await text(request)) as HandOverNotice;
    if (at.status === 200) heard.push(notice);
    response.writeHead(at.status).end();
  });
  const port = await listen(server);
  return { heard, at, url: `http://127.0.0.1:${port}/headroom` };
}

/** A port that nobody listens on yet. */
async function lateReplica() {
  const first = createServer();
  const port = await listen(first);
  first.close();
  await once(first, "close");
  return {
    port,
    comeUp: () =>
      listen(
        createServer((_, response) => response.end()),
        port,
      ),
  };
}

async function listen(server: Server, port = 0): Promise<number> {
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const READINESS = { kind: "http", path: "/healthz", successes: 2 } as const;
const templateOf = (): WorkloadTemplate => ({
  ...{ workload: SHOP, image: "shop-7" },
  readiness: { ...READINESS, intervalMs: durationMs(5), timeoutMs: durationMs(500) },
});

function ask({ handOvers }: Process, port: number) {
  return handOvers.desk.ask({
    ...{ kind: "hand-over", id: ID, workload: SHOP, customer: ACME, size: scale(ONE, 2) },
    ...{ replica: { host: "127.0.0.1", port }, drainMs: STEP_MS, template: templateOf() },
  });
}

test("a replica is told of once it answers; who does not hear is told again, also by the service that comes after", async () => {
  const balancer = await loadBalancer();
  const replica = await lateReplica();
  const world = machines();
  const store = await filledStore({ url: balancer.url, template: templateOf() });
  const first = await begin(store, world);
  for (let count = 0; count < 10; count++) await first.tick();
  expect(await ask(first, replica.port)).toMatchObject({ ok: true, value: { handOver: { state: "asked" } } });
  for (let count = 0; count < 3; count++) await first.tick();
  expect(first.known()).toMatchObject({ handOver: { state: "scaling-up" }, isReady: false });
  balancer.at.status = 503;
  await replica.comeUp();
  await first.until(({ handOver, problem }) => handOver.state === "announced" && problem !== undefined);
  expect(first.known()).toMatchObject({ untold: ["joins"], problem: expect.stringContaining("answered 503") });
  await first.die();

  balancer.at.status = 200;
  const second = await begin(store, world);
  await second.until(({ handOver }) => handOver.state === "serving");
  expect(balancer.heard.map(({ idempotencyKey }) => idempotencyKey)).toEqual([`${ID}/joins`]);
  expect(balancer.heard[0]).toMatchObject({ replica: { port: replica.port }, capacity: scale(ONE, 2) });

  expect(await second.handOvers.desk.giveBack(ID)).toMatchObject({ ok: true, value: { returnAsked: true } });
  await second.tick();
  await second.until(({ untold }) => untold.length === 0);
  for (let count = 0; count < 3; count++) await second.tick();
  expect(second.known()?.moves.map(({ to }) => to)).toEqual([
    ...["asked", "scaling-up", "announced", "serving", "serving", "draining", "returned"],
  ]);
  expect(balancer.heard.map(({ kind }) => kind)).toEqual(["joins", "leaves"]);
  const replicas = world.fleet.machines().flatMap(({ shadowVms }) => shadowVms.map(({ id }) => id as string));
  expect(replicas.filter((id) => id.endsWith(ID))).toEqual([]);
  await second.fleet.stop();
});

test("a notice whose acknowledgement was not stored is sent again under the same key", async () => {
  const balancer = await loadBalancer();
  const replica = await lateReplica();
  await replica.comeUp();
  const world = machines();
  const store = await filledStore({ url: balancer.url, template: templateOf() });
  const isDown = { yet: false };
  const cells: CellStore = {
    ...store.cells,
    commit: async (...step) =>
      isDown.yet ? failure("unavailable", "The store is away.") : store.cells.commit(...step),
  };
  balancer.at.status = 503;
  const first = await begin({ ...store, cells }, world);
  for (let count = 0; count < 10; count++) await first.tick();
  expect(await ask(first, replica.port)).toMatchObject({ ok: true });
  for (let count = 0; count < 3; count++) await first.tick();
  await first.until(({ problem, handOver }) => handOver.state === "announced" && problem !== undefined);
  isDown.yet = true;
  balancer.at.status = 200;
  await first.until(({ handOver }) => handOver.state === "serving");
  await first.die();

  const second = await begin(store, world);
  await second.until(({ handOver }) => handOver.state === "serving");
  expect(balancer.heard.map(({ idempotencyKey }) => idempotencyKey)).toEqual(new Array(2).fill(`${ID}/joins`));
  await second.fleet.stop();
});

test("what is asked for while the store is away is refused, and asked for again it is promised once", async () => {
  const { url } = await loadBalancer();
  const world = machines();
  const store = await filledStore({ url, template: templateOf() });
  const isDown = { yet: false };
  const cells: CellStore = {
    ...store.cells,
    commit: async (...step) =>
      isDown.yet ? failure("unavailable", "The store is away.") : store.cells.commit(...step),
  };
  const only = await begin({ ...store, cells }, world);
  for (let count = 0; count < 10; count++) await only.tick();
  isDown.yet = true;
  expect(await ask(only, 80)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  expect(await ask(only, 80)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  isDown.yet = false;
  expect(await ask(only, 80)).toMatchObject({ ok: true, value: { handOver: { id: ID } } });
  expect(only.handOvers.desk.all()).toHaveLength(1);
  await only.fleet.stop();
});
