import { expect, test, vi } from "vitest";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, VmId, Workload, WorkloadId } from "../../model/fleet.ts";
import { DAY_MS, instant } from "../../model/time.ts";
import { meanFactor } from "../../signals/tell-event.ts";
import type { RunningCell } from "../loop.ts";
import { campaign, type Happening, runWorld, START, THEIRS, type World } from "./announced-world.arbitrary.ts";
import { createCellSignals } from "./cell-signals.ts";
import { learnFromPast } from "./learn-from-past.ts";
import { signalsOf } from "./signals-of.ts";

/** Each lives through a week or more. */
vi.setConfig({ testTimeout: 30_000 });

/** Six hours from 8 on, declared as three times the usual, in truth 1.4 times. */
const sale = (day: number, facts: Partial<ExternalEvent> = {}) =>
  campaign({ days: day + 1 / 3, hours: 6 }, { id: `sale-${day}`, declaredUplift: 3, ...facts });
const SALES = [4, 7, 10].map((day) => sale(day));
const HAPPENS = SALES.map((event): Happening => ({ event, factor: 1.4 }));

const told = (events: readonly ExternalEvent[], more: Partial<World> = {}) =>
  runWorld({ days: 9, happens: HAPPENS, declared: () => ({ events }), ...more });

const VM = "ours-web-0" as VmId;

function expectedOf(cell: RunningCell, id: string): number {
  const known = signalsOf(cell, VM, cell.state.at)?.events.find(({ event }) => event.id === id);
  return known?.effects.cpu === undefined ? Number.NaN : meanFactor(known.effects.cpu);
}

test("an uplift that was declared too high is corrected after two alike", async () => {
  const expected: number[] = [];
  const look = (cell: RunningCell, at: number) => {
    for (const day of [4, 7, 10]) if (at === START + day * DAY_MS) expected.push(expectedOf(cell, `sale-${day}`));
  };
  await told(SALES, { days: 10, look });
  const [first = 0, second = 0, third = 0] = expected;
  expect(first).toBeGreaterThan(2.2);
  expect(second).toBeLessThan(first);
  expect(Math.abs(third - 1.4)).toBeLessThan(0.25);
});

test("what was learned is said, with what it rests on", async () => {
  const { cell } = await told(SALES);
  expect(signalsOf(cell, VM, instant(START + 10.25 * DAY_MS))?.sentence).toMatch(
    /^campaign "Sale" in 2 h: all x1\.\d, learned from 2 alike; looks like \w+, \d+ % sure$/,
  );
});

test("never twice, whatever is declared again and again, and equal inputs teach equal effects", async () => {
  const counts: number[] = [];
  const look = ({ signals }: RunningCell) => counts.push(signals.lessons.length, signals.learned.size);
  const one = await told([sale(4)], { days: 7, look });
  const again = await told([{ ...sale(4) }, sale(20, { id: "far" })], { days: 7 });
  expect(Math.max(...counts)).toBe(1);
  expect(again.cell.signals.effects).toEqual(one.cell.signals.effects);
  expect(expectedOf((await told([sale(4), sale(9)], { days: 7 })).cell, "sale-9")).toBeLessThan(2.4);
});

test("what was cancelled, what is of others and what has no diary teaches nothing", async () => {
  const cancelled = await told([], { days: 6, declared: (at) => ({ events: at < sale(4).start ? [sale(4)] : [] }) });
  const foreign = await told([sale(4, { customers: [THEIRS] })], { days: 6 });
  const groups = ({ signals }: RunningCell) => signals.effects.trees.get("campaign/cpu")?.means.groups.size;
  expect([groups(cancelled.cell), groups(foreign.cell)]).toEqual([0, 4]);
});

test("an event that touched everybody is learned from a few workloads a tick", async () => {
  const { cell } = await told([sale(4)], { days: 6 });
  const diary = [...cell.signals.diaries.values()][0];
  if (diary === undefined) throw new Error("the workload of an event has a diary");
  const workloads = Array.from({ length: 100 }, (_, index): Workload => {
    return { id: `w-${index}` as WorkloadId, customer: `c-${index}` as CustomerId, class: "web" };
  });
  const layout = { ...cell.state.layout, workloads };
  const signals = createCellSignals(layout);
  for (const index of workloads.keys()) signals.diaries.set(index, diary);
  const { customers: _, ...everybody } = sale(4);
  signals.declared = { ...signals.declared, events: [everybody] };
  const left: number[] = [];
  for (let tick = 0; tick < 26; tick++) {
    learnFromPast(signals, { layout, at: cell.state.at });
    left.push(signals.lessons.length);
  }
  expect(left.slice(0, 3)).toEqual([96, 92, 88]);
  expect(left.at(-1)).toBe(0);
  expect(signals.effects.trees.get("campaign/cpu")?.means.groups.size).toBe(1 + 3 * 100);
});
