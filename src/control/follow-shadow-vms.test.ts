import { expect, test } from "vitest";
import type { ShadowVm, ShadowVmId, ShadowVmState } from "../model/shadow-vm.ts";
import { instant, MINUTE_MS } from "../model/time.ts";
import { type CellState, pooledPromise } from "./cell-state.ts";
import { followShadowVms, happen } from "./follow-shadow-vms.ts";
import { startCell } from "./loop.ts";
import { hostId, layoutOf, readyShadowVm, START } from "./small-cell.arbitrary.ts";

const host = hostId(0);
const id = "shadow-1" as ShadowVmId;
const at = (minutes: number) => instant(START + minutes * MINUTE_MS);

function newState(): CellState {
  const layout = {
    ...layoutOf({ capacities: [2], vms: [{ host: 0, base: 0.1, ceiling: 0.5 }] }),
    stepMs: 5 * MINUTE_MS,
  };
  return startCell({ layout, promise: pooledPromise(0.99), at: START }).state;
}

function look(state: CellState, given: { minutes: number; as?: ShadowVmState; silent?: boolean }) {
  const seen: ShadowVm[] = given.as ? [{ ...readyShadowVm(id, host), state: given.as }] : [];
  const orders = followShadowVms(state, {
    shadowVms: seen,
    silent: new Set(given.silent ? [host] : []),
    now: at(given.minutes),
  });
  return { orders, stage: state.pool.lives.get(id)?.stage };
}

const asked = (state: CellState, event: "boot-asked" | "retire-asked", minutes: number) =>
  happen(state.pool, { id, host }, { event, now: at(minutes) });

test("a boot that was asked for is coming before its host shows it, and how long it took is remembered", () => {
  const state = newState();
  asked(state, "boot-asked", 0);
  expect(look(state, { minutes: 5 }).stage).toBe("requested");
  expect(look(state, { minutes: 6, as: "booting" }).stage).toBe("booting");
  expect(look(state, { minutes: 8, as: "idle" }).stage).toBe("idle");
  expect(state.pool.bootTimes).toEqual([8 * MINUTE_MS]);
  expect(look(state, { minutes: 9, as: "ready" }).stage).toBe("ready");
  expect(state.pool.bootTimes).toHaveLength(1);
});

test("a boot that hangs fails, is removed, and forgotten once it is gone", () => {
  const state = newState();
  asked(state, "boot-asked", 0);
  look(state, { minutes: 1, as: "booting" });
  const { orders } = look(state, { minutes: 12, as: "booting" });
  expect(orders).toEqual([{ kind: "retire", host, shadowVm: id, why: "failed" }]);
  expect(state.shadowVms.map((vm) => vm.state)).toEqual(["failed"]);
  expect(look(state, { minutes: 13 }).stage).toBeUndefined();
});

test("what was told to go holds nothing any more, even while its host still shows it up; told again if it stays", () => {
  const state = newState();
  expect(look(state, { minutes: 0, as: "ready" }).stage).toBe("ready");
  asked(state, "retire-asked", 1);
  expect(look(state, { minutes: 5, as: "ready" }).orders).toEqual([]);
  expect(state.shadowVms.map((vm) => vm.state)).toEqual(["retiring"]);
  expect(look(state, { minutes: 15, as: "ready" }).orders).toMatchObject([{ kind: "retire", shadowVm: id }]);
});

test("of a host that does not answer nothing is concluded", () => {
  const state = newState();
  look(state, { minutes: 0, as: "ready" });
  expect(look(state, { minutes: 60, silent: true }).stage).toBe("ready");
  expect(look(state, { minutes: 65 }).stage).toBeUndefined();
});

test("a machine of ours that nobody remembers is taken on as it is", () => {
  const state = newState();
  expect(look(state, { minutes: 0, as: "ready" }).stage).toBe("ready");
  expect(state.pool.bootTimes).toEqual([]);
});
