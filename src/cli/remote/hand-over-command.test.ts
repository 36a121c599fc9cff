import { expect, test } from "vitest";
import { problem, run } from "./fake-service.arbitrary.ts";

const SIZE = { cpu: 2, memory: 2 ** 33, network: 1e8, storage: 1e8 };
const HAND_OVER = {
  ...{ id: "hand-over-1", customer: "meridian", workload: "meridian-web", host: "host-1", shadowVm: "s-1" },
  ...{ state: "asked", since: "2026-03-02T08:00:00Z", replica: { host: "web-7.example", port: 8080 }, size: SIZE },
  ...{ drainSeconds: 300, image: "web-7", ready: false, returnAsked: false, untold: [], problem: null },
  moves: [{ at: "2026-03-02T08:00:00Z", to: "asked", why: "host-1 has room for it." }],
};

test("a replica is asked for once, and what is promised is said", async () => {
  const line =
    "hand-over ask meridian-web --replica [fd00::7]:8080 --size cpu=2,memory=8GiB,network=1MB/s,storage=1MB/s";
  const { code, out, asked } = await run(line, { answers: { postHandOver: () => HAND_OVER }, columns: 200 });
  expect(code).toBe(0);
  expect(asked[0]?.given).toEqual({
    idempotencyKey: expect.any(String),
    body: {
      workload: "meridian-web",
      replica: { host: "fd00::7", port: 8080 },
      size: { cpu: 2, memory: 2 ** 33, network: 1e6, storage: 1e6 },
    },
  });
  expect(out).toContain("hand-over-1: asked\n");
  expect(out).toContain("One more replica of meridian-web at web-7.example:8080, on host-1, made from web-7.\n");
  expect(out).toContain("host-1 has room for it.");
  expect(out).toContain("passed its readiness check");
});

test.each(["web-7.example", "web-7.example:0", "web-7.example:99999", "a b:80"])(
  "%s is no replica",
  async (replica) => {
    const { code, err } = await run(`hand-over ask w --replica "${replica}"`);
    expect([code, err]).toEqual([2, expect.stringContaining("web-7.example.com:8080")]);
  },
);

test("a refusal is the sentence of whoever refuses", async () => {
  const postHandOver = () => problem(409, "No host has room for it: host-1 has no room now.");
  const { code, err } = await run("hand-over ask w --replica a:80", { answers: { postHandOver } });
  expect([code, err]).toEqual([1, expect.stringContaining("host-1 has no room now")]);
});

test("the list is newest first, and says what keeps one waiting", async () => {
  const items = [
    HAND_OVER,
    { ...HAND_OVER, id: "hand-over-2", since: "2026-03-02T09:00:00Z", state: "announced", problem: "lb answered 503." },
  ];
  const answers = { listHandOvers: () => ({ items, next: null }) };
  const { out } = await run("hand-over list", { answers, columns: 200 });
  expect(out.indexOf("hand-over-2")).toBeLessThan(out.indexOf("hand-over-1"));
  expect(out).toContain("hand-over-2 waits: lb answered 503.");
  expect(await run("hand-over list", { answers: { listHandOvers: () => ({ items: [], next: null }) } })).toMatchObject({
    out: expect.stringContaining("headroom hand-over ask"),
  });
});

test("giving back says what comes next; JSON is the answer and nothing else", async () => {
  const returned = { ...HAND_OVER, state: "serving", returnAsked: true };
  const answers = { returnHandOver: () => returned };
  const { out } = await run("hand-over return hand-over-1", { answers, columns: 200 });
  expect(out).toContain("hand-over-1: serving, asked back");
  expect(out).toContain("It is given back with the next tick.");
  const json = await run("hand-over return hand-over-1 --json", { answers });
  expect(JSON.parse(json.out)).toEqual(returned);
});

test("a webhook is set with a secret out of a file, never typed and never shown", async () => {
  const answers = { putWebhook: () => ({ id: "meridian", version: 1, changedAt: null, url: "https://lb.example/" }) };
  const line = "hand-over webhook meridian --url https://lb.example/ --secret-file secret";
  const { out, asked } = await run(line, { answers, document: "of-enough-letters", columns: 200 });
  expect(asked[0]?.given).toMatchObject({ body: { url: "https://lb.example/", secret: "of-enough-letters" } });
  expect(out).toBe("Notices for meridian go to https://lb.example/.\n");
  const half = await run("hand-over webhook meridian --url https://lb.example/", { answers });
  expect([half.code, half.err]).toEqual([1, expect.stringContaining("go together")]);
});
