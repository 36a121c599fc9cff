// Now and then a network is trained on what VMs were seen to use: in a process of its own, with low priority, so that ticks never wait
// for it. It serves if it beats the one that serves; where there is too little to learn from, that is said and tried again later.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import type { Clock } from "../../control/ports.ts";
import type { Store } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCES } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, iso } from "../../model/time.ts";

export interface TrainingOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly stopped: Promise<void>;
  /** Models are in the folder `models` of it. */
  readonly folder: string;
  readonly everyHours: number;
  readonly vms: () => readonly VmId[];
  /** The headroom program; the one that runs where left out. */
  readonly program?: string;
  /** Hears the last line that the training said, and whether it went well. */
  readonly onEnd: (outcome: Result<string>) => void;
}

const DAYS_LEARNED = 28;
/** The last part says which network is better: neither has learned from it. */
const LEARNED_SHARE = "0.85";

/** Until stopped; the first time after one period. */
export async function keepTraining(options: TrainingOptions): Promise<void> {
  const { clock, stopped: told, everyHours, onEnd } = options;
  if (everyHours === 0) return;
  let running = true;
  const stopped = told.then(() => {
    running = false;
  });
  while (running) {
    await clock.sleepUntil(instant(clock.now() + everyHours * HOUR_MS), stopped);
    if (running) onEnd(await trainOnce(options));
  }
}

export async function trainOnce(given: Omit<TrainingOptions, "onEnd" | "everyHours">): Promise<Result<string>> {
  const { store, clock, folder, vms } = given;
  const traces = join(folder, "training");
  await rm(traces, { recursive: true, force: true });
  await mkdir(traces, { recursive: true });
  try {
    const now = clock.now();
    let rows = 0;
    for (const vm of vms()) {
      const written = await writeSamples(store, {
        vm,
        folder: traces,
        from: instant(now - DAYS_LEARNED * DAY_MS),
        to: now,
      });
      if (!written.ok) return written;
      rows += written.value;
    }
    if (rows === 0) return failure("not-found", "There are no samples to learn from yet.");
    return await runTraining(traces, given);
  } finally {
    await rm(traces, { recursive: true, force: true });
  }
}

interface Written {
  readonly vm: VmId;
  readonly folder: string;
  readonly from: Instant;
  readonly to: Instant;
}

/** A trace file of one VM; the number of its rows. */
async function writeSamples(store: Store, { vm, folder, from, to }: Written): Promise<Result<number>> {
  const samples = await store.samples.read(vm, { from, to });
  if (!samples.ok) return samples;
  const { at, usage } = samples.value;
  if (at.length === 0) return success(0);
  const lines = function* () {
    yield "time,vm,resource,value\n";
    for (const [row, measured] of at.entries())
      for (const resource of RESOURCES) {
        const amount = usage[resource][row] as number;
        if (!Number.isNaN(amount)) yield `${iso(instant(measured))},${vm},${resource},${amount}\n`;
      }
  };
  const name = `${encodeURIComponent(vm)}.csv.gz`;
  await pipeline(Readable.from(lines()), createGzip({ level: 1 }), createWriteStream(join(folder, name)));
  return success(at.length);
}

const PROGRAM = fileURLToPath(new URL("../headroom.js", import.meta.url));

async function runTraining(
  traces: string,
  { folder, stopped, program = PROGRAM }: Pick<TrainingOptions, "folder" | "stopped" | "program">,
): Promise<Result<string>> {
  const words = ["train", traces, "--out", folder, "--until", LEARNED_SHARE, "--jobs", "1"];
  const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  void stopped.then(() => child.kill());
  let last = "";
  const keepLast = (part: Buffer) => {
    last = String(part).trim().split("\n").at(-1) ?? last;
  };
  child.stdout.on("data", keepLast);
  child.stderr.on("data", keepLast);
  const code = await new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
    child.on("error", () => resolve(null));
  });
  return code === 0 ? success(last) : failure("unavailable", `The training ended with ${String(code)}: ${last}`);
}
