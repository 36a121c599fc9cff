import { expect, test } from "vitest";
import { problem, run } from "./fake-service.arbitrary.ts";
import { SEEN_FORECAST, SEEN_TERMS, seenAllocation, seenDecision } from "./seen-fleet.arbitrary.ts";

const VM = { id: "web-1", version: 1, changedAt: null, workload: "web", host: "host-1", base: {}, ceiling: {} };
const LISTED = {
  listVms: () => ({ items: [VM, { ...VM, id: "a-vm-with-a-very-long-name-2" }], next: null }),
  getVmAllocation: ({ id }: { id: string }) =>
    id === "web-1" ? seenAllocation() : problem(404, "No tick has seen it."),
};

test("VMs are a table of 80 columns: what no tick has seen has no amounts", async () => {
  const { code, out } = await run("vms", { answers: LISTED });
  expect(code).toBe(0);
  const lines = out.split("\n");
  expect(lines[0]).toBe("As of 2026-03-02 14:05 CET.");
  expect(lines[3]).toMatch(/^VM +demand +allocation +headroom +demand +allocation +headroom$/);
  expect(lines[4]).toMatch(/^web-1 +1\.70 +3\.20 +3\.30 +3\.00 +4\.00 +1\.00$/);
  expect(lines[5]).toMatch(/^a-vm-with-a-ver\S*\.\. +- +- +- +- +- +-$/);
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
});

test("a wide terminal has more resources, and which ones can be chosen", async () => {
  expect((await run("vms", { answers: LISTED, columns: 150 })).out).toContain("storage, MB/s");
  const { out } = await run("vms --resources network", { answers: LISTED });
  expect(out).toContain("network, MB/s");
  expect(out).not.toContain("CPU");
});

test("as JSON there is all of it, in UTC and base units", async () => {
  const { out } = await run("vms --json --limit 2", { answers: LISTED });
  expect(JSON.parse(out)).toMatchObject({
    isCut: false,
    items: [{ id: "web-1", allocation: { at: "2026-03-02T13:05:00.000Z", resources: { cpu: { demand: 1.7 } } } }, {}],
  });
});

test("long lists are read page by page, up to the limit", async () => {
  const listVms = ({ query }: { query: { after?: string; limit: number } }) => ({
    items: [{ ...VM, id: `vm-${query.after ?? "0"}` }],
    next: String(Number(query.after ?? 0) + 1),
  });
  const { out, asked } = await run("vms --limit 3 --customer meridian", { answers: { ...LISTED, listVms } });
  expect(asked.filter(({ name }) => name === "listVms").map(({ given }) => given)).toEqual([
    { query: { limit: 3, customer: "meridian" } },
    { query: { limit: 2, after: "1", customer: "meridian" } },
    { query: { limit: 1, after: "2", customer: "meridian" } },
  ]);
  expect(out).toContain("These are the first 3: --limit shows more.");
});

test("one VM in detail reads well at 80 columns", async () => {
  const decisions = [
    seenDecision({ id: 1, at: "2026-03-02T13:00:00Z", sentence: "Raised web-1 from 1.0 core to 3.2 cores." }),
  ];
  const { out, code } = await run("vms web-1", {
    answers: {
      ...LISTED,
      getVm: () => VM,
      getVmTerms: () => SEEN_TERMS,
      getVmForecast: () => SEEN_FORECAST,
      listDecisions: () => ({ items: decisions, next: null }),
    },
  });
  expect(code).toBe(0);
  expect(out).toContain("Opted in for cpu with plan predictive.");
  expect(out).toMatch(/CPU, cores +1\.70 +1\.00 +2\.20 +3\.20 +1\.80 +3\.30 +4\.00\n/);
  expect(out).toMatch(/storage, MB\/s +- +10\.0 +0\.0 +10\.0 +0\.0 +- +no limit\n/);
  expect(out).toContain("  web-1: 2.2 cores of CPU, held, until 14:10:00 CET\n");
  expect(out).toContain("2026-03-02 14:00  Raised web-1 from 1.0 core to 3.2 cores.");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("customers say what they agreed to", async () => {
  const { out } = await run("customers", {
    answers: {
      listCustomers: () => ({
        items: [
          { id: "meridian", name: "Meridian" },
          { id: "otterby", name: "Otterby" },
        ],
        next: null,
      }),
      listContracts: () => ({ items: [{ id: "meridian", plan: "guaranteed", optedIn: ["cpu"] }], next: null }),
      getCustomerAllocation: () => ({ ...seenAllocation(), customer: "meridian", vms: 7 }),
    },
  });
  expect(out).toMatch(/^meridian +guaranteed +7 +1\.70/m);
  expect(out).toMatch(/^otterby +out +7/m);
});

test.each([
  [problem(0, "Headroom does not answer", "unreachable"), "Nobody answers at http://127.0.0.1:8710: start the service"],
  [problem(401, "The key is not known", "unauthenticated"), "does not take the key of HEADROOM_KEY"],
  [problem(403, "This is for operators only.", "forbidden"), "Take a key that may, or ask an operator for one"],
  [problem(404, "There is no VM web-9."), "There is no VM web-9. headroom vms lists them."],
  [problem(404, "There is nothing at this address"), "it is an older one, or a demo"],
  [problem(502, "The answer is not from Headroom", "unreadable"), "is not Headroom: check the address"],
  [problem(429, "Too many requests", "too-many-requests"), "try again in a minute"],
  [problem(503, "Something that this needs cannot be reached: try again soon"), "cannot be reached: try again soon."],
])("what goes wrong is one sentence that says what to do: %s", async (answer, sentence) => {
  const { code, out, err } = await run("vms web-9", { answers: { getVm: () => answer } });
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain(sentence);
  expect(err).toMatch(/^headroom: [^\n]+\n$/);
});

test("a key that was typed is never printed, whatever happens to it", async () => {
  const answers = { getVm: () => problem(401, "The key is not known", "unauthenticated") };
  const { out, err, choices } = await run("vms web-1 --key hr_secret --server http://far:1", { answers });
  expect(choices).toEqual(
    [{ key: "hr_secret", server: "http://far:1", json: undefined, limit: 50 }].map(({ key, server }) =>
      expect.objectContaining({ key, server }),
    ),
  );
  expect(out + err).not.toContain("hr_secret");
  expect(err).toContain("does not take the key of --key");
});

test.each(["vms --limit 0", "vms --resources disk", "vms --server nowhere", "vms a b", "customers --customer x"])(
  "%s is typed wrongly",
  async (line) => {
    const { code, asked, err } = await run(line);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toMatch(/See headroom (vms|customers) --help\.\n$/);
  },
);
