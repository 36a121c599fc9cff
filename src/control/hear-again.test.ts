// After a restart: where a cell began, or was written down, and what it heard since, make the cell that never stopped.
import { expect, test, vi } from "vitest";
import { levelIndex } from "../model/forecast.ts";
import { HOUR_MS, instant } from "../model/time.ts";
import { hearAgain, type RunningCell } from "./loop.ts";
import { campaign, runWorld, START, smallCell } from "./signals/announced-world.arbitrary.ts";
import { STEADY_PROFILE } from "./small-cell.arbitrary.ts";
import { type CellSnapshot, restore, snapshotOf } from "./snapshot.ts";

vi.setConfig({ testTimeout: 30_000 });

const SALE = campaign({ days: 0.5, hours: 4 }, { declaredUplift: 2 });

/** A day with an event, a profile that is declared at noon, and hours without samples. */
async function liveDay(writeDownAt: number): Promise<{
  cell: RunningCell;
  heard: Awaited<ReturnType<typeof runWorld>>["heard"];
  written: CellSnapshot | undefined;
}> {
  let written: CellSnapshot | undefined;
  const profiles = new Map([["ours-web-0", STEADY_PROFILE]]) as never;
  const { cell, heard } = await runWorld({
    days: 1,
    happens: [{ event: SALE, factor: 2 }],
    declared: (at) => ({ events: [SALE], ...(at > START + 12 * HOUR_MS && { profiles }) }),
    isSilent: (at) => at > START + 3 * HOUR_MS && at < START + 5 * HOUR_MS,
    look: (running, at) => {
      if (at === writeDownAt) written = structuredClone(snapshotOf(running));
    },
  });
  return { cell, heard, written };
}

test("from its beginning", async () => {
  const { cell, heard } = await liveDay(Number.NaN);
  const again = smallCell().cell;
  for (const input of structuredClone(heard)) await hearAgain(again, input);
  expect(snapshotOf(again)).toEqual(snapshotOf(cell));
});

test("from where it was written down", async () => {
  const at = instant(START + 13 * HOUR_MS);
  const { cell, heard, written } = await liveDay(at);
  if (written === undefined) throw new Error("it was written down at one o'clock");
  const again = restore(smallCell().cell, written);
  const since = structuredClone(heard).filter((input) => input.kind === "seen" && input.at > at);
  expect(since).toHaveLength(66);
  for (const input of since) await hearAgain(again, input);
  expect(snapshotOf(again)).toEqual(snapshotOf(cell));
});

test("hours that nobody saw leave the time of day where it was", async () => {
  const isDown = (at: number) => at > START + 26 * HOUR_MS && at < START + 33 * HOUR_MS;
  const [whole, broken] = await Promise.all(
    [() => false, isDown].map((isSkipped) => runWorld({ days: 3, happens: [], isSkipped })),
  );
  if (whole === undefined || broken === undefined) throw new Error("both were run");
  expect(broken.heard.length).toBeLessThan(whole.heard.length - 40);
  expect(broken.cell.engine.tick).toBe(whole.cell.engine.tick);
  expect(broken.cell.state.excessEngine.tick).toBe(whole.cell.state.excessEngine.tick);
  const [last, before] = [broken, whole].map(({ ticks }) => ticks.at(-1)?.served[levelIndex(0.9)] ?? Number.NaN);
  expect((last ?? 0) / (before ?? 1)).toBeCloseTo(1, 1);
});
