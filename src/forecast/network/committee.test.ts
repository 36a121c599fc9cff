import { expect, test } from "vitest";
import { openKernelCommittee } from "./committee.ts";
import { openKernelInference } from "./kernel-inference.ts";
import { distance, SMALL_SHAPE, someParameters, someRequest } from "./network.arbitrary.ts";

const members = [1, 2, 3].map((seed) => someParameters(SMALL_SHAPE, seed));
const alone = members.map((parameters) => openKernelInference({ shape: SMALL_SHAPE, parameters }));
const size = { steps: 3, windows: 70 };

test("a committee says the mean of what its members say, each going on from its own state", () => {
  const committee = openKernelCommittee({ shape: SMALL_SHAPE, members });
  expect(committee.stateSize).toBe(3 * SMALL_SHAPE.hidden);
  const requests = [4, 5, 6].map((seed) => someRequest(SMALL_SHAPE, size, seed));
  let state: ReturnType<typeof committee.infer>["state"] | undefined;
  const states = alone.map((): typeof state => undefined);
  for (const request of requests) {
    const said = committee.infer({ ...request, ...(state && { state }) });
    state = said.state;
    const each = alone.map((one, member) => {
      const own = states[member];
      const answer = one.infer({ ...request, ...(own && { state: own }) });
      states[member] = answer.state;
      return answer.quantiles;
    });
    for (const [question, quantiles] of said.quantiles.entries())
      for (const [at, value] of quantiles.entries()) {
        const mean = each.reduce((sum, rows) => sum + (rows[question]?.[at] ?? Number.NaN), 0) / each.length;
        expect(Math.abs(value - mean)).toBeLessThan(1e-5);
      }
  }
});

test("a committee of one is that network, to the bit", () => {
  const [parameters] = members;
  const [one] = alone;
  if (parameters === undefined || one === undefined) throw new Error("three members");
  const request = someRequest(SMALL_SHAPE, size, 7);
  const committee = openKernelCommittee({ shape: SMALL_SHAPE, members: [parameters] });
  expect(distance(committee.infer(request), one.infer(request))).toBe(0);
});
