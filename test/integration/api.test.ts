// The API over a real socket: what it answers, how the stream is resumed, and that nothing makes it fall over.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { Value } from "typebox/value";
import { afterEach, expect, test } from "vitest";
import { createClient } from "../../src/api/client/client.ts";
import { type LiveNews, watchLive } from "../../src/api/client/watch-live.ts";
import { CustomerChart, FleetView, Tick } from "../../src/api/contract/live.ts";
import { asLiveSource, createTickingSource } from "../../src/api/contract/ticking-source.arbitrary.ts";
import { createServer, type HeadroomServer, type ServerOptions } from "../../src/api/server/server.ts";

const running = new Set<HeadroomServer>();
const folders = new Set<string>();

afterEach(async () => {
  for (const server of running) await server.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
  running.clear();
  folders.clear();
});

async function started(options: Partial<ServerOptions> & { history?: number } = {}) {
  const { history = 20, ...rest } = options;
  const source = createTickingSource({ history });
  const made = await createServer({ source: asLiveSource(source), port: 0, ...rest });
  if (!made.ok) throw new Error(made.error.message);
  running.add(made.value);
  const { address } = made.value;
  return { source, address, server: made.value, client: createClient({ address, fetcher: fetch }) };
}

function builtPage(): string {
  const above = mkdtempSync(join(tmpdir(), "headroom-page-"));
  folders.add(above);
  writeFileSync(join(above, "secret.txt"), "secret");
  const folder = join(above, "page");
  mkdirSync(join(folder, "assets"), { recursive: true });
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>Headroom</title>");
  writeFileSync(join(folder, "assets", "index-abc.js"), "0");
  writeFileSync(join(folder, ".hidden"), "hidden");
  return folder;
}

/** Sends the request line as it is: fetch would tidy the path up. */
function rawAnswer(address: string, path: string, host = "127.0.0.1"): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(address).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes;
    });
    socket.on("end", () => resolve(answer));
    socket.on("error", reject);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  });
}

test("the fleet and a customer's chart are as the contract says", async () => {
  const { client, source } = await started();
  const fleet = await client.getFleet();
  expect(fleet.ok && Value.Check(FleetView, fleet.value)).toBe(true);
  expect(fleet).toEqual({ ok: true, value: source.fleet() });
  const chart = await client.getCustomerChart({ id: "a/b ?%" });
  expect(chart.ok && Value.Check(CustomerChart, chart.value)).toBe(true);
  expect(chart).toEqual({ ok: true, value: source.customerChart("a/b ?%") });
});

test("every error is a problem with a kind and a sentence", async () => {
  const { address } = await started();
  const cases = [
    { method: "GET", path: "/v1/customers/nobody/chart", status: 404, kind: "not-found" },
    { method: "GET", path: "/v1/nothing", status: 404, kind: "not-found" },
    { method: "POST", path: "/", status: 404, kind: "not-found" },
    { method: "GET", path: `/v1/customers/${"x".repeat(129)}/chart`, status: 400, kind: "bad-input" },
    { method: "GET", path: "/v1/customers/%zz/chart", status: 400, kind: "bad-input" },
    { method: "POST", path: "/v1/fleet", status: 405, kind: "wrong-method" },
    { method: "DELETE", path: "/v1/customers/meridian/chart", status: 405, kind: "wrong-method" },
    { method: "HEAD", path: "/v1/live", status: 405, kind: "wrong-method" },
  ];
  for (const { method, path, status, kind } of cases) {
    const response = await fetch(`${address}${path}`, { method });
    expect({ method, path, status: response.status }).toEqual({ method, path, status });
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    if (status === 405) expect(response.headers.get("allow")).toContain("GET");
    if (method === "HEAD") continue;
    expect(await response.json()).toMatchObject({
      type: `urn:headroom:problem:${kind}`,
      status,
      title: expect.any(String),
    });
  }
});

test("before the first tick it says so, and after it it does not", async () => {
  const { client, source } = await started({ history: 0 });
  const type = "urn:headroom:problem:not-ready";
  expect(await client.getFleet()).toMatchObject({ ok: false, error: { status: 503, type } });
  expect(await client.getCustomerChart({ id: "meridian" })).toMatchObject({ ok: false, error: { status: 503 } });
  source.tick();
  expect(await client.getFleet()).toMatchObject({ ok: true });
});

test("a source that throws is a 500 that tells nothing of the inside", async () => {
  const source = createTickingSource({ history: 1 });
  const broken = { ...asLiveSource(source), fleet: () => Object.keys(undefined as never) as never };
  const { address } = await started({ source: broken });
  const response = await fetch(`${address}/v1/fleet`);
  expect(response.status).toBe(500);
  const title = "Something went wrong here";
  expect(await response.json()).toEqual({ type: "urn:headroom:problem:internal", title, status: 500 });
});

test("whatever is asked for, it is never the server's fault", async () => {
  const { address } = await started({ pageFolder: builtPage() });
  const path = fc.oneof(
    fc.string({ maxLength: 300 }).map((id) => `/v1/customers/${encodeURIComponent(id)}/chart`),
    fc.string({ unit: "binary", maxLength: 40 }).map((id) => `/v1/customers/${encodeURIComponent(id)}/chart`),
    fc.webPath({ size: "large" }).map((text) => `/${text}`),
    fc.stringMatching(/^[/.%\\a-z0-9?#;:@]{1,60}$/).map((text) => `/${text}`),
  );
  await fc.assert(
    fc.asyncProperty(path, async (each) => {
      const answer = await rawAnswer(address, each.replace(/[\s#]/g, ""));
      expect(answer).toMatch(/^HTTP\/1\.1 [234]\d\d /);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("the page's files are served, and nothing beside or above them", async () => {
  const { address } = await started({ pageFolder: builtPage() });
  for (const path of ["/", "/customers/meridian", "/customers/a%2Fb?res=memory"]) {
    const page = await fetch(`${address}${path}`);
    expect(await page.text()).toContain("<title>Headroom</title>");
    expect(page.headers.get("cache-control")).toBe("no-cache");
    expect(page.headers.get("content-security-policy")).toContain(
      "default-src 'none'; script-src 'self'; style-src 'self'",
    );
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
  }
  const asset = await fetch(`${address}/assets/index-abc.js`);
  expect(asset.headers.get("cache-control")).toContain("immutable");
  const outside = ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/assets/..%5c..%5csecret.txt"];
  for (const path of [...outside, "//secret.txt", "/assets/../../secret.txt", "/.hidden", "/assets/", "/%00"]) {
    const answer = await rawAnswer(address, path);
    expect({ path, refused: /^HTTP\/1\.1 40[034]/.test(answer) }).toEqual({ path, refused: true });
    expect(answer).not.toMatch(/secret$|hidden$/);
  }
});

test("a foreign name that leads to this machine reads nothing", async () => {
  const { address } = await started({ pageFolder: builtPage() });
  for (const path of ["/", "/v1/fleet", "/v1/live", "/assets/index-abc.js"]) {
    const answer = await rawAnswer(address, path, "headroom.example:8710");
    expect(answer).toMatch(/^HTTP\/1\.1 421 [\s\S]*urn:headroom:problem:foreign-name/);
  }
  expect(await rawAnswer(address, "/v1/fleet", "localhost:8710")).toMatch(/^HTTP\/1\.1 200 /);
});

interface Watch {
  readonly next: () => Promise<LiveNews>;
  readonly stop: () => void;
}

function watch(address: string, fetcher: typeof fetch = fetch): Watch {
  const stopping = new AbortController();
  const news = watchLive({ address, fetcher, signal: stopping.signal, retryMs: 1 });
  const next = async (): Promise<LiveNews> => {
    const { done, value } = await news.next();
    if (done) throw new Error("the live news ended");
    return value;
  };
  return { next, stop: () => stopping.abort() };
}

test("a viewer is told to load, then hears every tick, as the contract says", async () => {
  const { address, source } = await started();
  const viewer = watch(address);
  expect([await viewer.next(), await viewer.next()]).toEqual([{ kind: "connected" }, { kind: "reset" }]);
  for (let count = 0; count < 3; count++) {
    const tick = source.tick();
    expect(Value.Check(Tick, tick)).toBe(true);
    expect(await viewer.next()).toEqual({ kind: "tick", tick });
  }
  viewer.stop();
});

/** A fetch whose connections the test can cut, and that says with which Last-Event-ID it was called. */
function breakableFetch() {
  const asked: (string | undefined)[] = [];
  let cut = new AbortController();
  const fetcher: typeof fetch = (input, init) => {
    asked.push(new Headers(init?.headers).get("last-event-id") ?? undefined);
    cut = new AbortController();
    return fetch(input, { ...init, signal: cut.signal });
  };
  return { fetcher, asked, breakNow: () => cut.abort(new Error("cut")) };
}

test("a viewer who lost the connection hears what was missed, and is not told to load anew", async () => {
  const { address, source } = await started();
  const { fetcher, asked, breakNow } = breakableFetch();
  const viewer = watch(address, fetcher);
  await viewer.next();
  await viewer.next();
  const heard = source.tick();
  expect(await viewer.next()).toEqual({ kind: "tick", tick: heard });
  breakNow();
  const missed = [source.tick(), source.tick()];
  expect(await viewer.next()).toMatchObject({ kind: "lost" });
  expect(await viewer.next()).toEqual({ kind: "connected" });
  expect([await viewer.next(), await viewer.next()]).toEqual(missed.map((tick) => ({ kind: "tick", tick })));
  expect(asked).toEqual([undefined, expect.stringMatching(/^[a-z0-9]+-1$/)]);
  viewer.stop();
});

test("who missed more than is kept, or comes from another run, is told to load anew", async () => {
  const { address, source } = await started({ eventsMax: 3 });
  const { fetcher, breakNow } = breakableFetch();
  const viewer = watch(address, fetcher);
  await viewer.next();
  await viewer.next();
  breakNow();
  expect(await viewer.next()).toMatchObject({ kind: "lost" });
  for (let count = 0; count < 5; count++) source.tick();
  expect([await viewer.next(), await viewer.next()]).toEqual([{ kind: "connected" }, { kind: "reset" }]);
  const tick = source.tick();
  expect(await viewer.next()).toEqual({ kind: "tick", tick });
  viewer.stop();

  for (const id of ["other-3", "garbage", "-1", "\u00e9", "9".repeat(500)]) {
    const response = await fetch(`${address}/v1/live`, { headers: { "last-event-id": id } });
    expect(await textUntil(response, "event: reset\ndata: {}\n\n")).toMatch(/id: [a-z0-9]+-6\nevent: reset/);
  }
});

/** What came until `words` did; then the connection is given up. */
async function textUntil(response: Response, words: string): Promise<string> {
  let text = "";
  for await (const bytes of response.body ?? []) {
    text += new TextDecoder().decode(bytes);
    if (text.includes(words)) return text;
  }
  throw new Error(`the stream ended without ${words}: ${text}`);
}

test("a reader that stops reading is told to load anew when it goes on", async () => {
  const { address, source } = await started({ eventsMax: 5 });
  const socket = connect(Number(new URL(address).port), "127.0.0.1");
  let text = "";
  const reset = new Promise<void>((resolve) => {
    socket.on("data", (bytes) => {
      text = (text + bytes).slice(-200_000);
      if (text.includes("event: reset")) resolve();
    });
  });
  socket.write("GET /v1/live HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  // Far more than the buffers of both sides of a socket hold.
  for (let count = 0; count < 8_000; count++) source.tick();
  socket.resume();
  await reset;
  socket.destroy();
});

test("there is a limit to viewers, and room again when one leaves", async () => {
  const { address, source } = await started({ subscribersMax: 1 });
  const first = await fetch(`${address}/v1/live`);
  const refused = await fetch(`${address}/v1/live`);
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ type: "urn:headroom:problem:unavailable" });
  await first.body?.cancel();
  const viewer = watch(address);
  let news = await viewer.next();
  while (news.kind === "lost") news = await viewer.next();
  expect(news).toEqual({ kind: "connected" });
  expect(source.listenerCount()).toBe(1);
  viewer.stop();
});

test("a quiet stream is kept alive by comments", async () => {
  const { address } = await started({ keepAliveMs: 5 });
  const response = await fetch(`${address}/v1/live`);
  expect(await textUntil(response, ": still here\n\n")).toContain("retry: ");
});

test("it closes with streams open, lets its source go, and frees the port", async () => {
  const { address, server, source } = await started();
  const streams = await Promise.all(Array.from({ length: 20 }, () => fetch(`${address}/v1/live`)));
  await server.close();
  await Promise.all(streams.map((stream) => stream.text()));
  expect(source.listenerCount()).toBe(0);
  const again = await started({ port: Number(new URL(address).port) });
  expect(again.address).toBe(address);
});

test("a port that is taken is a failure with what to do, not a crash", async () => {
  const { address, source } = await started();
  const second = await createServer({ source: asLiveSource(source), port: Number(new URL(address).port) });
  expect(second).toMatchObject({
    ok: false,
    error: { kind: "unavailable", message: expect.stringContaining("name another") },
  });
});
