import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { READY_MAPPING, readMapping } from "../mapping-file.ts";
import { planRules } from "../rule-plan.ts";
import { type FakeServer, fakeServer, matrix } from "./backfill.arbitrary.ts";
import { joinAnswers } from "./join-answers.ts";
import { questionsOf } from "./promql.ts";
import { createQueryServer } from "./query-server.ts";
import { readRangeAnswer, readSeriesAnswer } from "./range-answers.ts";
import { type HistoryWindow, readHistory } from "./read-history.ts";

const STEP_MS = 300_000;
const FROM = Date.UTC(2026, 2, 2);
const STEPS = 1_000;

let server: FakeServer | undefined;
afterEach(() => server?.close());

const own = readMapping(
  {
    sets: [],
    rules: [
      { metric: "cpu_total", resource: "cpu", kind: "counter", vm: "{guest}" },
      { metric: "memory", resource: "memory", kind: "gauge", less: "memory_free", vm: "{guest}" },
    ],
  },
  "test",
);
const PLAN = planRules(own.ok ? own.value : READY_MAPPING);
const QUESTIONS = questionsOf(PLAN, STEP_MS);

/** One VM; its value is the number of the step. */
function answerOf(parameters: URLSearchParams): string {
  const [start, end, step] = ["start", "end", "step"].map((name) => Number(parameters.get(name)));
  const values: unknown[] = [];
  for (let at = start as number; at <= (end as number); at += step as number)
    values.push([at, String((at * 1000 - FROM) / STEP_MS + 10)]);
  const isFree = parameters.get("query")?.includes("memory_free") ?? false;
  return matrix([
    { metric: { guest: "a" }, values: isFree ? values.map((each) => [(each as number[])[0], "4"]) : values },
  ]);
}

async function readAll(url: URL, more: { answerBytesMax?: number } = {}): Promise<HistoryWindow[]> {
  const asked = createQueryServer({ url, questionsPerSecond: 1e6, backOffMs: 1, ...more });
  const windows: HistoryWindow[] = [];
  const to = FROM + (STEPS - 1) * STEP_MS;
  const span = { from: FROM, to, stepMs: STEP_MS, atOnce: 2 };
  for await (const window of readHistory({ server: asked, plan: PLAN, questions: QUESTIONS, ...span })) {
    if (!window.ok) throw new Error(window.error.message);
    windows.push(window.value);
  }
  return windows;
}

function expectWhole(windows: readonly HistoryWindow[]): void {
  const rows = windows.flatMap(({ columns }) =>
    [...columns.at].map((at, row) => [at, columns.usage[row * 4], columns.usage[row * 4 + 1]]),
  );
  expect(rows).toEqual(Array.from({ length: STEPS }, (_, step) => [FROM + step * STEP_MS, step + 10, step + 6]));
}

test("what is asked: sums for each VM and target, rates of counters and means of levels, over the window", () => {
  const mapping = planRules(READY_MAPPING);
  const [libvirt] = questionsOf(mapping, STEP_MS);
  expect(libvirt?.expression).toBe(
    'sum by (job, instance, headroom_vm, domain) (rate({__name__="libvirt_domain_info_cpu_time_seconds_total"}[300s]))',
  );
  const node = questionsOf(mapping, STEP_MS).find(({ metric }) => metric === "node_cpu_seconds_total");
  expect(node?.selector).toBe('{__name__="node_cpu_seconds_total",mode!~"idle|iowait|steal|guest|guest_nice"}');
  const memory = QUESTIONS.filter(({ metric }) => metric.startsWith("memory"));
  expect(memory.map(({ expression }) => expression)).toEqual([
    'sum by (job, instance, guest) (avg_over_time({__name__="memory"}[300s]))',
    'sum by (job, instance, guest) (avg_over_time({__name__="memory_free"}[300s]))',
  ]);
});

test("a span is read whole and once, window by window", async () => {
  server = await fakeServer(({ parameters }, response) => response.end(answerOf(parameters)));
  const windows = await readAll(server.url);
  expectWhole(windows);
  expect(windows.length).toBe(Math.ceil(STEPS / 288));
});

test("answers that are too large, and questions that are too heavy, are asked for in smaller pieces", async () => {
  server = await fakeServer(({ parameters }, response) => {
    const points = (Number(parameters.get("end")) - Number(parameters.get("start"))) / 300 + 1;
    if (points > 200) response.writeHead(422).end('{"status":"error","error":"query would load too many samples"}');
    else response.end(answerOf(parameters));
  });
  const windows = await readAll(server.url, { answerBytesMax: 3_000 });
  expectWhole(windows);
  expect(Math.max(...windows.map(({ columns }) => columns.at.length))).toBeLessThan(200);
});

test("a server that is busy, or goes away, is asked again; one that refuses is not", async () => {
  server = await fakeServer(({ parameters }, response, number) => {
    if (number % 3 === 0) response.writeHead(number % 2 === 0 ? 503 : 429).end("{}");
    else if (number % 3 === 1) response.destroy();
    else response.end(answerOf(parameters));
  });
  expectWhole(await readAll(server.url));
  const refusing = await fakeServer((_, response) => response.writeHead(401).end("no"));
  const asked = createQueryServer({ url: refusing.url, questionsPerSecond: 1e6, backOffMs: 1 });
  expect(await asked.ask("/api/v1/query_range", {})).toMatchObject({ ok: false, error: { kind: "rejected" } });
  expect(refusing.asked.length).toBe(1);
  await refusing.close();
});

test("questions keep to the rate, and carry user and password of the address as a header", async () => {
  server = await fakeServer((_, response) => response.end('{"status":"success"}'));
  const url = new URL(server.url.href.replace("//", "//user:pa%20ss@"));
  const asked = createQueryServer({ url, questionsPerSecond: 50 });
  const begun = performance.now();
  await Promise.all(Array.from({ length: 6 }, () => asked.ask("/x", {})));
  expect(performance.now() - begun).toBeGreaterThan(95);
  const basic = `Basic ${Buffer.from("user:pa ss").toString("base64")}`;
  expect(server.asked.every(({ headers }) => headers.authorization === basic)).toBe(true);
});

test("a resource of which a part is missing is not measured; of two targets the first stands", () => {
  const grid = { from: FROM, stepMs: STEP_MS, points: 3 };
  const [cpu, memory, free] = QUESTIONS as [
    (typeof QUESTIONS)[number],
    (typeof QUESTIONS)[number],
    (typeof QUESTIONS)[number],
  ];
  const told = (labels: Record<string, string>, values: number[]) => ({
    labels: new Map(Object.entries(labels)),
    values: Float64Array.from(values),
  });
  const { columns, incomplete, nameless } = joinAnswers(
    [
      {
        question: cpu,
        series: [told({ guest: "a", job: "2" }, [9, 9, 9]), told({ guest: "a", job: "1" }, [1, Number.NaN, 3])],
      },
      { question: memory, series: [told({ guest: "a", job: "1" }, [5, 6, 7]), told({ other: "b" }, [1, 1, 1])] },
      { question: free, series: [told({ guest: "a", job: "1" }, [1, Number.NaN, 9])] },
    ],
    PLAN,
    grid,
  );
  expect([...columns.usage].filter((_, place) => place % 4 < 2)).toEqual([1, 4, 9, Number.NaN, 3, Number.NaN]);
  expect([incomplete, nameless]).toEqual([2, 1]);
});

test("10,000 hostile answers are read or refused, and none throws", () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.constant(null),
    fc.boolean(),
    fc.constantFrom("NaN", "+Inf", "-1", "1e999"),
  );
  const tree = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("any"), { maxLength: 4 }), tie("node")),
    node: fc.dictionary(fc.constantFrom("status", "data", "result", "metric", "values", "__proto__"), tie("any")),
  })).any;
  const answer = fc.record({
    status: fc.constant("success"),
    data: fc.record({
      resultType: fc.constant("matrix"),
      result: fc.array(
        fc.record({
          metric: fc.oneof(fc.dictionary(fc.string(), fc.string()), tree),
          values: fc.oneof(fc.array(fc.tuple(fc.oneof(fc.double(), fc.integer()), fc.oneof(fc.string(), leaf))), tree),
        }),
        { maxLength: 5 },
      ),
    }),
  });
  const grid = { from: FROM, stepMs: STEP_MS, points: 10 };
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(tree, answer), (given) => {
      const value: unknown = JSON.parse(JSON.stringify(given) ?? "null");
      readSeriesAnswer(value);
      const answered = readRangeAnswer(value, grid);
      if (!answered.ok) return;
      read++;
      const { columns } = joinAnswers([{ question: QUESTIONS[0] as never, series: answered.value.series }], PLAN, grid);
      expect(columns.usage.every((amount) => Number.isNaN(amount) || (amount >= 0 && Number.isFinite(amount)))).toBe(
        true,
      );
    }),
    { seed: 1, numRuns: 10_000 },
  );
  expect(read).toBeGreaterThan(100);
});
