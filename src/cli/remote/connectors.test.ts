// headroom backfill and headroom discovered, as they are typed and shown.
import { expect, test } from "vitest";
import { success } from "../../model/result.ts";
import type { BackfillOptions, BackfillOutcome } from "../service-commands.ts";
import { run } from "./fake-service.arbitrary.ts";

const OUTCOME: BackfillOutcome = {
  ...{ schema: "headroom.backfill/1", from: "http://prometheus:9090", stepSeconds: 300, isDryRun: false },
  ...{ since: "2026-10-25T00:00:00.000Z", until: "2026-11-24T00:00:00.000Z", resumedAt: null },
  metrics: [{ metric: "node_cpu_seconds_total", source: "node", resource: "cpu", part: "value", series: 16, vms: 3 }],
  ...{ vms: 3, unknownVms: ["db-7"], unknownCount: 1, rows: 17_280, unknownRows: 8_640, absurd: 2, incomplete: 0 },
  ...{ nameless: 0, questions: 240, askedAgain: 1, answerBytes: 1e6, seconds: 12 },
};

async function backfill(words: string, outcome: BackfillOutcome = OUTCOME) {
  const asked: BackfillOptions[] = [];
  const ended = await run(`backfill ${words}`, {
    service: {
      async backfill(options, watcher) {
        asked.push(options);
        watcher.progress({ doing: "Reading history", done: 1, total: 1, detail: "900 rows/s" });
        return success(outcome);
      },
    },
    columns: 100,
  });
  return { ...ended, options: asked[0] };
}

test("what is typed is what is asked, with defaults for the rest", async () => {
  const plain = await backfill("--from http://prometheus:9090");
  expect(plain.options).toEqual({
    ...{ from: "http://prometheus:9090", since: { days: 30 }, stepSeconds: 300, rate: 20, parallel: 2, headers: [] },
    ...{ isAnew: false, isDryRun: false },
  });
  const full = await backfill(
    '--from https://user:secret@mimir/prometheus --since 90d --step 60 --window 120 --rate 0.5 --dry-run --anew --header "X-Scope-OrgID: one"',
  );
  expect(full.options).toMatchObject({
    ...{ since: { days: 90 }, stepSeconds: 60, windowSeconds: 120, rate: 0.5, headers: ["X-Scope-OrgID: one"] },
    ...{ isAnew: true, isDryRun: true },
  });
});

test.each([
  "",
  "--from nowhere",
  "--from http://x --since soon",
  "--from http://x --step 0",
  "--from http://x --rate 0",
])("typed wrongly is code 2, and nothing is asked: %s", async (words) => {
  const { code, options } = await backfill(words);
  expect([code, options]).toEqual([2, undefined]);
});

test("what was read is told, who is unknown, and what comes next", async () => {
  const { out, code } = await backfill("--from http://prometheus:9090");
  const text = out.replace(/\n/g, " ");
  expect(code).toBe(0);
  expect(out).toMatch(/node_cpu_seconds_total +cpu +node +16 +3\n/);
  expect(text).toContain(
    "Headroom does not know 1 of them, and leaves them out: db-7. headroom discovered adopt declares",
  );
  expect(text).toContain("17280 samples are kept, in 12 s, by 240 questions, 1 of them asked again.");
  expect(text).toContain("Left out: 2 absurd values.");
  expect(text).toContain("forecasts follow within minutes");
  const json = await backfill("--from http://prometheus:9090 --json");
  expect(JSON.parse(json.out)).toEqual(OUTCOME);
});

test("where there is nothing to read that is said, and what to do", async () => {
  const { out } = await backfill("--from http://prometheus:9090", { ...OUTCOME, metrics: [], rows: 0, unknownVms: [] });
  expect(out.replace(/\n/g, " ")).toContain("has nothing that the mapping names");
});

const SEEN = {
  vms: [
    {
      ...{ vm: "web-7", rows: 5, firstSeen: "2026-11-24T08:00:00Z", lastSeen: "2026-11-24T08:30:00Z", host: "hv-1" },
      largest: { cpu: 1.5, memory: 2 ** 31, network: null, storage: null },
      ...{ toldBy: [{ source: "libvirt", job: "j", instance: "hv-1:9177" }], customer: null },
    },
  ],
  hosts: [{ host: "hv-1", vms: 1, isDeclared: false }],
  vmCount: 1,
};

test("who is seen and not declared is listed, and what to do", async () => {
  const { out } = await run("discovered list", { answers: { listDiscovered: () => SEEN }, columns: 120 });
  expect(out).toMatch(/web-7 +hv-1 +libvirt +1\.5 cores +2\.0 GiB +30 min/);
  expect(out.replace(/\n/g, " ")).toContain(
    "Hosts that are not declared: hv-1. headroom discovered adopt --customer ID",
  );
});

test("adoption sends what was typed, and says what was made", async () => {
  const capacity = "cpu=64,memory=512GiB,network=2.5GB/s,storage=3GB/s";
  const { out, asked } = await run(`discovered adopt web-7 --customer nova --capacity ${capacity}`, {
    answers: { adoptDiscovered: () => ({ vms: 1, created: [{ kind: "host", id: "hv-1" }] }) },
    columns: 200,
  });
  expect(asked).toEqual([
    {
      name: "adoptDiscovered",
      given: {
        body: {
          ...{ vms: ["web-7"], customer: "nova" },
          capacity: { cpu: 64, memory: 512 * 2 ** 30, network: 2.5e9, storage: 3e9 },
        },
      },
    },
  ]);
  expect(out).toContain("1 VMs are declared, and made beside them: host hv-1.");
  const wrong = await run("discovered adopt --customer nova --capacity cpu=64");
  expect(wrong.code).toBe(2);
});
