// The built `headroom train` and `headroom models` on a small written trace: the whole life of a model, with its threads.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededTrace } from "../../src/lab/small-trace.arbitrary.ts";
import type { ModelLineage, ServingRecord } from "../../src/model/model-lineage.ts";
import { RESOURCES } from "../../src/model/resources.ts";
import { iso, startOfTick } from "../../src/model/time.ts";

let folder = "";
let trace = "";
const TICKS_A_DAY = 96;
const { grid, vms } = seededTrace({ seed: 4, vms: 6, days: 12, stepMinutes: 15 });
const HALF = iso(startOfTick(grid, grid.length / 2));
/** Too few steps to beat the seasonal naive, and enough to beat that model. */
const HASTY = ["--steps", "20", "--seed", "2", "--members", "1"];
const PATIENT = ["--steps", "320"];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "headroom-train-"));
  trace = join(folder, "fleet.csv");
  writeFileSync(trace, csvUntil(grid.length));
});

afterAll(() => rmSync(folder, { recursive: true }));

function csvUntil(ticks: number): string {
  const rows = ["time,vm,resource,value"];
  for (const { name, demand } of vms)
    for (const resource of RESOURCES)
      for (const [tick, value] of (demand[resource]?.values.subarray(0, ticks) ?? []).entries())
        rows.push(`${startOfTick(grid, tick)},vm-${name},${resource},${value}`);
  return rows.join("\n");
}

const commandLine = (parameters: readonly string[]) => ["dist/main/headroom.js", ...parameters];

function headroom(...parameters: string[]) {
  return spawnSync(process.execPath, commandLine(parameters), { encoding: "utf8", maxBuffer: 1 << 28 });
}

type Trained = ModelLineage & { readonly isServing: boolean };

function train(out: string, ...parameters: string[]): Trained {
  const { status, stdout, stderr } = headroom("train", trace, "--out", join(folder, out), "--json", ...parameters);
  expect([status, stderr]).toEqual([0, expect.any(String)]);
  return JSON.parse(stdout);
}

const modelsOf = (out: string, ...parameters: string[]) =>
  headroom("models", ...parameters, "--dir", join(folder, out, "models"));
const filesOf = (out: string) => readdirSync(join(folder, out, "models")).sort();
const recordOf = (out: string): ServingRecord =>
  JSON.parse(readFileSync(join(folder, out, "models", "serving.json"), "utf8"));

/** Kills the training as soon as it has put its first checkpoint beside the one that it began with. */
async function trainUntilKilled(out: string, ...parameters: string[]): Promise<void> {
  const models = join(folder, out, "models");
  mkdirSync(models, { recursive: true });
  const running = spawn(process.execPath, commandLine(["train", trace, "--out", join(folder, out), ...parameters]));
  let kept = 0;
  const watcher = watch(models, (event, name) => {
    if (event === "rename" && name?.endsWith(".run") && ++kept === 2) running.kill("SIGKILL");
  });
  const signal = await new Promise((resolve) => running.on("exit", (_, by) => resolve(by)));
  watcher.close();
  expect(signal).toBe("SIGKILL");
}

test("a model serves when it beats the one that does, or when it is told to, and steps back when it is told to", () => {
  const hasty = train("whole", ...HASTY);
  expect(hasty).toMatchObject({
    schema: "headroom.model/1",
    isServing: false,
    contest: { opponent: "seasonal-naive", isPromoted: false },
  });
  expect(modelsOf("whole", "promote", hasty.id.slice(0, 6))).toMatchObject({ status: 0 });

  const patient = train("whole", ...PATIENT);
  expect(patient).toMatchObject({
    isServing: true,
    data: { trace: "fleet", vms: 6, series: 24, stepSeconds: 900, to: HALF },
    training: { seed: 1, steps: 320 },
    contest: { opponent: hasty.id, ground: { kind: "later", from: HALF, to: iso(startOfTick(grid, grid.length)) } },
  });
  const table = modelsOf("whole").stdout;
  expect(table).toMatch(new RegExp(`^ {2}${hasty.id} .* first$`, "m"));
  expect(table).toMatch(new RegExp(`^\\* ${patient.id} .* -\\d+\\.\\d %$`, "m"));
  expect(modelsOf("whole", "show", patient.id).stdout).toContain(`Model ${patient.id}, which serves`);

  expect(modelsOf("whole", "rollback").stdout).toBe(`Model ${hasty.id} serves again.\n`);
  expect(recordOf("whole").history.map(({ kind, by, serving }) => [kind, by, serving])).toEqual([
    ["promoted", "operator", hasty.id],
    ["promoted", "contest", patient.id],
    ["rolled-back", "operator", hasty.id],
  ]);
  const again = headroom("train", trace, "--out", join(folder, "whole"), ...HASTY);
  expect(again.stderr).toContain(`Model ${hasty.id} was there already`);
  expect(recordOf("whole").history).toHaveLength(3);
});

test("a training that was killed goes on to the same bytes, whatever the number of threads", async () => {
  await trainUntilKilled("pieces", ...PATIENT, "--jobs", "1");
  expect(filesOf("pieces")).toEqual([expect.stringMatching(/\.run$/)]);
  const resumed = headroom("train", trace, "--out", join(folder, "pieces"), ...PATIENT, "--jobs", "3", "--resume");
  expect(resumed.status).toBe(0);
  expect(resumed.stderr).toMatch(
    /^Training: [57][05] %, network [12] of 2, step \d+, loss \d\.\d+, validation \d\.\d+$/m,
  );
  expect(resumed.stderr).not.toContain("Training: 0 %");
  const patient = recordOf("pieces").serving;
  expect(filesOf("pieces")).toEqual([`${patient}.json`, `${patient}.network`, "serving.json"]);
  const bytesOf = (out: string) => readFileSync(join(folder, out, "models", `${patient}.network`));
  expect(bytesOf("pieces")).toEqual(bytesOf("whole"));
});

test("nothing after --until is learned from, and without anything later what validated decides, and says so", () => {
  const cut = join(folder, "cut", "fleet.csv");
  mkdirSync(join(folder, "cut"));
  writeFileSync(cut, csvUntil(6 * TICKS_A_DAY));
  const untilHalf = train("until-half", "--steps", "20");
  const { status, stdout } = headroom(
    "train",
    cut,
    "--out",
    join(folder, "all"),
    "--until",
    "1",
    "--steps",
    "20",
    "--json",
  );
  expect(status).toBe(0);
  const untilEnd: Trained = JSON.parse(stdout);
  expect(untilEnd.id).toBe(untilHalf.id);
  expect(untilEnd.contest).toMatchObject({
    ground: { kind: "validation", from: untilEnd.data.validationFrom, to: untilEnd.data.to },
    reason: expect.stringContaining("no demand later than what they learned from"),
  });
});

test("what cannot be is said at once, with exit code 1; what is typed wrongly, with 2", () => {
  const failed = (...parameters: string[]) => {
    const { status, stdout, stderr } = headroom(...parameters);
    expect([status, stdout]).toEqual([1, ""]);
    return stderr;
  };
  const out = join(folder, "failed");
  expect(failed("train", join(folder, "nowhere.csv"), "--out", out)).toContain("nowhere.csv");
  expect(failed("train", trace, "--until", "2020-01-01", "--out", out)).toContain("give a later instant as --until");
  const short = join(folder, "short.csv");
  writeFileSync(short, csvUntil(TICKS_A_DAY));
  expect(failed("train", short, "--out", out)).toMatch(/short has 12\.0 h of demand to learn from.*two days/);
  expect(failed("models", "show", "abc", "--dir", out)).toContain("There is no model abc");
  expect(failed("models", "rollback", "--dir", out)).toContain("nothing to go back from");
  expect(headroom("models", "promote").status).toBe(2);
  expect(headroom("train", trace, "--steps", "none").status).toBe(2);
});

test("a damaged model is not trained against, not promoted and not rolled back to: the sentence names the file", () => {
  const hasty = train("damaged", ...HASTY);
  expect(modelsOf("damaged", "promote", hasty.id).status).toBe(0);
  const path = join(folder, "damaged", "models", `${hasty.id}.network`);
  writeFileSync(path, readFileSync(path).subarray(1));
  const refused = headroom("train", trace, "--out", join(folder, "damaged"), "--steps", "20");
  expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining(`${hasty.id}.network is damaged`)]);
  expect(modelsOf("damaged", "rollback")).toMatchObject({ status: 0, stdout: "No model serves from now on.\n" });
  const promoted = modelsOf("damaged", "promote", hasty.id);
  expect([promoted.status, promoted.stderr]).toEqual([1, expect.stringContaining("is damaged or another model's")]);
});
