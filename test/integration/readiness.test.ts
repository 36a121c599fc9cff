// Readiness checks over real sockets, of replicas that come up late, answer wrongly, hang, and lie where nobody may look.
import { once } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterEach, expect, test } from "vitest";
import { allowAddresses } from "../../src/adapters/customer-addresses/allowed-address.ts";
import { createReplicaProbe } from "../../src/adapters/readiness/probe-replica.ts";
import { createReplicaWatch, type ReplicaWatch } from "../../src/adapters/readiness/watch-replicas.ts";
import type { HandOverId } from "../../src/model/hand-over.ts";
import type { ShadowVmId } from "../../src/model/shadow-vm.ts";
import { durationMs } from "../../src/model/time.ts";
import type { ReadinessCheck } from "../../src/model/workload-template.ts";

const servers: Server[] = [];
const watches: ReplicaWatch[] = [];

afterEach(async () => {
  for (const watch of watches.splice(0)) await watch.stop();
  for (const server of servers.splice(0)) server.close();
});

const PACE = { intervalMs: durationMs(5), timeoutMs: durationMs(250), successes: 2 };
const TCP: ReadinessCheck = { ...PACE, kind: "tcp" };
const HTTP: ReadinessCheck = { ...PACE, kind: "http", path: "/healthz" };
const ID = "h-1" as HandOverId;

async function listen(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

const web = (answer: RequestListener) => listen(createHttpServer(answer));

function probeOf(...networks: readonly string[]) {
  const allowed = allowAddresses(networks.join());
  if (!allowed.ok) throw new Error(allowed.error.message);
  return createReplicaProbe(allowed.value);
}

const replicaAt = (port: number, check: ReadinessCheck, host = "127.0.0.1") => {
  return { shadowVm: "s" as ShadowVmId, replica: { host, port }, check };
};
const ask = (port: number, check: ReadinessCheck) => probeOf("127.0.0.0/8").probe(replicaAt(port, check));

test("a port that takes connections is ready by TCP; one that nobody listens on is not", async () => {
  const server = createServer((socket) => socket.end());
  const port = await listen(server);
  expect(await ask(port, TCP)).toEqual({ ok: true, value: undefined });
  server.close();
  await once(server, "close");
  expect(await ask(port, TCP)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("200 to 399 is ready by HTTP, on the path that was declared; redirects are not followed", async () => {
  const paths: (string | undefined)[] = [];
  let status = 200;
  const port = await web(({ url }, response) => {
    paths.push(url);
    response.writeHead(status, { location: "/elsewhere" }).end();
  });
  expect((await ask(port, HTTP)).ok).toBe(true);
  status = 302;
  expect((await ask(port, HTTP)).ok).toBe(true);
  status = 503;
  expect(await ask(port, HTTP)).toMatchObject({ error: { message: `127.0.0.1:${port} answered 503.` } });
  expect(new Set(paths)).toEqual(new Set(["/healthz"]));
});

test("who takes a connection and says nothing is late", async () => {
  const port = await listen(createServer(() => {}));
  expect(await ask(port, HTTP)).toMatchObject({
    error: { kind: "timeout", message: expect.stringContaining("250 ms") },
  });
});

test("nothing inside is connected to unless the operator named its network", async () => {
  let reached = 0;
  const port = await web((_, response) => {
    reached++;
    response.end();
  });
  for (const host of ["127.0.0.1", "::ffff:127.0.0.1", "localhost"])
    for (const check of [TCP, HTTP])
      expect(await probeOf("10.0.0.0/8").probe(replicaAt(port, check, host)), host).toMatchObject({
        error: { message: expect.stringContaining("private network") },
      });
  expect(reached).toBe(0);
});

test("a replica is ready after so many good answers in a row, and not before", async () => {
  const told = ["bad", "good", "bad", "good", "good"];
  let asked = 0;
  const port = await web((_, response) => {
    response.writeHead(told[asked++] === "bad" ? 500 : 200).end();
  });
  await new Promise<void>((resolve) => {
    const watch = createReplicaWatch({ probe: probeOf("127.0.0.0/8"), onReady: async () => resolve() });
    watches.push(watch);
    const awaited = new Map([[ID, replicaAt(port, HTTP)]]);
    watch.await(awaited);
    // Told of again and again, as every tick does: it is still asked by one only.
    watch.await(awaited);
  });
  expect(asked).toBe(told.length);
});

test("who is awaited no more is asked no more, and an end waits for no answer", async () => {
  const connected = { by: (): void => {} };
  const first = new Promise<void>((resolve) => {
    connected.by = resolve;
  });
  const port = await listen(createServer(() => connected.by()));
  const check = { ...HTTP, timeoutMs: durationMs(60_000) };
  const watch = createReplicaWatch({
    probe: probeOf("127.0.0.0/8"),
    onReady: async () => expect.fail("Nobody answered."),
  });
  watch.await(new Map([[ID, replicaAt(port, check)]]));
  await first;
  await watch.stop();
  expect(watch.lastFailure(ID)).toBeUndefined();
});
