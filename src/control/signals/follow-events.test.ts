import { expect, test } from "vitest";
import type { ExternalEvent } from "../../model/event.ts";
import type { CustomerId, HostId, PoolId, Vm, VmId, Workload, WorkloadId } from "../../model/fleet.ts";
import { NOTHING } from "../../model/resources.ts";
import { HOUR_MS, type Instant, instant, MINUTE_MS } from "../../model/time.ts";
import { meanFactor } from "../../signals/tell-event.ts";
import { layOut } from "../cell-layout.ts";
import { campaign, OURS, START, STEP_MS } from "./announced-world.arbitrary.ts";
import { createCellSignals } from "./cell-signals.ts";
import { followEvents, touchedWorkloads } from "./follow-events.ts";

const workloads = ["ours-web", "theirs-web", "ours-cache"].map((id): Workload => {
  return { id: id as WorkloadId, customer: id.split("-")[0] as CustomerId, class: "web" };
});
const vms = workloads.map((workload): Vm => {
  return {
    id: `${workload.id}-1` as VmId,
    workload: workload.id,
    host: "host" as HostId,
    base: NOTHING,
    ceiling: NOTHING,
  };
});
const host = { id: "host" as HostId, pool: "shared" as PoolId, capacity: NOTHING };
const layout = layOut(
  { hosts: [host], vms, workloads },
  { stepMs: STEP_MS, shadowVm: { minimum: NOTHING, ceiling: NOTHING } },
);

/** Looks at what is declared at each of some instants, one after the other. */
function follow(looks: readonly { readonly at: Instant; readonly events: readonly ExternalEvent[] }[]) {
  const signals = createCellSignals(layout);
  return looks.map(({ at, events }) => {
    signals.declared = { ...signals.declared, events };
    followEvents(signals, { layout, at });
    return {
      followed: signals.followed,
      touched: touchedWorkloads(signals, { layout, from: at - STEP_MS, to: at + STEP_MS }),
    };
  });
}

const at = (hours: number) => instant(START + hours * HOUR_MS);
const sale = campaign({ days: 1, hours: 4 }, { declaredUplift: 2 });

test("an event touches the workloads of its customers, from 3 h before it on", () => {
  const everybody = { ...sale, id: "all" };
  const looks = [20, 21, 24, 39, 41].map((hours) => ({ at: at(hours), events: [sale] }));
  expect(follow(looks).map(({ touched }) => touched.map(({ workload }) => workload))).toEqual([
    [],
    [0, 2],
    [0, 2],
    [0, 2],
    [],
  ]);
  const { customers: _, ...open } = everybody;
  expect(follow([{ at: at(24), events: [open] }])[0]?.touched).toHaveLength(3);
  expect(OURS).toBe("ours");
});

test("an event counts for whole ticks", () => {
  const odd = { ...sale, start: instant(sale.start + 4 * MINUTE_MS), end: instant(sale.end + 4 * MINUTE_MS) };
  const [seen] = follow([{ at: at(20), events: [odd] }]);
  expect(seen?.followed.map(({ event }) => [event.start, event.end])).toEqual([[sale.start, sale.end + STEP_MS]]);
});

const factorIn = ({ touched }: ReturnType<typeof follow>[number]) => {
  const effect = touched[0]?.events[0]?.[0]?.effect;
  return effect === undefined ? Number.NaN : meanFactor(effect);
};

test("what it is taken to do is open until it acts, and stands from then on; its times follow", () => {
  const louder = { ...sale, declaredUplift: 8 };
  const [early, begun, later] = follow([
    { at: at(10), events: [sale] },
    { at: at(21.5), events: [louder] },
    { at: at(25), events: [{ ...sale, end: at(40) }] },
  ]);
  expect(early?.touched).toEqual([]);
  expect(begun && factorIn(begun)).toBeGreaterThan(4);
  expect(later && factorIn(later)).toBe(begun && factorIn(begun));
  expect(later?.followed[0]?.event.end).toBe(at(40));
});

test("an event that is withdrawn, or not announced yet, is not in sight", () => {
  const secret = { ...sale, announced: at(23) };
  const seen = follow([
    { at: at(22), events: [secret] },
    { at: at(23), events: [secret] },
    { at: at(24), events: [] },
  ]);
  expect(seen.map(({ followed }) => followed.length)).toEqual([0, 1, 0]);
});
