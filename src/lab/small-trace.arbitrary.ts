// Small recorded traces: a fleet of a known mixture of habits out of one seed, and any demand of a few VMs.
import fc from "fast-check";
import { RESOURCES, type Resource } from "../model/resources.ts";
import { type SeededRandom, seededRandom } from "../model/seeded-random.ts";
import { series } from "../model/series.ts";
import { DAY_MS, MINUTE_MS, type TimeGrid, timeGrid } from "../model/time.ts";
import { NO_REPAIRS, type Trace, type TraceVm } from "../model/trace.ts";
import { GIBIBYTE } from "../model/units.ts";

const UNITS: Readonly<Record<Resource, number>> = { cpu: 2, memory: 4 * GIBIBYTE, network: 2e7, storage: 5e7 };
const START_MS = Date.UTC(2026, 2, 2);

/** `vms` VMs over `days` days; every third bursts, every fourth has a nightly job, all follow the day more or less. */
export function seededTrace(given: { seed: number; vms: number; days: number; stepMinutes: number }): Trace {
  const stepMs = given.stepMinutes * MINUTE_MS;
  const grid = timeGrid({ startMs: START_MS, stepMs, length: (given.days * DAY_MS) / stepMs });
  const random = seededRandom(given.seed);
  const vms = Array.from({ length: given.vms }, (_, index) => seededVm(grid, index, random.fork(`vm ${index}`)));
  return traceOf(vms, grid);
}

function seededVm(grid: TimeGrid, index: number, random: SeededRandom): TraceVm {
  const height = 0.2 + random.next();
  const swing = 0.8 * random.next();
  const demand = RESOURCES.map((resource) => {
    const habit = { height: height * UNITS[resource], swing, bursts: index % 3 === 0, nightly: index % 4 === 0 };
    return [resource, series(grid, demandOf(grid, habit, random.fork(resource)))];
  });
  const size = 3 * height;
  const provisioned = index % 2 === 0 ? { cpu: size * UNITS.cpu, memory: size * UNITS.memory } : {};
  return { name: String(index + 1), demand: Object.fromEntries(demand), provisioned };
}

interface Habit {
  readonly height: number;
  readonly swing: number;
  readonly bursts: boolean;
  readonly nightly: boolean;
}

/** Plain arithmetic besides one sine: the same on every machine to far more digits than a golden file holds. */
function demandOf(grid: TimeGrid, habit: Habit, random: SeededRandom): Float64Array {
  let noise = 0;
  let burst = 0;
  return Float64Array.from({ length: grid.length }, (_, tick) => {
    const dayShare = ((tick * grid.stepMs) % DAY_MS) / DAY_MS;
    noise = 0.9 * noise + 0.1 * (random.next() - 0.5);
    const starts = random.next() < (habit.bursts ? 0.01 : 0.001);
    burst = starts ? 2 + 4 * random.next() : burst < 0.1 ? 0 : 0.7 * burst;
    const nightly = habit.nightly && dayShare >= 0.1 && dayShare < 0.12 ? 3 : 0;
    const season = 1 + habit.swing * Math.sin(2 * Math.PI * dayShare);
    return habit.height * (season * (0.5 + noise) + 0.25 * random.next() + burst + nightly);
  });
}

function traceOf(vms: readonly TraceVm[], grid: TimeGrid): Trace {
  return { name: "small", format: "csv", grid, vms, repairs: NO_REPAIRS };
}

/** One VM by its CPU demand, one number a tick of an hour; other resources are not recorded. */
export function cpuTrace(demand: readonly (readonly number[])[]): Trace {
  const grid = timeGrid({ startMs: START_MS, stepMs: 60 * MINUTE_MS, length: demand[0]?.length ?? 0 });
  const vms = demand.map((values, index) => ({
    name: `vm-${index}`,
    demand: { cpu: series(grid, Float64Array.from(values)) },
    provisioned: {},
  }));
  return traceOf(vms, grid);
}

const amount = fc.oneof(
  { weight: 5, arbitrary: fc.double({ min: 0.001, max: 100, noNaN: true }) },
  fc.constantFrom(0, Number.NaN),
);

export interface ScoredHost {
  /** [tick][vm] */
  readonly demand: readonly (readonly number[])[];
  readonly allocations: readonly (readonly number[])[];
  /** [tick] */
  readonly buffers: readonly number[];
}

/** What one host asked for and had, tick by tick. */
export const anyScoredHost: fc.Arbitrary<ScoredHost> = fc
  .record({ vms: fc.integer({ min: 1, max: 5 }), ticks: fc.integer({ min: 1, max: 20 }) })
  .chain(({ vms, ticks }) => {
    const column = (each: fc.Arbitrary<number>) =>
      fc.array(fc.array(each, { minLength: vms, maxLength: vms }), { minLength: ticks, maxLength: ticks });
    const fewLevels = fc.constantFrom(0, 1, 5, 20, 50);
    return fc.record({
      demand: column(amount),
      allocations: column(fewLevels),
      buffers: fc.array(fewLevels, { minLength: ticks, maxLength: ticks }),
    });
  });
