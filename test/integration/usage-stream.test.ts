// Usage on its way to a biller, over real sockets, to a receiver that fails, loses its answers, and restarts.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { sendWaiting } from "../../src/adapters/usage-stream/send-usage.ts";
import type { UsageStore } from "../../src/control/store-ports/usage-port.ts";
import { createMemoryStore } from "../../src/lab/memory-store.ts";
import { virtualClock } from "../../src/lab/virtual-clock.ts";
import { instant } from "../../src/model/time.ts";
import { aRecord, USAGE_START } from "../../src/model/usage.arbitrary.ts";
import type { UsageEvent } from "../../src/model/usage-event.ts";
import { usageKey } from "../../src/model/usage-record.ts";

const SECRET = "a secret of the biller";

type Fate = "takes" | "refuses" | "takes and dies";

/** Counts each id once, as a biller does; `fates` say what becomes of each request, in turn. */
function receiver(fates: readonly Fate[]) {
  const seen = new Map<string, UsageEvent>();
  let [requests, doubled, port] = [0, 0, 0];
  let server: Server | undefined;
  const take = (events: readonly UsageEvent[]) => {
    doubled += events.filter(({ id }) => seen.has(id)).length;
    for (const event of events) seen.set(event.id, event);
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const fate = fates[requests++] ?? "takes";
    const body = await signedBody(request);
    if (fate === "refuses") return response.writeHead(503).end();
    take(JSON.parse(body) as UsageEvent[]);
    return fate === "takes" ? response.writeHead(204).end() : request.socket.destroy();
  };
  const start = async () => {
    server = createServer((request, response) => void answer(request, response));
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    server?.closeAllConnections();
    server?.close();
    await once(server as Server, "close");
  };
  return { seen, start, stop, counts: () => ({ requests, doubled }), url: () => `http://127.0.0.1:${port}/usage` };
}

async function signedBody(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const part of request.setEncoding("utf8")) body += String(part);
  const [, seconds, code] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers["headroom-signature"])) ?? [];
  expect(code).toBe(createHmac("sha256", SECRET).update(`${seconds}.${body}`).digest("hex"));
  expect(request.headers["content-type"]).toBe("application/cloudevents-batch+json");
  return body;
}

let stop = async (): Promise<void> => {};
afterEach(() => stop());

async function storeWith(count: number): Promise<UsageStore> {
  const { usage } = createMemoryStore();
  for (let hour = 0; hour < count; hour++) await usage.correct([aRecord({ hour }), aRecord({ hour, id: "web-2" })]);
  return usage;
}

test("every record arrives, whatever fails, and told twice it counts once", async () => {
  const store = await storeWith(6);
  const biller = receiver(["takes", "refuses", "takes and dies", "takes", "refuses", "takes and dies"]);
  await biller.start();
  stop = biller.stop;
  const clock = virtualClock(instant(USAGE_START));
  const options = { store, clock, secret: SECRET, source: "urn:headroom:test" };
  let failures = 0;
  for (let tries = 0; tries < 20; tries++) {
    if (tries === 3) await biller.stop();
    const sent = await sendWaiting({ ...options, url: biller.url() });
    if (!sent.ok) failures++;
    if (tries === 3) await biller.start();
  }
  const waiting = await store.unsent(99);
  expect(waiting).toEqual({ ok: true, value: [] });
  expect(biller.seen.size).toBe(12);
  expect(failures).toBeGreaterThanOrEqual(5);
  expect(biller.counts().doubled).toBe(4);
  const [first] = biller.seen.values();
  expect(first).toMatchObject({
    ...{ specversion: "1.0", id: usageKey(aRecord()), source: "urn:headroom:test", type: "headroom.usage.v1" },
    ...{ subject: "acme", time: "2026-03-01T01:00:00.000Z", datacontenttype: "application/json" },
    data: { of: { kind: "vm", id: "web-1" }, plan: "predictive", amounts: { base: { cpu: 3_600_000_000 } } },
  });
});
