import { expect, test } from "vitest";
import { problem, run } from "./fake-service.arbitrary.ts";

const CONTRACT = { id: "meridian", version: 3, changedAt: null, plan: "standard", optedIn: ["cpu"] };
const contracts = {
  getContract: () => CONTRACT,
  putContract: ({ id, body }: { id: string; body: object }) => ({ ...CONTRACT, id, version: 4, ...body }),
};

test("opting in adds to what is opted in, under the version that was looked at", async () => {
  const line = "opt-in meridian --plan predictive --resources memory --ceiling cpu=8";
  const { code, out, asked } = await run(line, { answers: contracts, columns: 200 });
  expect(code).toBe(0);
  expect(asked[1]).toEqual({
    name: "putContract",
    given: {
      id: "meridian",
      ifVersion: 3,
      body: {
        plan: "predictive",
        optedIn: ["cpu", "memory"],
        ceiling: { cpu: 8, memory: 1e30, network: 1e30, storage: 1e30 },
      },
    },
  });
  expect(out).toBe(
    "meridian is opted in for CPU and memory with plan predictive, from now on. One VM gets at most 8.0 cores of CPU.\n",
  );
});

test("opting out leaves the plan as it is, and says that it goes back gracefully", async () => {
  const { out, asked } = await run("opt-out meridian", { answers: contracts, columns: 200 });
  expect(asked[1]?.given).toMatchObject({ ifVersion: 3, body: { plan: "standard", optedIn: [] } });
  expect(out).toBe("meridian is opted out altogether. What was lent goes back in stages, from now on.\n");
});

test("somebody was faster: nothing is changed, and it says so", async () => {
  const putContract = () => problem(412, "It has version 4 by now", "precondition-failed");
  const { code, err } = await run("opt-out meridian", { answers: { ...contracts, putContract } });
  expect(code).toBe(1);
  expect(err).toContain("Somebody else changed it at the same time");
});

test("an event is announced with times of the terminal's zone, once", async () => {
  const event = { id: "event-1", name: "spring sale", start: "2026-04-03T06:00:00Z", end: "2026-04-05T20:00:00Z" };
  const line =
    'events add "spring sale" --start "2026-04-03 08:00" --end "2026-04-05 22:00" --uplift 1.6 --customer a --customer b';
  const { out, asked } = await run(line, { answers: { postEvent: () => event }, columns: 200 });
  expect(asked).toEqual([
    {
      name: "postEvent",
      given: {
        idempotencyKey: expect.stringMatching(/^[0-9a-f-]{36}$/),
        body: {
          ...{ name: "spring sale", kind: "campaign", declaredUplift: 1.6, customers: ["a", "b"] },
          ...{ start: "2026-04-03T06:00:00.000Z", end: "2026-04-05T20:00:00.000Z" },
        },
      },
    },
  ]);
  expect(out).toBe("spring sale is announced as event-1, 2026-04-03 08:00 CEST to 2026-04-05 22:00 CEST.\n");
});

test("events are listed with the next one first, and their ids are whole", async () => {
  const event = (id: string, start: string) => ({ id, name: "x".repeat(40), kind: "campaign", start, end: start });
  const items = [event("event-00000000000000000002", "2026-05-01T00:00:00Z"), event("event-1", "2026-04-01T00:00:00Z")];
  const { out } = await run("events list", { answers: { listEvents: () => ({ items, next: null }) } });
  expect(out.indexOf("event-1 ")).toBeLessThan(out.indexOf("event-00000000000000000002"));
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("a new key is shown once; who it is for is checked before anybody is asked", async () => {
  const key = { id: "key-1", name: "collector", scopes: ["ingest"], customer: "meridian", secret: "hr_new" };
  const { out, asked } = await run("keys add collector --customer meridian --scopes ingest", {
    answers: { postKey: () => key },
  });
  expect(out).toContain("KEY=hr_new\n");
  expect(asked[0]?.given).toEqual({
    body: { name: "collector", role: "customer", scopes: ["ingest"], customer: "meridian" },
  });
  expect(await run("keys add x --role customer")).toMatchObject({ code: 2, asked: [] });
  expect(await run("keys add x --role operator --customer meridian")).toMatchObject({ code: 2, asked: [] });
});

test("a profile is what its file says: the service judges it", async () => {
  const document = { demand: { cpu: { typical: 1.5 } } };
  const week = (level: number) => Array.from({ length: 168 }, (_, hour) => (hour === 8 ? 2 * level : level));
  const kept = {
    ...{ id: "web", version: 2, changedAt: null, scaling: "vertical", utcOffsetMinutes: 60, growthPerMonth: 0.02 },
    ...{ declaredAt: "2026-03-02T13:00:00Z", plannedChanges: [{ at: "2026-11-27T00:00:00Z", factor: 2 }] },
    demand: { cpu: { typical: week(1.5), peak: week(2) } },
  };
  const { out, asked } = await run("profile put web profile.yaml", { answers: { putProfile: () => kept }, document });
  expect(asked).toEqual([{ name: "putProfile", given: { id: "web", body: document } }]);
  expect(out).toContain("version 2 of the profile of web counts from the next tick");
  expect(out).toMatch(/^CPU +1\.5 cores +1\.5 cores +3\.0 cores +4\.0 cores {2}Mon 08:00$/m);
  expect(out).toContain("growth +2 % a month");
  const refused = await run("profile validate web profile.yaml", {
    answers: {
      validateProfile: () => ({
        ok: false,
        error: {
          ...{ type: "urn:headroom:problem:unprocessable", title: "/demand/cpu/peak: is below typical.", status: 422 },
          errors: [
            { in: "body", pointer: "/demand/cpu/peak", detail: "is below typical" },
            { in: "body", pointer: "/growthPerMonth", detail: "is too much" },
          ],
        },
      }),
    },
    document,
  });
  expect(refused).toMatchObject({
    code: 1,
    err: "headroom: /demand/cpu/peak: is below typical. Also: /growthPerMonth is too much.\n",
  });
});
