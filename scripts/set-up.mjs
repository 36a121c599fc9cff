// Brings a fresh clone to a state in which it can run: plain Node, no dependencies, safe to run again and again.
//   --dashboard  also builds the page      --system  also installs what the tests need from Debian's packages, as root
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const NODE_MIN = [20, 19];
/** What the tests need of Debian: how to tell that it is there, and the package that brings it. */
const SYSTEM_PACKAGES = [
  { name: "chromium", isThere: () => existsSync("/usr/bin/chromium"), what: "the tests of the page" },
  { name: "postgresql", isThere: hasPostgres, what: "the store's tests on PostgreSQL as Debian has it" },
  ...["prometheus", "prometheus-node-exporter", "victoria-metrics"].map((name) => ({
    ...{
      name,
      isThere: () => existsSync(`/usr/bin/${name}`),
      what: "the tests with real servers of metrics",
      isDaemon: true,
    },
  })),
];
const POSTGRES_PROGRAMS = "/usr/lib/postgresql";
const POSTGRES_MIN = 15;
const CLUSTER_SETTINGS = "/etc/postgresql-common/createcluster.conf";
/** What Debian asks before it starts a service that it has just installed; 101: do not. */
const START_POLICY = "/usr/sbin/policy-rc.d";
const LOCK = ".cache/set-up.lock";
const LOCK_STALE_MS = 10 * 60_000;

checkNode();
takeLock();
try {
  installPackages();
  run("The TypeScript build", [process.execPath, "node_modules/typescript/bin/tsc", "-b"]);
  if (process.argv.includes("--dashboard")) buildDashboard();
  if (process.argv.includes("--system")) installSystemPackages();
} finally {
  rmdirSync(LOCK);
}

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1])) return;
  fail(`Node ${process.versions.node} is too old: install Node ${NODE_MIN.join(".")} or newer.`);
}

/** Two set-ups at once would tear each other's node_modules apart: the second one waits. */
function takeLock() {
  mkdirSync(".cache", { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      return mkdirSync(LOCK);
    } catch {
      const age = Date.now() - (statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > LOCK_STALE_MS) rmdirSync(LOCK);
      else if (waited === 0) say("Another set-up is running here: waiting for it ...");
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
}

function installPackages() {
  const wanted = hashOf(["package-lock.json"], process.version);
  if (isStamped("node_modules/.headroom-stamp", wanted)) return;
  say("Installing packages (once, about a minute) ...");
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  // npm tells its scripts where it is: the same npm, not whatever comes first in PATH.
  const npm = process.env.npm_execpath;
  run("npm ci", npm ? [process.execPath, npm, ...flags] : ["npm", ...flags]);
  writeFileSync("node_modules/.headroom-stamp", wanted);
}

function buildDashboard() {
  const sources = filesBelow("src/dashboard").concat(filesBelow("src/api"), filesBelow("src/model"), [
    "vite.config.ts",
    "package-lock.json",
  ]);
  const wanted = hashOf(sources.sort(), process.version);
  const stamp = ".cache/dashboard-stamp";
  if (isStamped(stamp, wanted) && existsSync("dist/dashboard/index.html")) return;
  run("The build of the page", [process.execPath, "node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);
  writeFileSync(stamp, wanted);
}

/** Elsewhere than on Debian as root somebody has to install them by hand; the tests that need them are skipped and say so. */
function installSystemPackages() {
  const missing = SYSTEM_PACKAGES.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  const canInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (!canInstall) {
    for (const { name, what } of missing) say(`Install Debian's package ${name} to run ${what}.`);
    return;
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = (name) =>
    run(`apt-get install ${name}`, ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name], env);
  run("apt-get update", ["apt-get", "update", "-qq"], env);
  for (const { name, what, isDaemon = false } of missing) {
    say(`Installing ${name} for ${what} (once) ...`);
    if (name === "postgresql") keepFromStarting(install);
    if (isDaemon) installStopped(() => install(name));
    else install(name);
  }
}

/** Only the program is wanted, not a service that runs. */
function installStopped(install) {
  const isMine = !existsSync(START_POLICY);
  if (isMine) writeFileSync(START_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
  try {
    install();
  } finally {
    if (isMine) rmSync(START_POLICY);
  }
}

function hasPostgres() {
  if (!existsSync(POSTGRES_PROGRAMS)) return false;
  return readdirSync(POSTGRES_PROGRAMS).some(
    (version) => Number(version) >= POSTGRES_MIN && existsSync(join(POSTGRES_PROGRAMS, version, "bin/initdb")),
  );
}

/** Only its programs are wanted: without this Debian would make a database of its own and run it. */
function keepFromStarting(install) {
  install("postgresql-common");
  const settings = readFileSync(CLUSTER_SETTINGS, "utf8");
  if (/^create_main_cluster/m.test(settings)) return;
  writeFileSync(CLUSTER_SETTINGS, `${settings}\ncreate_main_cluster = false\n`);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function hashOf(files, ...more) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(file).update(readFileSync(file));
  return hash.update(more.join()).digest("hex");
}

function isStamped(stamp, wanted) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
}

function run(what, [program, ...parameters], env = process.env) {
  const done = spawnSync(program, parameters, { stdio: ["ignore", 2, 2], env });
  if (done.status !== 0) fail(`${what} failed: the lines above say why. Then run the same command again.`);
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

function fail(sentence) {
  say(sentence);
  if (existsSync(LOCK)) rmdirSync(LOCK);
  process.exit(1);
}
