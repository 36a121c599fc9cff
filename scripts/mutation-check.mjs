// Breaks the control plane in known ways, one line at a time in a copy of the sources, and shows which seed of the simulation
// catches each. Fails when one is not caught, and when one can no longer be made because its line is gone.
//   --only NAME   just those whose name contains NAME      --seeds N   at most so many seeds each
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MUTATIONS } from "./mutations.mjs";

const MUTANT = ".cache/mutant";
const TICKS = 90;
const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};

if (process.argv.includes("--inside")) await hunt(Number(option("--seeds", "60")));
else check();

function check() {
  const only = option("--only", "");
  const mutations = MUTATIONS.filter(({ name }) => name.includes(only));
  rmSync(MUTANT, { recursive: true, force: true });
  mkdirSync(MUTANT, { recursive: true });
  cpSync("src", join(MUTANT, "src"), { recursive: true, filter: (path) => !/\.test\.tsx?$/.test(path) });
  const rows = mutations.map((mutation) => {
    const caught = tryOne(mutation);
    process.stdout.write(`${mutation.name.padEnd(52)} ${caught.words}\n`);
    return caught;
  });
  const missed = rows.filter(({ isCaught }) => !isCaught).length;
  process.stdout.write(`${rows.length - missed} of ${rows.length} mutations caught\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

function tryOne({ file, find, replace }) {
  const path = join(MUTANT, file);
  const lines = readFileSync(file, "utf8").split("\n");
  const places = lines.flatMap((line, index) => (line.trim() === find ? [index] : []));
  if (places.length !== 1)
    return { isCaught: false, words: `CANNOT BE MADE: ${file} has this line ${places.length} times: ${find}` };
  const mutated = lines.with(places[0], replace);
  writeFileSync(path, mutated.join("\n"));
  const program = ["--import", "tsx", "scripts/mutation-check.mjs", "--inside", "--seeds", option("--seeds", "60")];
  const ran = spawnSync(process.execPath, program, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  writeFileSync(path, lines.join("\n"));
  if (ran.status === 0) return { isCaught: false, words: "NOT CAUGHT" };
  if (ran.status !== 3) return { isCaught: false, words: `DOES NOT RUN: ${ran.stderr.slice(0, 400)}` };
  return { isCaught: true, words: ran.stdout.trim() };
}

/** Exit code 3: something broke. */
async function hunt(seeds) {
  const load = (path) => import(pathToFileURL(resolve(MUTANT, path)).href);
  const { simulate } = await load("src/lab/simulation/simulate.ts");
  const { drawSetting } = await load("src/lab/simulation/setting.ts");
  for (let seed = 1; seed <= seeds; seed++) {
    const verdict = await simulate(drawSetting(seed, { ticks: TICKS }));
    if (verdict.kind === "held") continue;
    const { invariant, sentence, tick } = verdict.broken;
    process.stdout.write(`seed ${String(seed).padEnd(3)} tick ${String(tick).padEnd(3)} ${invariant}: ${sentence}`.slice(0, 220));
    process.exitCode = 3;
    return;
  }
}
