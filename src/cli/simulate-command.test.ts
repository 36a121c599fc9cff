import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { failure, success } from "../model/result.ts";
import type { Commands, SimulateOptions, SimulateOutcome } from "./commands.ts";
import { NO_SERVICE } from "./no-service.arbitrary.ts";
import { runProgram } from "./program.ts";

const unused = async () => failure("rejected", "Not asked for here.");
const HELD: SimulateOutcome = { schema: "headroom.simulation/1", seeds: 20, steps: 6_000, failures: [] };
const BROKEN: SimulateOutcome = {
  ...HELD,
  failures: [
    {
      seed: 7,
      invariant: "base kept",
      command: "npm run simulate -- --seed 7",
      told: ['Seed 7, tick 3: broken is "base kept".', "vm-1 has 0.", "Again: npm run simulate -- --seed 7"],
      smallest: ["Seed 7, tick 2", "Again: npm run simulate -- --seed 7 --vms 1"],
    },
  ],
};

async function run(line: string, outcome: SimulateOutcome) {
  const asked: SimulateOptions[] = [];
  const [out, err] = [new PassThrough(), new PassThrough()];
  const screen = (stream: PassThrough) => ({ stream, isTty: false, columns: 80, isRich: false });
  const commands: Commands = {
    version: "1.2.3",
    policyNames: ["vpa"],
    modelNames: ["stl"],
    faultNames: ["crash", "liar"],
    service: NO_SERVICE,
    backtest: unused,
    evaluate: unused,
    forecast: unused,
    train: unused,
    models: unused,
    demo: unused,
    serve: unused,
    async simulate(options) {
      asked.push(options);
      return success(outcome);
    },
  };
  const terminal = { out: screen(out), err: screen(err) };
  const code = await runProgram({ argv: line.split(" "), commands, terminal });
  return { code, asked, out: String(out.read() ?? ""), err: String(err.read() ?? "") };
}

test("one seed, or many; what is not typed is drawn", async () => {
  expect((await run("simulate --seed 17", HELD)).asked).toEqual([{ seeds: { from: 17, to: 17 }, ticks: 300 }]);
  const typed = await run("simulate --seeds 1..5000 --ticks 80 --hosts 2 --vms 3 --faults liar,crash --jobs 1", HELD);
  const size = { ticks: 80, hosts: 2, vms: 3, jobs: 1 };
  expect(typed.asked).toEqual([{ seeds: { from: 1, to: 5_000 }, ...size, faults: ["liar", "crash"] }]);
  expect((await run("simulate --seed 1 --faults none", HELD)).asked[0]?.faults).toEqual([]);
});

test("all held: one line and code 0", async () => {
  expect(await run("simulate", HELD)).toMatchObject({ code: 0, out: "20 seeds, 6,000 steps: everything held.\n" });
});

test("what broke is told with its smallest setting, and the code is 1", async () => {
  const { code, out } = await run("simulate", BROKEN);
  expect(code).toBe(1);
  expect(out).toContain('Seed 7, tick 3: broken is "base kept".\nvm-1 has 0.');
  expect(out).toContain("The smallest setting that still breaks it:\nSeed 7, tick 2");
  expect(out).toContain("20 seeds, 6,000 steps: 1 seed broke something.");
});

test("--json prints what was found, and nothing else", async () => {
  const { code, out } = await run("simulate --json", BROKEN);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual(BROKEN);
});

test.each(["--seeds 5", "--seeds 9..3", "--faults crash,fire", "--ticks 1", "--seed -1"])(
  "%s is refused before anything starts",
  async (typed) => {
    expect(await run(`simulate ${typed}`, HELD)).toMatchObject({ code: 2, asked: [], out: "" });
  },
);
