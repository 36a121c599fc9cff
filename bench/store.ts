// What is kept, and how fast: durable batches of samples, folding them, and reading 14 days of one VM; on the embedded PostgreSQL and,
// where it is installed, on Debian's. Medians of 5 runs.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { serverUser } from "../src/adapters/postgres/embedded/server-user.ts";
import { type OpenStore, openStore, type StoreOptions } from "../src/adapters/postgres/open-store.ts";
import type { SampleColumns } from "../src/control/store-ports.ts";
import type { VmId } from "../src/model/fleet.ts";
import { RESOURCE_COUNT } from "../src/model/resources.ts";
import type { Result } from "../src/model/result.ts";
import { seededRandom } from "../src/model/seeded-random.ts";
import { DAY_MS, instant } from "../src/model/time.ts";
import { median } from "./medians.ts";

const RUNS = 5;
/** 2,500 VMs with four values each: 10,000 values. */
const BATCH_VMS = 2_500;
const BATCHES_A_RUN = 200;
/** As many requests as are being answered at once. */
const AT_ONCE = 8;
const STEP_MS = 300_000;
const TICKS_A_DAY = DAY_MS / STEP_MS;
const READ_DAYS = 14;
/** Beside the one that is read, as a fleet has them. */
const READ_VMS = 2_000;
/** Ticks that are not folded yet when the 14 days are read: an hour. */
const UNFOLDED_TICKS = 12;
const SEED = 1;
const DEBIAN = "/usr/lib/postgresql";

export async function benchStore(): Promise<void> {
  console.log(
    `# state: batches of ${BATCH_VMS} VMs x ${RESOURCE_COUNT} values, ${AT_ONCE} at once; 14 days of one of ${READ_VMS} VMs; ` +
      `durable (fsync on), medians of ${RUNS} runs, seed ${SEED}`,
  );
  const folder = mkdtempSync("/tmp/headroom-bench-");
  chmodSync(folder, 0o755);
  try {
    await timeStore("embedded", { kind: "embedded", folder: join(folder, "embedded") });
    const debian = startDebian(join(folder, "debian"));
    if (debian === undefined) return console.log("Debian's PostgreSQL is not installed: left out");
    await timeStore("Debian's", { kind: "server", url: debian.url }).finally(debian.stop);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timeStore(name: string, options: StoreOptions): Promise<void> {
  const store = kept(await openStore(options));
  try {
    const { version } = kept(await store.health());
    const [ingest, fold, paused, read]: [number[], number[], number[], number[]] = [[], [], [], []];
    const fleet = fleetOf(BATCH_VMS);
    for (let run = 0; run < RUNS; run++) {
      const { appendedPerSecond, foldedPerSecond, pausedMs } = await timeIngest(store, fleet, run);
      ingest.push(appendedPerSecond);
      fold.push(foldedPerSecond);
      paused.push(pausedMs);
    }
    const watched = await fillDays(store);
    for (let run = 0; run < RUNS; run++) read.push(await timeRead(store, watched));
    await store.close();
    const opened = await timeOpen(options);
    const millions = (values: readonly number[]) => `${(median(values) / 1e6).toFixed(2)} M values/s`;
    console.log(
      `${name} ${version}: append ${millions(ingest)}, fold ${millions(fold)} (others wait ${median(paused).toFixed(0)} ms ` +
        `at most), read ${median(read).toFixed(1)} ms, open ${opened.toFixed(0)} ms`,
    );
  } finally {
    await store.close();
  }
}

interface Fleet {
  readonly vms: readonly VmId[];
  readonly next: (tick: number) => SampleColumns;
}

/** Demand that wanders, with one value in five at rest, as recorded ones have. */
function fleetOf(count: number): Fleet {
  const random = seededRandom(SEED);
  const vms = Array.from({ length: count }, (_, each) => `customer-7.vm-${each}` as VmId);
  const level = Float32Array.from({ length: count * RESOURCE_COUNT }, () => 2 ** (10 * random.next()));
  const vm = Uint32Array.from(vms, (_, each) => each);
  return {
    vms,
    next(tick) {
      const usage = level.map((each) => (random.next() < 0.2 ? 0 : each * (0.5 + random.next())));
      return { vms, vm, at: new Float64Array(count).fill((tick + 1) * STEP_MS), usage };
    },
  };
}

async function timeIngest(store: OpenStore, { next }: Fleet, run: number) {
  const first = run * BATCHES_A_RUN;
  const batches = Array.from({ length: BATCHES_A_RUN }, (_, each) => next(first + each));
  const values = BATCHES_A_RUN * BATCH_VMS * RESOURCE_COUNT;
  const began = performance.now();
  const queue = batches.entries();
  const sender = async () => {
    for (const [each, batch] of queue) kept(await store.samples.append(batch, instant(first + each)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  const appended = performance.now();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  kept(await store.samples.fold(instant(first + BATCHES_A_RUN)));
  const folded = performance.now();
  delay.disable();
  return {
    pausedMs: delay.max / 1e6,
    appendedPerSecond: (1000 * values) / (appended - began),
    foldedPerSecond: (1000 * values) / (folded - appended),
  };
}

/** Fourteen days of a fleet, all folded but the last hour; the VM in its middle. */
async function fillDays({
  samples,
}: OpenStore): Promise<{ readonly vm: VmId; readonly from: number; readonly to: number }> {
  const first = 1_000_000;
  const { next, vms } = fleetOf(READ_VMS);
  const ticks = READ_DAYS * TICKS_A_DAY;
  for (let tick = 0; tick < ticks; tick++) {
    kept(await samples.append(next(first + tick), instant(first + tick)));
    if (tick % TICKS_A_DAY === TICKS_A_DAY - 1 || tick === ticks - UNFOLDED_TICKS - 1)
      if (tick < ticks - 1) kept(await samples.fold(instant(first + tick)));
  }
  return { vm: vms[READ_VMS / 2] as VmId, from: first * STEP_MS, to: (first + ticks + 1) * STEP_MS };
}

async function timeRead(
  { samples }: OpenStore,
  { vm, from, to }: { readonly vm: VmId; readonly from: number; readonly to: number },
): Promise<number> {
  const began = performance.now();
  const { at } = kept(await samples.read(vm, { from: instant(from), to: instant(to) }));
  const took = performance.now() - began;
  if (at.length !== READ_DAYS * TICKS_A_DAY) throw new Error(`read ${at.length} samples`);
  return took;
}

/** With all of that in it. */
async function timeOpen(options: StoreOptions): Promise<number> {
  const began = performance.now();
  const store = kept(await openStore(options));
  const took = performance.now() - began;
  await store.close();
  return took;
}

function startDebian(folder: string): { readonly url: string; readonly stop: () => void } | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const programs = versions.length > 0 ? `${DEBIAN}/${Math.max(...versions)}/bin` : undefined;
  if (programs === undefined) return undefined;
  mkdirSync(folder, { mode: 0o700 });
  const user = kept(serverUser(folder));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const run = (program: string, ...parameters: readonly string[]) => {
    const done = spawnSync(join(programs, program), parameters, {
      ...{ ...user, cwd: "/", encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] },
    });
    if (done.status !== 0) throw new Error(`${program}: ${done.stderr}`);
  };
  run("initdb", "-D", data, "-U", "headroom", "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums");
  const settings = [
    "listen_addresses=",
    `unix_socket_directories=${folder}`,
    "shared_buffers=256MB",
    "max_wal_size=2GB",
  ];
  run(
    "pg_ctl",
    "start",
    "-w",
    "-D",
    data,
    "-l",
    join(folder, "log"),
    "-o",
    settings.map((each) => `-c ${each}`).join(" "),
  );
  return {
    url: `postgresql://headroom@/postgres?host=${encodeURIComponent(folder)}`,
    stop: () => run("pg_ctl", "stop", "-w", "-D", data, "-m", "fast"),
  };
}

function kept<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
