// Notices over real HTTP, to a load balancer that fails, is slow, lies elsewhere, and is restarted.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, test } from "vitest";
import { allowAddresses } from "../../src/adapters/customer-addresses/allowed-address.ts";
import { aNotice } from "../../src/adapters/webhook/a-notice.arbitrary.ts";
import { postNotice } from "../../src/adapters/webhook/post-notice.ts";
import { createNoticeSender, type NoticeSender } from "../../src/adapters/webhook/send-notices.ts";
import type { HandOverNotice } from "../../src/model/hand-over.ts";
import { success } from "../../src/model/result.ts";
import { durationMs, instant } from "../../src/model/time.ts";

const SECRET = "a secret of enough letters";
const NOW = instant(1_700_000_123_456);
const allowing = (...networks: readonly string[]) => {
  const made = allowAddresses(networks.join());
  if (!made.ok) throw new Error(made.error.message);
  return made.value;
};
const HERE = allowing("127.0.0.0/8", "::1/128");
const NOWHERE_INSIDE = allowing();

interface Heard {
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

type Answer = (heard: Heard, response: ServerResponse) => void;

const servers: Server[] = [];
const senders: NoticeSender[] = [];

afterEach(async () => {
  for (const sender of senders.splice(0)) await sender.stop();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(answer: Answer, port = 0): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer(async (request, response) => {
    answer({ body: await text(request), headers: request.headers }, response);
  });
  servers.push(server);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: at } = server.address() as AddressInfo;
  return { server, port: at, url: `http://127.0.0.1:${at}/headroom` };
}

const answering =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end();
  };

function post(url: string, given: { allowed?: typeof HERE; timeoutMs?: number; secret?: string } = {}) {
  const { allowed = HERE, timeoutMs = 5000, secret = SECRET } = given;
  const signal = new AbortController().signal;
  const target = { url, secret };
  return postNotice(aNotice("h-1"), { target, at: NOW, timeoutMs: durationMs(timeoutMs), allowed, signal });
}

/** Sends until so many were acknowledged, and returns what went wrong on the way. */
async function sendAll(
  url: string,
  notices: readonly HandOverNotice[],
  onFailure: () => Promise<void> | void = () => {},
) {
  const failures: string[] = [];
  const acknowledged: string[] = [];
  await new Promise<void>((resolve) => {
    const sender = createNoticeSender({
      now: () => NOW,
      targetOf: async () => success({ url, secret: SECRET }),
      allowed: HERE,
      pace: { timeoutMs: durationMs(250), firstMs: durationMs(5), mostMs: durationMs(20) },
      onFailure(_, { message }) {
        failures.push(message);
        void onFailure();
      },
      async onAcknowledged({ idempotencyKey }) {
        acknowledged.push(idempotencyKey);
        if (acknowledged.length === notices.length) resolve();
      },
    });
    senders.push(sender);
    sender.offer(notices);
    // Offered again and again, as every tick does: each is still sent by one only.
    sender.offer(notices);
  });
  return { failures, acknowledged };
}

test("the receiver can tell who sent it, when, and which repeat it is", async () => {
  const heard: Heard[] = [];
  const { url } = await listen((each, response) => {
    heard.push(each);
    response.writeHead(204).end();
  });
  expect(await post(url)).toEqual({ ok: true, value: undefined });
  const [{ body, headers } = { body: "", headers: {} }] = heard;
  expect(JSON.parse(body)).toEqual(aNotice("h-1"));
  expect(headers["idempotency-key"]).toBe("h-1/joins");
  const expected = createHmac("sha256", SECRET).update(`1700000123.${body}`).digest("hex");
  expect(headers["headroom-signature"]).toBe(`t=1700000123,v1=${expected}`);
});

test("redirects are not followed", async () => {
  let reached = 0;
  const elsewhere = await listen((_, response) => {
    reached++;
    response.end();
  });
  const { url } = await listen(answering(307, { location: elsewhere.url }));
  expect(await post(url)).toMatchObject({ ok: false, error: { message: expect.stringContaining("not followed") } });
  expect(reached).toBe(0);
});

test("an answer that never ends is an answer", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200);
    const pour = () => {
      while (!response.destroyed && response.write("x".repeat(65_536))) {}
    };
    response.on("drain", pour);
    pour();
  });
  expect(await post(url)).toMatchObject({ ok: true });
});

test("without leave of the operator nothing inside is reached, by address or by name, nor anything by plain HTTP", async () => {
  let reached = 0;
  const { port } = await listen((_, response) => {
    reached++;
    response.end();
  });
  for (const url of [
    `https://127.0.0.1:${port}/`,
    `https://[::1]:${port}/`,
    `https://[::ffff:127.0.0.1]:${port}/`,
    `https://2130706433:${port}/`,
    `https://localhost:${port}/`,
  ])
    expect(await post(url, { allowed: NOWHERE_INSIDE }), url).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("inside a private network") },
    });
  for (const url of [
    "http://lb.example.com/",
    "ftp://lb.example.com/",
    "lb.example.com",
    "https://me:pw@lb.example.com/",
  ])
    expect(await post(url, { allowed: NOWHERE_INSIDE }), url).toMatchObject({
      ok: false,
      error: { kind: "bad-input" },
    });
  expect(await post("https://lb.example.com/", { secret: "short" })).toMatchObject({ error: { kind: "bad-input" } });
  expect(reached).toBe(0);
});

test("who does not answer in time is told again, and no notice is acknowledged before it was taken in", async () => {
  let calls = 0;
  const { url } = await listen((_, response) => {
    if (++calls > 2) response.end();
  });
  const { failures } = await sendAll(url, [aNotice("h-1")]);
  expect(failures).toHaveLength(2);
  expect(failures[0]).toMatch(/did not answer within 250 ms/);
});

test("one notice that is not taken in keeps no other waiting", async () => {
  let refusals = 0;
  const { url } = await listen(({ headers }, response) => {
    const isBad = headers["idempotency-key"] === "bad/joins" && refusals++ < 5;
    response.writeHead(isBad ? 500 : 200).end();
  });
  const { acknowledged, failures } = await sendAll(url, [aNotice("bad"), aNotice("h-1"), aNotice("h-2", "lost")]);
  expect(acknowledged.at(-1)).toBe("bad/joins");
  expect(acknowledged.toSorted()).toEqual(["bad/joins", "h-1/joins", "h-2/lost"]);
  expect(failures).toHaveLength(5);
});

test("a load balancer that is restarted hears of it once it is back", async () => {
  const first = await listen(answering(503));
  let isDown = false;
  const back: string[] = [];
  const comeBack = async () => {
    if (isDown) return;
    isDown = true;
    first.server.closeAllConnections();
    first.server.close();
    await once(first.server, "close");
    await listen(({ headers }, response) => {
      back.push(String(headers["idempotency-key"]));
      response.end();
    }, first.port);
  };
  const { acknowledged, failures } = await sendAll(first.url, [aNotice("h-1")], comeBack);
  expect(failures.length).toBeGreaterThanOrEqual(1);
  expect(acknowledged).toEqual(["h-1/joins"]);
  expect(back).toEqual(["h-1/joins"]);
});

test("what waits no more is given up, and nothing is on its way after the end", async () => {
  let calls = 0;
  const { url } = await listen((_, response) => {
    calls++;
    response.writeHead(500).end();
  });
  const failed = promiseOfFirst();
  const sender = createNoticeSender({
    now: () => NOW,
    targetOf: async () => success({ url, secret: SECRET }),
    allowed: HERE,
    pace: { timeoutMs: durationMs(250), firstMs: durationMs(1000), mostMs: durationMs(1000) },
    onFailure: () => failed.keep(),
    onAcknowledged: async () => expect.fail("Nobody acknowledged it."),
  });
  senders.push(sender);
  sender.offer([aNotice("h-1")]);
  await failed.promise;
  sender.offer([]);
  await sender.stop();
  expect(calls).toBe(1);
});

function promiseOfFirst(): { readonly promise: Promise<void>; readonly keep: () => void } {
  let keep = (): void => {};
  const promise = new Promise<void>((resolve) => {
    keep = resolve;
  });
  return { promise, keep };
}
