// What CI runs and what a developer runs before a commit: set-up, checks, every test. Ends with one plain line of counts.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

const COUNTS = ".cache/tests.json";

rmSync(COUNTS, { force: true });
run("set-up", [process.execPath, "scripts/set-up.mjs", "--dashboard", "--system"]);
const checked = run("check", ["npm", "run", "--silent", "check"]);
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${COUNTS}`];
const tested = run("test", ["npm", "test", "--silent", "--", ...reporters]);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = existsSync(COUNTS)
  ? JSON.parse(readFileSync(COUNTS, "utf8"))
  : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const skipped = numPendingTests + numTodoTests;
// A file that does not even load fails the run without counting as a failed test.
const failed = numFailedTests + (checked ? 0 : 1) + (tested || numFailedTests > 0 ? 0 : 1);
process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 && numPassedTests > 0 ? 0 : 1);

function run(what, [program, ...parameters]) {
  process.stdout.write(`\n== ${what}\n`);
  const done = spawnSync(program, parameters, { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) process.stdout.write(`== ${what} failed\n`);
  if (done.status !== 0 && what === "set-up") process.exit(1);
  return done.status === 0;
}
