// The whole of `headroom backtest`, all policies and sweeps, on a real month with 100, 300 and 1,000 VMs (repeated as needed).
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { growth } from "./medians.ts";

const MONTH = resolve("../shared/data/bitbrains-rnd/2013-8");
const SIZES = [100, 300, 1_000];
const LOOK_EVERY_MS = 200;

export async function benchBacktest(): Promise<void> {
  if (!existsSync(MONTH)) return console.log(`# backtest: left out, since the recorded month is not at ${MONTH}`);
  console.log("# headroom backtest, one month of 5-min samples x 4 resources, all policies and sweeps, all cores");
  const rows: { size: number; cost: number }[] = [];
  for (const size of SIZES) {
    const { seconds, peakMiB } = await timeBacktest(size);
    rows.push({ size, cost: seconds });
    console.log(
      `${String(size).padStart(6)} VMs  ${seconds.toFixed(1).padStart(7)} s  peak memory ${peakMiB.toFixed(0)} MiB`,
    );
  }
  const [small, large] = [rows[0], rows.at(-1)];
  if (small && large) console.log(`grows with VMs to the power ${growth(small, large).toFixed(2)} (1 = linear)`);
}

async function timeBacktest(size: number): Promise<{ seconds: number; peakMiB: number }> {
  const folder = mkdtempSync(join(tmpdir(), "headroom-bench-"));
  const files = readdirSync(MONTH);
  for (let vm = 0; vm < size; vm++)
    symlinkSync(join(MONTH, files[vm % files.length] ?? ""), join(folder, `${vm}.csv.gz`));
  const begin = performance.now();
  const parameters = ["dist/main/headroom.js", "backtest", folder, "--json", "--out", join(folder, "out")];
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "ignore", "ignore"] });
  let peakMiB = 0;
  const look = setInterval(() => {
    peakMiB = Math.max(peakMiB, peakOf(child.pid));
  }, LOOK_EVERY_MS);
  const code = await new Promise<number | null>((done) => child.once("exit", done));
  clearInterval(look);
  rmSync(folder, { recursive: true });
  if (code !== 0) throw new Error(`the backtest of ${size} VMs ended with ${code}`);
  return { seconds: (performance.now() - begin) / 1000, peakMiB };
}

/** High-water mark of the resident set, where the system tells. */
function peakOf(pid: number | undefined): number {
  const status = `/proc/${pid}/status`;
  const line = existsSync(status) ? readFileSync(status, "utf8").match(/VmHWM:\s+(\d+) kB/) : null;
  return Number(line?.[1] ?? 0) / 1024;
}
