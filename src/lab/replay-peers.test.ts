import { expect, test } from "vitest";
import { type HostCase, hostsOf } from "./host-case.ts";
import { PEER_POLICIES } from "./policies/all-peers.ts";
import type { CausalPlanning, Policy } from "./policy.ts";
import { replayPeer } from "./replay-peers.ts";
import { cpuTrace, seededTrace } from "./small-trace.arbitrary.ts";

const probe = (start: CausalPlanning["start"]): Policy => ({
  name: "reactive",
  title: "Probe",
  source: "this test",
  knobMeaning: "none",
  knobs: [1, 2],
  planning: { kind: "causal", start },
});

function onlyHost(demand: readonly (readonly number[])[]): HostCase {
  const [host] = hostsOf(cpuTrace(demand), 50);
  if (host === undefined) throw new Error("VMs fill a host");
  return host;
}

test("a planner observes every tick once, and decides on a scored tick before it observes that tick", () => {
  const calls: string[] = [];
  const policy = probe(() => ({
    decide: (allocations) => {
      calls.push("decide");
      allocations.fill(1);
    },
    observe: (demand) => calls.push(`observe ${demand}`),
  }));
  replayPeer(onlyHost([[1, 2, 3, Number.NaN]]), "cpu", policy);
  expect(calls).toEqual(["observe 1", "observe 2", "decide", "observe 3", "decide", "observe NaN"]);
});

test("a wish below the base is raised to it, each knob has its own sheet, and there is no buffer", () => {
  const policy = probe(() => ({
    decide: (allocations) => allocations.set([0, 10]),
    observe: () => {},
  }));
  const [low, high] = replayPeer(onlyHost([[2, 2, 2, 5]]), "cpu", policy);
  expect([low?.reserved, low?.unserved, low?.vmViolations[0]]).toEqual([4, 3, 1]);
  expect([high?.reserved, high?.unserved, high?.vmViolations[0]]).toEqual([20, 0, 0]);
  expect([low?.late, high?.late]).toEqual([0, 0]);
});

const trace = seededTrace({ seed: 5, vms: 3, days: 4, stepMinutes: 30 });

/** Everything that a policy decides for one host, tick by tick. */
function decisionsOf(host: HostCase, policy: Policy): number[][] {
  const { planning } = policy;
  if (planning.kind === "clairvoyant") throw new Error("a clairvoyant decides nothing beforehand");
  const decided: number[][] = [];
  const start: CausalPlanning["start"] = (context) => {
    const planner = planning.start(context);
    return {
      decide: (allocations) => {
        planner.decide(allocations);
        decided.push([...allocations]);
      },
      observe: planner.observe,
    };
  };
  replayPeer(host, "cpu", { ...policy, planning: { kind: "causal", start } });
  return decided;
}

test.each(
  PEER_POLICIES.filter(({ planning }) => planning.kind === "causal").map((policy) => [policy.name, policy] as const),
)("%s: what comes later changes nothing that was decided before", (_, policy) => {
  const [host] = hostsOf(trace, 50);
  if (host === undefined) throw new Error("VMs fill a host");
  const changedFrom = host.firstScored + 40;
  const demand = host.demand.map((values) =>
    values?.map((value, tick) => (tick < changedFrom ? value : 7 * value + 1)),
  );
  const decidedUntil = (changedFrom + 1 - host.firstScored) * host.vmNames.length;
  const known = decisionsOf(host, policy);
  const changed = decisionsOf({ ...host, demand }, policy);
  expect(changed.slice(0, decidedUntil)).toEqual(known.slice(0, decidedUntil));
  if (policy.name !== "static") expect(changed).not.toEqual(known);
});

test("the oracle reserves the base or exactly what is asked for, and nobody goes short", () => {
  const oracle = PEER_POLICIES.find(({ name }) => name === "oracle");
  if (oracle === undefined) throw new Error("the oracle is a peer");
  const [sheet] = replayPeer(onlyHost([[4, 4, 1, 9]]), "cpu", oracle);
  expect([sheet?.reserved, sheet?.unserved]).toEqual([13, 0]);
});
