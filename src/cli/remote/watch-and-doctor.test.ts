import { expect, test } from "vitest";
import type { Tick } from "../../api/contract/live.ts";
import { problem, run } from "./fake-service.arbitrary.ts";
import { SEEN_FORECAST, seenAllocation } from "./seen-fleet.arbitrary.ts";

const four = (value: number) => ({ cpu: value, memory: value * 2 ** 30, network: value * 1e6, storage: value * 1e6 });
const customer = {
  ...{ id: "meridian", name: "Meridian", vms: 3, used: four(2), allowed: four(3), base: four(1) },
  ...{ ceiling: four(8), fromBuffer: four(0), short: four(0) },
};
const tick = (at: string) => ({ at, customers: [customer], decisions: [] }) as unknown as Tick;
const NEWS = [
  { kind: "connected" },
  { kind: "lost", reason: "the connection ended" },
  { kind: "tick", tick: tick("2026-03-02T13:05:00Z") },
  { kind: "tick", tick: tick("2026-03-02T13:10:00Z") },
] as const;
const HEARD = {
  getFleet: () => problem(403, "This is for operators only.", "forbidden"),
  listCustomers: () => ({ items: [], next: null }),
  getCustomer: ({ id }: { id: string }) => (id === "meridian" ? { id } : problem(404, "There is no customer.")),
  getVm: ({ id }: { id: string }) => (id === "web-1" ? { id } : problem(404, "There is no VM.")),
  getVmAllocation: () => seenAllocation(),
  listDecisions: () => ({ items: [], next: null }),
};

test("piped, a watch is a line a tick; that the service is lost goes to stderr", async () => {
  const { code, out, err } = await run("watch meridian", { answers: HEARD, news: NEWS });
  expect(code).toBe(0);
  expect(out.split("\n")).toEqual([
    "2026-03-02 14:05:00 CET meridian: CPU 2.0 cores of 3.0 cores, memory 2.0 GiB of 3.0 GiB, network 2.0 MB/s of 3.0 MB/s, storage 2.0 MB/s of 3.0 MB/s",
    expect.stringContaining("2026-03-02 14:10:00 CET meridian: "),
    "",
  ]);
  expect(err).toBe("headroom: lost the service (the connection ended); trying again.\n");
});

test("a VM is asked for at every tick; as JSON each line stands alone", async () => {
  const { out, asked } = await run("watch web-1 --json", { answers: HEARD, news: NEWS });
  const lines = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([{ vm: "web-1", decisions: [] }, { vm: "web-1" }]);
  expect(asked.filter(({ name }) => name === "getVmAllocation")).toHaveLength(2);
});

test("whom there is nothing to be heard of is found out before listening", async () => {
  expect(await run("watch nobody", { answers: HEARD, news: NEWS })).toMatchObject({
    code: 1,
    out: "",
    err: "headroom: There is no customer or VM nobody. headroom customers and headroom vms list what there is.\n",
  });
});

const CELL = {
  ...{ cell: "cell-1", at: new Date().toISOString(), stepSeconds: 300, mode: "act", killSwitch: false, ticks: 9 },
  ...{ hosts: 1, vms: 1, customers: 1, leases: 0, shadowVms: 0, silentVms: 0, sentence: "Acts." },
};
const WELL = {
  ...HEARD,
  getStatus: () => ({ cells: [CELL] }),
  deleteEvent: () => problem(404, "There is no event."),
  postSamples: () => ({ accepted: 0 }),
  listVms: () => ({ items: [{ id: "web-1", workload: "web" }], next: null }),
  getProfile: () => ({ id: "web" }),
  getVmForecast: () => SEEN_FORECAST,
};

test("all is well: exit code 0, and nothing was changed to find out", async () => {
  const { code, out, asked } = await run("doctor", { answers: WELL });
  expect(out).toMatch(/\nAll is well\.\n$/);
  expect(out.replace(/\n {7}/g, " ")).toContain(
    "The key of HEADROOM_KEY is that of an operator: it may read, write, ingest.",
  );
  expect(code).toBe(0);
  const writes = asked.filter(({ name }) => !/^(get|list)/.test(name));
  expect(writes).toEqual([
    { name: "deleteEvent", given: { id: expect.stringMatching(/^doctor-/), ifVersion: 2 ** 31 } },
    { name: "postSamples", given: { body: { vms: [], rows: [] } } },
  ]);
});

test.each([
  ["nobody answers", { listCustomers: () => problem(0, "no", "unreachable") }, "start the service with headroom serve"],
  [
    "the key is not taken",
    { listCustomers: () => problem(401, "no", "unauthenticated") },
    "ask an operator for another one",
  ],
  [
    "the store is gone",
    { listCustomers: () => problem(503, "Cannot be reached", "unavailable") },
    "whether its database runs",
  ],
  [
    "a cell stands still",
    { getStatus: () => ({ cells: [{ ...CELL, at: "2026-03-02T00:00:00Z" }] }) },
    '"cell":"cell-1"',
  ],
  ["VMs are silent", { getStatus: () => ({ cells: [{ ...CELL, silentVms: 1 }] }) }, "whether the collector runs"],
])("%s: exit code 1, and what to do next", async (_, broken, next) => {
  const { code, out } = await run("doctor", { answers: { ...WELL, ...broken } });
  expect(code).toBe(1);
  expect(out).toMatch(/^wrong {2}/m);
  expect(out.replace(/\n {7}/g, " ")).toContain(next);
});

test("a simulated fleet has a time of its own: nobody calls it late", async () => {
  const { code, out } = await run("doctor", {
    answers: {
      ...WELL,
      getFleet: () => ({ simulated: { is: true, speed: 600, seed: 1 } }),
      getStatus: () => ({ cells: [{ ...CELL, at: "2020-03-02T00:00:00Z" }] }),
    },
  });
  expect(out).toContain("Cell cell-1 is simulated: its time is its own.");
  expect(code).toBe(0);
});

test("what is worth knowing is no fault: VMs without a profile, in no tick yet, a pulled kill switch", async () => {
  const { code, out } = await run("doctor --json", {
    answers: {
      ...WELL,
      getProfile: () => problem(404, "There is no profile."),
      getVmAllocation: () => problem(404, "No tick has seen it."),
      getStatus: () => ({ cells: [{ ...CELL, killSwitch: true }] }),
    },
  });
  const { isWell, findings } = JSON.parse(out);
  const notes = findings.filter(({ state }: { state: string }) => state === "note");
  expect([code, isWell]).toEqual([0, true]);
  expect(notes.map(({ check }: { check: string }) => check)).toEqual(["cell cell-1", "unseen VMs", "profiles"]);
});

const COUNTS = {
  ...{ samples: 1000, rows: 200, duplicates: 0, outOfOrder: 0, late: 0, absurd: 40, stale: 0 },
  ...{ resets: 2, gaps: 0, incomplete: 0, histograms: 0 },
};
const MAPPING = {
  reached: [
    {
      ...{ metric: "node_cpu_seconds_total", source: "node", resource: "cpu", part: "value" },
      ...{ series: 8, samples: 900, vms: ["web-1", "web-2"], vmCount: 2 },
    },
  ],
  ignored: [{ metric: "go_goroutines", why: "no rule names this metric", samples: 100 }],
  unknownVms: [{ vm: "web-2", rows: 9 }],
  counts: COUNTS,
};

test("which VM and resource each metric reached is told, what was ignored and why, and what was odd", async () => {
  const { code, out } = await run("doctor", { answers: { ...WELL, getMetricsMapping: () => MAPPING }, columns: 200 });
  expect(code).toBe(0);
  expect(out).toContain("ok     node_cpu_seconds_total (node) is cpu of 2 VMs: web-1, web-2; 900 samples of 8 series.");
  expect(out).toContain("note   Ignored, since no rule names this metric: go_goroutines.");
  expect(out).toContain("note   1000 samples came and made 200 rows; 2 counters began anew, 40 absurd.");
  expect(out).toContain("note   Metrics tell of VMs that are not declared: web-2.");
  expect(out).toContain("Next: headroom discovered list shows them");
});

test("metrics that reach nobody are a fault; where none come nothing is said", async () => {
  const silent = { ...MAPPING, reached: [], ignored: [], unknownVms: [], counts: { ...COUNTS, samples: 0 } };
  const none = await run("doctor", { answers: { ...WELL, getMetricsMapping: () => silent } });
  expect([none.code, /metric/i.test(none.out)]).toEqual([0, false]);
  const lost = await run("doctor", { answers: { ...WELL, getMetricsMapping: () => ({ ...MAPPING, reached: [] }) } });
  expect(lost.code).toBe(1);
  expect(lost.out).toMatch(/^wrong {2}Metrics come in, and none of them reaches a VM\./m);
});
