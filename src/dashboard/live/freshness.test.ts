import { expect, test } from "vitest";
import { createTickingSource } from "../../api/contract/ticking-source.arbitrary.ts";
import { freshnessOf } from "./freshness.ts";
import type { LiveState } from "./live-store.ts";

function heardAtZero(part: { speed: number; is?: boolean; connected?: boolean }): LiveState {
  const view = createTickingSource({ history: 1 }).fleet();
  if (!view) throw new Error("the example has a history");
  const value = { ...view, simulated: { is: part.is ?? true, speed: part.speed, seed: 1 } };
  return { fleet: { kind: "ready", value }, customer: undefined, connected: part.connected ?? true, heardAt: 0 };
}

test("three ticks of the wall's clock without news make it stale", () => {
  // A tick of 300 s, 60 times faster: 5 s on the wall.
  const state = heardAtZero({ speed: 60, connected: false });
  expect(freshnessOf(state, 15_000)).toEqual({ kind: "live" });
  expect(freshnessOf(state, 15_001)).toEqual({ kind: "stale", silentMs: 15_001, connected: false });
  const real = heardAtZero({ speed: 60, is: false });
  expect(freshnessOf(real, 900_000)).toEqual({ kind: "live" });
  expect(freshnessOf(real, 900_001)).toMatchObject({ kind: "stale" });
});

test("ticks that come faster than a page is drawn may be silent for a moment", () => {
  const state = heardAtZero({ speed: 100_000 });
  expect(freshnessOf(state, 3_000)).toEqual({ kind: "live" });
  expect(freshnessOf(state, 3_001)).toMatchObject({ kind: "stale" });
});

test("before anything is loaded there is nothing to be stale", () => {
  const state = { fleet: { kind: "loading" }, customer: undefined, connected: false, heardAt: undefined } as const;
  expect(freshnessOf(state, 1e9)).toEqual({ kind: "live" });
});
