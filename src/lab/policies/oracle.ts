// Clairvoyance: exactly what the interval will demand. No real policy gets below it.
import type { Policy } from "../policy.ts";

export const oraclePolicy: Policy = {
  name: "oracle",
  title: "Oracle",
  source: "the demand itself, one interval ahead",
  knobMeaning: "none",
  knobs: [1],
  planning: {
    kind: "clairvoyant",
    allocate: (demand, allocations) => {
      allocations[0] = Number.isNaN(demand) ? 0 : demand;
    },
  },
};
