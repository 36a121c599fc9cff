import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { aLineage, FIRST_CONTEST } from "../model/model-lineage.arbitrary.ts";
import { NOTHING_SERVES, type ServingRecord } from "../model/model-lineage.ts";
import { failure, success } from "../model/result.ts";
import type { Commands, ModelsRequest, TrainOptions } from "./commands.ts";
import { NO_SERVICE } from "./no-service.arbitrary.ts";
import { runProgram } from "./program.ts";

const unused = async () => failure("rejected", "Not asked for here.");
const LINEAGE = aLineage();
const SECOND = aLineage({
  id: "ba9876543210",
  created: "2026-05-01T08:00:00.000Z",
  contest: {
    ...FIRST_CONTEST,
    opponent: LINEAGE.id,
    losses: { challenger: 0.016, opponent: 0.015, seasonalNaive: 0.02 },
  },
});
const RECORD: ServingRecord = {
  ...NOTHING_SERVES,
  serving: LINEAGE.id,
  history: [
    { kind: "promoted", serving: LINEAGE.id, at: LINEAGE.created, by: "contest", reason: FIRST_CONTEST.reason },
  ],
};
const FILES = [{ what: "model", path: "out/models/0123456789ab.network" }];

async function run(line: string, changes: Partial<Commands> = {}) {
  const asked: (TrainOptions | ModelsRequest)[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 80, isRich: false });
  const commands: Commands = {
    version: "1.2.3",
    policyNames: ["headroom"],
    modelNames: ["stl"],
    faultNames: ["crash", "liar"],
    service: NO_SERVICE,
    simulate: unused,
    backtest: unused,
    evaluate: unused,
    forecast: unused,
    demo: unused,
    serve: unused,
    async train(options, watcher) {
      asked.push(options);
      watcher.progress({ doing: "Training", done: 100, total: 100, detail: "step 100, loss 0.2" });
      return success({ lineage: LINEAGE, isServing: true, files: FILES });
    },
    async models(request) {
      asked.push(request);
      const models = request.kind === "list" ? [LINEAGE, SECOND] : [LINEAGE];
      return success({ record: RECORD, models, problems: ["ffffffffffff.json is no model."] });
    },
    ...changes,
  };
  const argv = line.split(" ").filter((word) => word !== "");
  const code = await runProgram({ argv, commands, terminal: { out: screen(out), err: screen(err) } });
  return { code, out: String(out.read() ?? ""), err: String(err.read() ?? ""), asked };
}

test("a training with nothing but a trace has the documented defaults, and says what came of it", async () => {
  const { code, out, err, asked } = await run("train month/");
  expect(code).toBe(0);
  expect(asked).toEqual([
    {
      traces: ["month/"],
      format: "auto",
      until: { share: 0.5 },
      steps: 10_000,
      seed: 1,
      members: 2,
      out: "out",
      isLenient: false,
      isResumed: false,
    },
  ]);
  expect(out).toContain("Model 0123456789ab, which serves\n");
  expect(out).toContain("kept step 200 with validation loss 0.1900");
  expect(out).toContain(FIRST_CONTEST.reason.slice(0, 40));
  expect(out).toMatch(/\nmodel: out\/models\/0123456789ab\.network\n$/);
  expect(err).toBe("Training: 100 %, step 100, loss 0.2\n");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("every option of a training arrives, checked and typed", async () => {
  const line =
    "train a.csv b.csv --format csv --until 2026-03-15 --steps 50 --seed 9 --members 3 --out here --lenient --resume --jobs 2 --json";
  const { out, asked } = await run(line);
  expect(asked).toEqual([
    {
      traces: ["a.csv", "b.csv"],
      format: "csv",
      until: { at: Date.UTC(2026, 2, 15) },
      steps: 50,
      seed: 9,
      members: 3,
      out: "here",
      isLenient: true,
      isResumed: true,
      jobs: 2,
    },
  ]);
  expect(JSON.parse(out)).toEqual({ ...LINEAGE, isServing: true, files: FILES });
});

test.each([
  ["0.8", { share: 0.8 }],
  ["1", { share: 1 }],
  [".25", { share: 0.25 }],
  ["2026-03-15T12:00", { at: Date.UTC(2026, 2, 15, 12) }],
  ["2026-03-15T12:00:00Z", { at: Date.UTC(2026, 2, 15, 12) }],
  ["2026-03-15T12:00:00+02:00", { at: Date.UTC(2026, 2, 15, 10) }],
])("--until %s", async (typed, until) => {
  expect((await run(`train x --until ${typed}`)).asked).toEqual([expect.objectContaining({ until })]);
});

test("the models are a table with the one that serves marked, and how it came about", async () => {
  const { code, out, err, asked } = await run("models --dir here");
  expect([code, asked]).toEqual([0, [{ kind: "list", folder: "here" }]]);
  expect(out).toMatch(/^\* 0123456789ab .* -25\.0 % +first$/m);
  expect(out).toMatch(/^ {2}ba9876543210 .* -20\.0 % +\+6\.7 %$/m);
  expect(out).toContain("2026-04-01 12:30 0123456789ab promoted by contest.");
  expect(err).toBe("note: ffffffffffff.json is no model.\n");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
});

test("one model is shown with its losses, the kept ones marked", async () => {
  const { out, asked } = await run("models show 0123");
  expect(asked).toEqual([{ kind: "show", id: "0123", folder: "out/models" }]);
  expect(out).toMatch(/^ +200 +0\.2000 +0\.1900 {2}best: kept$/m);
  expect(out).toMatch(/^ +300 +0\.1800 +0\.2000$/m);
});

test("promoting and rolling back say who serves now", async () => {
  expect(await run("models promote 0123")).toMatchObject({ code: 0, out: "Model 0123456789ab serves from now on.\n" });
  expect(await run("models rollback")).toMatchObject({ code: 0, out: "Model 0123456789ab serves again.\n" });
  const none = await run("models rollback", {
    models: async () => success({ record: NOTHING_SERVES, models: [], problems: [] }),
  });
  expect(none.out).toBe("No model serves from now on.\n");
});

test("with --json stdout is what programs read: the list, one lineage, the record", async () => {
  const [list, show, promoted] = await Promise.all(
    ["models --json", "models show 01 --json", "models promote 01 --json"].map(async (line) =>
      JSON.parse((await run(line)).out),
    ),
  );
  expect(list).toEqual({ ...RECORD, schema: "headroom.models/1", models: [LINEAGE, SECOND] });
  expect(show).toEqual({ ...LINEAGE, isServing: true });
  expect(promoted).toEqual(RECORD);
});

test("an empty folder says what makes a model, and a lost one what to do", async () => {
  const answer = (record: ServingRecord) => ({ models: async () => success({ record, models: [], problems: [] }) });
  expect((await run("models", answer(NOTHING_SERVES))).out).toContain("headroom train makes one");
  const lost = { models: async () => success({ record: RECORD, models: [SECOND], problems: [] }) };
  expect((await run("models", lost)).out).toContain("should serve, but its lineage is not here");
});

test("a failure is one line on stderr and exit code 1", async () => {
  const failed = async () => failure("bad-input", "The trace is too short.");
  expect(await run("train x", { train: failed })).toMatchObject({
    code: 1,
    err: "headroom: The trace is too short.\n",
  });
  expect(await run("models", { models: failed })).toMatchObject({ code: 1, out: "" });
});

test.each([
  ["train", "missing required argument 'trace'"],
  ["train x --until 0", "Give a share of the trace such as 0.5, or a time such as 2026-03-01T00:00:00Z."],
  ["train x --until 1.5", "Give a share of the trace"],
  ["train x --until 2026-02-31T", "Give a share of the trace"],
  ["train x --until yesterday", "Give a share of the trace"],
  ["train x --steps 0", "Give a whole number from 1 to 10000000."],
  ["train x --seed -1", "Give a whole number from 0 to 4294967295."],
  ["train x --format xml", "Allowed choices are auto, bitbrains, planetlab, csv, nab."],
  ["models show", "models show needs the ID of a model."],
  ["models list 0123", "models list takes no ID."],
  ["models delete 0123", "Allowed choices are list, show, promote, rollback."],
])("headroom %s is refused: %s", async (line, reason) => {
  const { code, out, err, asked } = await run(line);
  expect([code, out, asked]).toEqual([2, "", []]);
  expect(err).toMatch(/^headroom: /);
  expect(err).toContain(reason);
});

test("help reads well at 80 columns", async () => {
  for (const line of ["train --help", "models --help"]) {
    const { code, out } = await run(line);
    expect(code).toBe(0);
    expect(out).toContain("Examples:\n  headroom");
    for (const each of out.split("\n")) expect(each.length).toBeLessThanOrEqual(80);
  }
});
