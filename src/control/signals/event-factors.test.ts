import { expect, test, vi } from "vitest";
import type { ExternalEvent } from "../../model/event.ts";
import { LEVEL_COUNT, levelIndex } from "../../model/forecast.ts";
import { DAY_MS, HOUR_MS, instant } from "../../model/time.ts";
import {
  campaign,
  type Happening,
  runWorld,
  START,
  STEP_MS,
  shortfall,
  THEIRS,
  type WorldRun,
} from "./announced-world.arbitrary.ts";

/** Each lives through days, some through two lives. */
vi.setConfig({ testTimeout: 30_000 });

const EIGHT = 1 / 3;
/** Doubles our demand on the fourth day from 8 to 16. */
const SALE = campaign({ days: 3 + EIGHT, hours: 8 }, { declaredUplift: 2 });
const DOUBLED: readonly Happening[] = [{ event: SALE, factor: 2 }];
const DAYS = 5;

/** Tells of events, whatever happens. */
const told = (events: readonly ExternalEvent[], happens = DOUBLED, days = DAYS) =>
  runWorld({ days, happens, declared: () => ({ events }) });

const announced = told([SALE]);
const silent = told([]);
const none = told([], []);

const during = { from: SALE.start, to: SALE.end };
const firstTick = { from: SALE.start, to: SALE.start + STEP_MS };
const firstHour = { from: SALE.start, to: SALE.start + HOUR_MS };

test("little of the shortfall is left when an event was announced, and nothing in its first tick", async () => {
  const [with_, without] = [(await announced).ticks, (await silent).ticks];
  expect(shortfall(with_, during, 0.95)).toBeLessThan(shortfall(without, during, 0.95) / 5);
  expect(shortfall(without, firstTick, 0.95)).toBeGreaterThan(0.3);
  expect(shortfall(with_, firstTick, 0.95)).toBe(0);
  expect(shortfall(with_, firstHour, 0.99)).toBeLessThan(0.01);
});

const HIGH = levelIndex(0.95);
/** What our first VM was served, tick by tick. */
const heights = ({ ticks }: WorldRun, { from, to }: { from: number; to: number }) =>
  ticks.filter(({ at }) => at > from && at <= to).map(({ served }) => served[HIGH] as number);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const apart = (left: ArrayLike<number>, right: ArrayLike<number>) =>
  Array.from(left).reduce((sum, value, index) => sum + Math.abs(value - (right[index] as number)), 0);

test("the engine learns as if there had been no event, where a silent one teaches it wrong", async () => {
  const [with_, without, calm] = [await announced, await silent, await none];
  const corrections = ({ cell }: WorldRun) => cell.engine.mixture.corrections.subarray(0, LEVEL_COUNT);
  expect(apart(corrections(with_), corrections(calm))).toBeLessThan(apart(corrections(without), corrections(calm)) / 2);
  const nextDay = { from: SALE.start + DAY_MS, to: SALE.end + DAY_MS };
  const taught = (run: WorldRun) => apart(heights(run, nextDay), heights(calm, nextDay));
  expect(taught(with_)).toBeLessThan(taught(without) / 2);
});

test("an uplift that was never there wears off within hours, and takes little away when it ends", async () => {
  const [wrong, calm] = [await told([{ ...SALE, declaredUplift: 3 }], []), await none];
  const lift = (span: { from: number; to: number }) => meanOf(heights(wrong, span)) / meanOf(heights(calm, span));
  expect(lift(firstTick)).toBeGreaterThan(2.5);
  expect(lift({ from: SALE.start + 3 * HOUR_MS, to: SALE.end })).toBeLessThan(1.7);
  expect(shortfall(wrong.ticks, { from: SALE.end, to: SALE.end + STEP_MS }, 0.95)).toBe(0);
  expect(shortfall(wrong.ticks, { from: SALE.end, to: SALE.end + HOUR_MS }, 0.95)).toBeLessThan(0.05);
});

const everything = ({ cell, ticks }: WorldRun) => [
  ticks.map(({ served }) => served),
  cell.engine.mixture.weights,
  cell.engine.mixture.corrections,
  cell.engine.history.codes,
  cell.state.allocations,
  cell.state.buffers,
];

test("an event that is cancelled before it acts leaves no trace", async () => {
  const cancelledAt = SALE.start - 4 * HOUR_MS;
  const declared = (at: number) => ({ events: at < cancelledAt ? [SALE] : [] });
  const cancelled = await runWorld({ days: 4, happens: [], declared });
  expect(everything(cancelled)).toEqual(everything(await told([], [], 4)));
});

test("events of others, and events that nobody has announced yet, change nothing", async () => {
  const late = { ...SALE, id: "late", announced: instant(START + 9 * DAY_MS) };
  const foreign = await told([{ ...SALE, customers: [THEIRS] }, late], [], 4);
  const calm = await told([], [], 4);
  const ours = ({ ticks }: WorldRun) => ticks.map(({ served }) => served.subarray(0, 4 * LEVEL_COUNT));
  expect(ours(foreign)).toEqual(ours(calm));
  expect(everything(foreign)).not.toEqual(everything(calm));
});

test("the order of declarations does not matter", async () => {
  const fair = campaign({ days: 3.4, hours: 5 }, { id: "fair", name: "Fair", declaredUplift: 1.5 });
  const dip = campaign({ days: 3.2, hours: 9 }, { id: "dip", name: "Closed", declaredUplift: 0.8 });
  const happens = [...DOUBLED, { event: fair, factor: 1.5 }];
  const [one, other] = [await told([SALE, fair, dip], happens), await told([dip, SALE, fair], happens)];
  expect(everything(one)).toEqual(everything(other));
  expect(one.cell.signals.effects).toEqual(other.cell.signals.effects);
});

test("an event that may not happen is forecast, and whichever way it goes the next ticks follow", async () => {
  const maybe = { ...SALE, confidence: 0.3 };
  const [happened, failed] = [await told([maybe]), await told([maybe], [])];
  expect(shortfall(happened.ticks, firstTick, 0.95)).toBeLessThan(0.05);
  for (const { ticks } of [happened, failed])
    expect(shortfall(ticks, { from: SALE.start + HOUR_MS, to: SALE.end + HOUR_MS }, 0.95)).toBeLessThan(0.03);
});

test("where no samples come any more, an event is put on what was known before it", async () => {
  const events = [SALE];
  const isSilent = (at: number) => at > SALE.start - HOUR_MS;
  const dark = await runWorld({ days: 3.5, happens: DOUBLED, declared: () => ({ events }), isSilent });
  const ours = (at: number) => dark.ticks.find((tick) => tick.at === at)?.served[levelIndex(0.5)] ?? Number.NaN;
  const [before, after] = [ours(SALE.start), ours(SALE.start + 6 * STEP_MS)];
  expect(after / before).toBeGreaterThan(1.5);
  expect(after / before).toBeLessThan(2.2);
});
