// What most fleets do today: every VM keeps the size it was ordered with.
import type { Policy } from "../policy.ts";

const KNOBS = [0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.2, 1.5, 2] as const;

export const staticPolicy: Policy = {
  name: "static",
  title: "Fixed size",
  source: "the provisioned size of each VM; where a trace has none, 1.5 x the largest demand of its training half",
  knobMeaning: "share of the fixed size",
  knobs: KNOBS,
  planning: {
    kind: "causal",
    start: ({ fixedSize }) => {
      const sizes = Float64Array.from(KNOBS, (share) => share * fixedSize);
      return { decide: (allocations) => allocations.set(sizes), observe: () => {} };
    },
  },
};
