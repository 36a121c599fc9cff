// What VMs of each workload class demand, as shares of their ceilings: little most of the time, a lot sometimes, and all
// four resources moved by the same causes.
import type { WorkloadClass } from "../../model/fleet.ts";
import type { Resource } from "../../model/resources.ts";
import { unreachable } from "../../model/result.ts";
import type { SeededRandom } from "../../model/seeded-random.ts";
import { bursts } from "./bursts.ts";
import { correlatedNoise } from "./correlated-noise.ts";
import { cronSpikes } from "./cron-spikes.ts";
import { dailyWave, officeHours } from "./daily-season.ts";
import { constant, type Ingredient, product, sum } from "./ingredient.ts";
import { slowDrift } from "./slow-drift.ts";
import { weeklySeason } from "./weekly-season.ts";

export type Recipe = Readonly<Record<Resource, Ingredient>>;

interface Circumstances {
  readonly random: SeededRandom;
  /** Factor of announced events. */
  readonly uplift: Ingredient;
}

const DAY_MINUTES = 24 * 60;

export function recipeOf(workload: WorkloadClass, circumstances: Circumstances): Recipe {
  switch (workload) {
    case "web":
      return web(circumstances);
    case "batch":
      return batch(circumstances);
    case "database":
      return database(circumstances);
    case "cache":
      return cache(circumstances);
    case "desktop":
      return desktop(circumstances);
    case "idle":
      return idle(circumstances);
    default:
      return unreachable(workload);
  }
}

function web({ random, uplift }: Circumstances): Recipe {
  const visits = product(traffic(random), uplift);
  const rushes = bursts(random.fork("rushes"), { perDay: 0.8, minutes: 20, heightMin: 0.2, heightMax: 0.75 });
  const rotation = cronSpikes({ ...nightly(random.fork("rotation")), minutes: 6, height: 0.5 });
  return {
    cpu: sum(level(random.fork("cpu"), visits, 0.3), rushes),
    memory: sum(steady(random.fork("memory"), 0.14), product(visits, constant(0.03))),
    network: sum(level(random.fork("network"), visits, 0.28), product(rushes, constant(0.8))),
    storage: sum(level(random.fork("storage"), visits, 0.28), rotation),
  };
}

function batch({ random }: Circumstances): Recipe {
  const night = nightly(random.fork("night"));
  const length = between(random.fork("length"), 25, 110);
  const run = product(
    cronSpikes({ ...night, minutes: Math.round(length), height: 1 }),
    correlatedNoise(random.fork("run"), { spread: 0.12 }),
  );
  const sync = cronSpikes({ everyMinutes: 60, atMinute: random.fork("sync").below(60), minutes: 2, height: 0.3 });
  const height = between(random.fork("height"), 0.6, 0.9);
  return {
    cpu: sum(steady(random.fork("cpu"), 0.06), product(run, constant(height)), sync),
    memory: sum(steady(random.fork("memory"), 0.09), product(run, constant(0.3))),
    network: sum(steady(random.fork("network"), 0.06), product(run, constant(0.25)), sync),
    storage: sum(steady(random.fork("storage"), 0.07), product(run, constant(height * 0.85))),
  };
}

function database({ random, uplift }: Circumstances): Recipe {
  const queries = product(traffic(random), uplift);
  const flushes = bursts(random.fork("flushes"), { perDay: 3, minutes: 9, heightMin: 0.2, heightMax: 0.7 });
  const backup = cronSpikes({ ...nightly(random.fork("backup")), minutes: 35, height: 0.45 });
  return {
    cpu: sum(level(random.fork("cpu"), queries, 0.28), product(flushes, constant(0.2))),
    memory: steady(random.fork("memory"), 0.27),
    network: sum(level(random.fork("network"), queries, 0.22), product(backup, constant(0.8))),
    storage: sum(level(random.fork("storage"), queries, 0.3), flushes, backup),
  };
}

function cache({ random, uplift }: Circumstances): Recipe {
  const reads = product(traffic(random), uplift);
  const misses = bursts(random.fork("misses"), { perDay: 1, minutes: 12, heightMin: 0.2, heightMax: 0.6 });
  return {
    cpu: sum(level(random.fork("cpu"), reads, 0.2), product(misses, constant(0.5))),
    memory: steady(random.fork("memory"), 0.28),
    network: sum(level(random.fork("network"), reads, 0.34), misses),
    storage: steady(random.fork("storage"), 0.1),
  };
}

function desktop({ random }: Circumstances): Recipe {
  const begin = between(random.fork("begin"), 7, 9);
  const atDesk = product(officeHours({ fromHour: begin, toHour: begin + 9 }), weeklySeason({ weekend: 0.05 }));
  const builds = bursts(random.fork("builds"), { perDay: 6, minutes: 10, heightMin: 0.2, heightMax: 0.8 });
  const work = product(builds, atDesk);
  return {
    cpu: sum(constant(0.01), level(random.fork("cpu"), atDesk, 0.28), work),
    memory: sum(steady(random.fork("memory"), 0.08), level(random.fork("programs"), atDesk, 0.1)),
    network: sum(constant(0.004), level(random.fork("network"), atDesk, 0.24), product(work, constant(0.5))),
    storage: sum(constant(0.004), level(random.fork("storage"), atDesk, 0.24), product(work, constant(0.7))),
  };
}

function idle({ random }: Circumstances): Recipe {
  const update = cronSpikes({ ...nightly(random.fork("update")), minutes: 10, height: 0.4 });
  return {
    cpu: sum(steady(random.fork("cpu"), 0.012), update),
    memory: steady(random.fork("memory"), 0.05),
    network: sum(steady(random.fork("network"), 0.003), product(update, constant(0.5))),
    storage: sum(steady(random.fork("storage"), 0.004), product(update, constant(0.7))),
  };
}

/** What people ask of a service: a factor that is 1 at the busiest hour of a working day. */
function traffic(random: SeededRandom): Ingredient {
  return product(
    dailyWave({ peakHour: between(random.fork("peak"), 12, 19), quiet: between(random.fork("quiet"), 0.15, 0.35) }),
    weeklySeason({ weekend: between(random.fork("weekend"), 0.5, 1) }),
    slowDrift(random.fork("growth"), { spread: 0.12 }),
    correlatedNoise(random.fork("visits"), { spread: 0.2 }),
  );
}

/** One resource's own part in a shared cause: a size of its own and a little noise of its own. */
function level(random: SeededRandom, cause: Ingredient, share: number): Ingredient {
  const size = share * between(random.fork("size"), 0.6, 1.5);
  return product(cause, constant(size), correlatedNoise(random.fork("noise"), { spread: 0.12 }));
}

function steady(random: SeededRandom, share: number): Ingredient {
  const size = share * between(random.fork("size"), 0.7, 1.3);
  return product(
    constant(size),
    slowDrift(random.fork("drift"), { spread: 0.15 }),
    correlatedNoise(random.fork("noise"), { spread: 0.04 }),
  );
}

function nightly(random: SeededRandom): { everyMinutes: number; atMinute: number } {
  return { everyMinutes: DAY_MINUTES, atMinute: 30 + random.below(5 * 60) };
}

function between(random: SeededRandom, low: number, high: number): number {
  return low + random.next() * (high - low);
}
