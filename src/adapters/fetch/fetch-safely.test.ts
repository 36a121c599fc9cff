import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { durationMs, instant } from "../../model/time.ts";
import { allowAddresses, isOutside, type Resolver } from "../customer-addresses/allowed-address.ts";
import { type FetchLimits, type FetchOptions, fetchSafely, retryAfterMs } from "./fetch-safely.ts";

const NOW = instant(Date.UTC(2026, 2, 2));
const LOOPBACK_ALLOWED = (address: string) => address === "127.0.0.1" || isOutside(address);
const LIMITS: Partial<FetchLimits> = {
  packedBytesMax: 10_000,
  bytesMax: 50_000,
  idleMs: durationMs(300),
  totalMs: durationMs(900),
};

const running: Server[] = [];
afterEach(() => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function serves(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function read(url: string, options: Partial<FetchOptions> & { seen?: { etag?: string; lastModified?: string } } = {}) {
  const { seen, ...given } = options;
  const question = { url, accept: "text/calendar", ...(seen && { seen }) };
  return fetchSafely(question, { allows: LOOPBACK_ALLOWED, limits: LIMITS, now: NOW, ...given });
}

test("a body is read whole, unpacked, with what tells whether it is new", async () => {
  const url = await serves((_, response) => {
    response.writeHead(200, {
      etag: '"1"',
      "last-modified": "Mon, 02 Mar 2026 00:00:00 GMT",
      "content-encoding": "gzip",
    });
    response.end(gzipSync("BEGIN:VCALENDAR"));
  });
  const fetched = await read(url);
  expect(fetched).toMatchObject({ ok: true, value: { kind: "fetched", validators: { etag: '"1"' } } });
  if (fetched.ok && fetched.value.kind === "fetched")
    expect(new TextDecoder().decode(fetched.value.bytes)).toBe("BEGIN:VCALENDAR");
});

test("what was seen is said, and an answer of 304 is no news", async () => {
  const url = await serves(({ headers }, response) => {
    const isSeen = headers["if-none-match"] === '"1"' && headers["if-modified-since"] === "yesterday";
    response.writeHead(isSeen ? 304 : 200).end();
  });
  expect(await read(url, { seen: { etag: '"1"', lastModified: "yesterday" } })).toEqual({
    ok: true,
    value: { kind: "unchanged" },
  });
});

test("private addresses are refused unless the operator allows them", async () => {
  const url = await serves((_, response) => response.end("inside"));
  const refused = await read(url, { allows: isOutside });
  expect(refused).toMatchObject({ ok: false, error: { kind: "bad-input" } });
  const allows = allowAddresses("10.0.0.0/8, 127.0.0.1");
  if (!allows.ok) throw new Error(allows.error.message);
  expect(await read(url, { allows: allows.value.isAllowed })).toMatchObject({ ok: true });
  expect(allowAddresses("10.0.0.0/8, everywhere").ok).toBe(false);
  expect(allows.value.isAllowed("192.168.1.1")).toBe(false);
});

test.each([
  "http://169.254.169.254/latest/meta-data/",
  "http://2130706434/",
  "http://0x7f000002/",
  "http://[::ffff:10.0.0.1]/",
  "http://[fd00::1]/",
  "file:///etc/passwd",
  "gopher://example.com/",
  "http://user:secret@example.com/",
  "calendar",
])("%s is never asked", async (url) => {
  expect(await read(url)).toMatchObject({ ok: false, error: { kind: "bad-input" } });
});

test.each(["http://169.254.169.254/", "http://10.0.0.1/", "file:///etc/passwd", "//[::1]/"])(
  "a redirect to %s is not followed",
  async (location) => {
    const url = await serves((_, response) => response.writeHead(302, { location }).end());
    const refused = await read(url);
    expect(refused).toMatchObject({ ok: false, error: { kind: "bad-input" } });
    expect(refused).toHaveProperty("error.message", expect.stringContaining("leads elsewhere"));
  },
);

test("redirects are followed a few times and no more", async () => {
  let asked = 0;
  const url = await serves((_, response) => {
    asked++;
    response.writeHead(302, { location: `/${asked}` }).end();
  });
  expect(await read(url)).toMatchObject({ ok: false, error: { kind: "unavailable" } });
  expect(asked).toBe(5);
});

test("a name is resolved once for each connection: an answer that changes afterwards leads nowhere", async () => {
  const url = await serves((_, response) => response.end("outside"));
  let asked = 0;
  const changing: Resolver = (_, done) =>
    done(null, [{ address: asked++ === 0 ? "127.0.0.1" : "169.254.169.254", family: 4 }]);
  const named = url.replace("127.0.0.1", "rebinding.test");
  expect(await read(named, { resolver: changing })).toMatchObject({ ok: true });
  expect(asked).toBe(1);
  expect(await read(named, { resolver: changing })).toMatchObject({ ok: false, error: { kind: "unavailable" } });
});

test("a name with one address inside among others is refused", async () => {
  const mixed: Resolver = (_, done) =>
    done(null, [
      { address: "8.8.8.8", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ]);
  const refused = await read("http://mixed.test/", { resolver: mixed });
  expect(refused).toHaveProperty("error.message", expect.stringContaining("private network"));
});

test("a name server that never answers ends at the limit", async () => {
  expect(await read("http://silent.test/", { resolver: () => {} })).toMatchObject({
    ok: false,
    error: { kind: "unavailable" },
  });
});

const HOSTILE: Readonly<Record<string, RequestListener>> = {
  "an endless body": (_, response) => {
    const push = () => {
      while (response.write(Buffer.alloc(4_096))) if (response.destroyed) return;
      response.once("drain", push);
    };
    push();
  },
  "a body that unpacks to a thousand times its size": (_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(9_000_000))),
  "a slow drip": (_, response) => {
    const drip = setInterval(() => response.write("x"), 50);
    response.on("close", () => clearInterval(drip));
  },
  "silence before the head": () => {},
  "silence after the head": (_, response) => response.writeHead(200).flushHeaders(),
  "a body that breaks off": (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setImmediate(() => response.destroy());
  },
  "what is no gzip": (_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("plain"),
  "an encoding nobody asked for": (_, response) => response.writeHead(200, { "content-encoding": "zstd" }).end("x"),
  "headers without end": (_, response) => response.writeHead(200, { "x-long": "x".repeat(200_000) }).end(),
  "an error": (_, response) => response.writeHead(500).end("no"),
};

test.each(Object.keys(HOSTILE))("%s ends as a failure", async (name) => {
  const url = await serves(HOSTILE[name] as RequestListener);
  const outcome = await read(url);
  expect(outcome.ok).toBe(false);
  if (!outcome.ok) expect(outcome.error.message).toMatch(/^127\.0\.0\.1:\d+ .*\.$/);
});

test("how long to wait is heard, as seconds or as a date, and bounded", async () => {
  const url = await serves((_, response) => response.writeHead(429, { "retry-after": "120" }).end());
  expect(await read(url)).toMatchObject({ ok: false, error: { kind: "unavailable", retryAfterMs: 120_000 } });
  expect(retryAfterMs("Mon, 02 Mar 2026 00:05:00 GMT", NOW)).toBe(300_000);
  expect(retryAfterMs("999999999", NOW)).toBe(86_400_000);
  expect(retryAfterMs("soon", NOW)).toBeUndefined();
});
