// What CI runs and what a developer runs before a commit: set-up, checks, every test. Ends with one plain line of counts.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";

const COUNTS = ".cache/tests.json";

rmSync(COUNTS, { force: true });
run("set-up", [process.execPath, "scripts/set-up.mjs", "--dashboard", "--system"]);
const checked = run("check", ["npm", "run", "--silent", "check"]);
const audited = auditPackages();
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${COUNTS}`];
const tested = run("test", ["npm", "test", "--silent", "--", ...reporters]);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = existsSync(COUNTS)
  ? JSON.parse(readFileSync(COUNTS, "utf8"))
  : { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
const skipped = numPendingTests + numTodoTests;
// A file that does not even load fails the run without counting as a failed test.
const failed = numFailedTests + (checked ? 0 : 1) + (audited ? 0 : 1) + (tested || numFailedTests > 0 ? 0 : 1);
process.stdout.write(`${numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed === 0 && numPassedTests > 0 ? 0 : 1);

function run(what, [program, ...parameters]) {
  process.stdout.write(`\n== ${what}\n`);
  const done = spawnSync(program, parameters, { stdio: ["ignore", "inherit", "inherit"] });
  if (done.status !== 0) process.stdout.write(`== ${what} failed\n`);
  if (done.status !== 0 && what === "set-up") process.exit(1);
  return done.status === 0;
}

/** False where a package that is installed with the program has a known hole. Not every registry answers such questions. */
function auditPackages() {
  process.stdout.write("\n== audit\n");
  const words = ["audit", "--omit=dev", "--audit-level=high", "--json"];
  const { stdout } = spawnSync("npm", words, { encoding: "utf8", timeout: 60_000 });
  const { total, high = 0, critical = 0 } = vulnerabilitiesIn(stdout ?? "");
  if (total === undefined) process.stdout.write("The registry does not answer audits: packages were NOT checked.\n");
  else process.stdout.write(`${total} known holes, ${high} high, ${critical} critical.\n`);
  return high + critical === 0;
}

function vulnerabilitiesIn(text) {
  try {
    return JSON.parse(text).metadata?.vulnerabilities ?? {};
  } catch {
    return {};
  }
}
