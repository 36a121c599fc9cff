import { expect, test } from "vitest";
import { problem, run } from "./fake-service.arbitrary.ts";
import { SEEN_FORECAST, SEEN_TERMS, seenAllocation, seenDecision } from "./seen-fleet.arbitrary.ts";

const RAISED = seenDecision({
  id: 7,
  at: "2026-03-02T13:00:00Z",
  sentence: "Raised web-1 from 1.0 core to 3.2 cores.",
});
const LEFT = seenDecision({ id: 9, at: "2026-03-02T13:05:00Z", kind: "refused", sentence: "Left web-1 at 3.2 cores." });

interface Question {
  readonly query: { readonly from?: string; readonly to?: string };
}

function answersOf(decided: readonly ReturnType<typeof seenDecision>[], isLent = true) {
  const isWithin = ({ from = "", to = "" }: Question["query"]) =>
    decided.filter(
      ({ at }) =>
        Date.parse(at) >= (Date.parse(from) || 0) && Date.parse(at) < (Date.parse(to) || Number.POSITIVE_INFINITY),
    );
  return {
    getVmTerms: () => SEEN_TERMS,
    getVmAllocation: () => seenAllocation(isLent),
    getVmForecast: () => SEEN_FORECAST,
    getStatus: () => problem(403, "This is for operators only.", "forbidden"),
    getVmHistory: () => {
      const column = [null, 1.5, null];
      return { mean: { cpu: column, memory: [], network: [], storage: [] } };
    },
    listDecisions: ({ query }: Question) => ({ items: isWithin(query), next: null }),
  };
}

async function firstLines(line: string, answers: object): Promise<string> {
  const { code, out, err } = await run(line, { answers, columns: 200 });
  expect([code, err]).toEqual([0, ""]);
  return out.split("\n\n")[0] ?? "";
}

test("what is lent is said first, and the change that lent it, not what left it so", async () => {
  expect(await firstLines("explain web-1 cpu", answersOf([LEFT, RAISED]))).toBe(
    "web-1 has 3.2 cores of CPU now: its base of 1.0 core and 2.2 cores lent on top.\n" +
      "Decided at 2026-03-02 14:00 CET: Raised web-1 from 1.0 core to 3.2 cores. Likely demand 1.9 cores.",
  );
});

test("where nothing is lent the forecast says why, and nobody guesses where it does not", async () => {
  expect(await firstLines("explain web-1 cpu", answersOf([], false))).toBe(
    "web-1 has 1.0 core of CPU now: its base and nothing on top.\n" +
      "It is expected to need no more: in 99 of 100 cases it stays below 0.8 cores in the next 30 minutes.",
  );
  expect(await firstLines("explain web-1 memory", answersOf([]))).toBe(
    "web-1 has 4.0 GiB of memory now: its base, and never more, since meridian did not opt in for memory.",
  );
});

test("of then it says what holds now only if nothing changed since", async () => {
  const same = await firstLines("explain web-1 cpu --at 2026-03-02T13:02:00Z", answersOf([LEFT, RAISED]));
  expect(same).toContain("web-1 had 3.2 cores of CPU at 2026-03-02 14:02 CET: its base of 1.0 core and 2.2 cores lent");
  const later = seenDecision({ id: 12, at: "2026-03-02T13:30:00Z", kind: "trim", sentence: "Took 1.0 core back." });
  const changed = await firstLines("explain web-1 cpu --at 2026-03-02T13:02:00Z", answersOf([later, LEFT, RAISED]));
  expect(changed).toBe(
    "What web-1 had of CPU at 2026-03-02 14:02 CET was decided at 2026-03-02 14:00 CET: Raised web-1 from 1.0 core to 3.2 cores.\n" +
      "Likely demand 1.9 cores.",
  );
});

test("a time without zone is one of the terminal's, and what was measured then is told", async () => {
  const { out } = await run('explain web-1 cpu --at "2026-03-02 14:02"', { answers: answersOf([RAISED]) });
  expect(out).toContain("at 2026-03-02 14:02 CET");
  expect(out).toMatch(/^measured +1\.5 cores {2}until 2026-03-02 13:04 CET$/m);
});

test("numbers follow, in lines of 80 columns; all four resources where none was named", async () => {
  const { out } = await run("explain web-1", { answers: answersOf([RAISED]) });
  expect(out).toMatch(/^allocation +3\.2 cores {2}base 1\.0 core \+ 2\.2 cores lent until 14:10:00 CET$/m);
  expect(out).toMatch(/^headroom +3\.3 cores {2}allocation \+ buffer - demand$/m);
  expect(out).toMatch(/^demand +unknown/m);
  for (const name of ["CPU", "memory", "network", "storage"]) expect(out).toContain(` of ${name} now`);
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("as JSON it is the same, with times in UTC", async () => {
  const { out } = await run("explain web-1 cpu --json", { answers: answersOf([RAISED]) });
  expect(JSON.parse(out)).toMatchObject({
    vm: "web-1",
    at: "2026-03-02T13:05:00.000Z",
    resources: [{ resource: "cpu", allocation: { allocation: 3.2 }, because: expect.stringContaining("13:00 UTC") }],
  });
});

test("what is still to come, or no time at all, is typed wrongly", async () => {
  expect(await run("explain web-1 --at 2099-01-01")).toMatchObject({ code: 2, asked: [] });
  expect((await run("explain web-1 --at yesterday")).err).toContain("Give a time such as 14:05");
});
