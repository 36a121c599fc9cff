// Breaks the control plane in known ways, one at a time in a copy of the sources, and shows which seed of the simulation catches
// each. Fails when one is not caught, and when one can no longer be made because its line is gone.
//   --only WORDS   those whose name contains them      --seeds N   at most so many seeds each (40)
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { MUTATIONS } from "./mutations.mjs";

/** Exit code of a run in which an invariant broke. */
const CAUGHT = 3;
const MUTANT = option("--inside", `.cache/mutant-${process.pid}`);
const TICKS = 110;
const SEEDS = option("--seeds", "40");

if (process.argv.includes("--inside")) await hunt(Number(SEEDS));
else
  try {
    check(MUTATIONS.filter(({ name }) => name.includes(option("--only", ""))));
  } finally {
    rmSync(MUTANT, { recursive: true, force: true });
  }

function check(mutations) {
  mkdirSync(MUTANT, { recursive: true });
  cpSync("src", join(MUTANT, "src"), { recursive: true, filter: (path) => !/\.(test|arbitrary)\.tsx?$/.test(path) });
  const sound = run();
  if (sound.status !== 0)
    return say(1, `The simulation fails before anything is broken: ${sound.stdout}${sound.stderr}`);
  const caught = mutations.filter((mutation) => {
    const { isCaught, words } = tryOne(mutation);
    say(0, `${isCaught ? "caught" : "MISSED"}  ${mutation.name.padEnd(50)} ${words}`);
    return isCaught;
  });
  say(caught.length === mutations.length ? 0 : 1, `${caught.length} of ${mutations.length} mutations caught`);
}

function tryOne({ file, find, replace, also }) {
  const path = join(MUTANT, file);
  const whole = readFileSync(path, "utf8");
  let lines = whole.split("\n");
  for (const change of [{ find, replace }, ...(also ? [also] : [])]) {
    const places = lines.flatMap((line, index) => (line.trim() === change.find ? [index] : []));
    if (places.length !== 1)
      return { isCaught: false, words: `cannot be made: ${file} has ${places.length} times the line ${change.find}` };
    lines = lines.with(places[0], change.replace);
  }
  writeFileSync(path, lines.join("\n"));
  const { status, stdout, stderr } = run();
  writeFileSync(path, whole);
  if (status === CAUGHT) return { isCaught: true, words: stdout.trim() };
  return {
    isCaught: false,
    words: status === 0 ? `by none of ${SEEDS} seeds` : `does not run: ${stderr.slice(0, 600)}`,
  };
}

function run() {
  const program = ["--import", "tsx", "scripts/mutation-check.mjs", "--inside", MUTANT, "--seeds", SEEDS];
  return spawnSync(process.execPath, program, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** In a process of its own, since a module once loaded stays. */
async function hunt(seeds) {
  const load = (path) => import(pathToFileURL(resolve(MUTANT, path)).href);
  const { simulate } = await load("src/lab/simulation/simulate.ts");
  const { drawSetting } = await load("src/lab/simulation/setting.ts");
  for (let seed = 1; seed <= seeds; seed++) {
    const setting = drawSetting(seed, { ticks: TICKS });
    const verdict = await simulate(setting);
    if (verdict.kind === "broken") return tell(seed, verdict.broken);
    if (seed > 2) continue;
    const again = await simulate(setting);
    if (again.kind === "broken" || again.hash !== verdict.hash)
      return tell(seed, { tick: 0, invariant: "equal seeds, equal bits" });
  }
}

function tell(seed, { tick, invariant }) {
  process.stdout.write(`seed ${seed}, tick ${tick}: ${invariant}`);
  process.exitCode = CAUGHT;
}

function say(code, sentence) {
  process.stdout.write(`${sentence}\n`);
  process.exitCode = code;
}

function option(name, otherwise) {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
}
