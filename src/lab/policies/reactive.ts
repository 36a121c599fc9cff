// Target tracking as clouds and Kubernetes do it: size for what was just seen, and take back only what nobody wished
// for lately.
import type { Policy } from "../policy.ts";
import { maximumPlanner, type WindowTimesFactor } from "./maximum-planner.ts";

/**
 * Each sample wishes for sample / target utilisation; the allocation is the largest wish of the scale-in stabilisation
 * window. A path through both settings, chosen to be near the best pair at every share of violations: the window widens
 * to 1 h at full utilisation, then the utilisation falls while it widens to 2 h, then it widens on. The first rung is
 * plain tracking of the last sample. Left out: the HorizontalPodAutoscaler's tolerance of 10 % and a cooldown after
 * scaling out, which could only leave demand short for longer.
 */
const RUNGS: readonly WindowTimesFactor[] = [
  { hours: 1 / 12, factor: 1 },
  { hours: 1 / 6, factor: 1 },
  { hours: 1 / 4, factor: 1 },
  { hours: 1 / 2, factor: 1 },
  { hours: 1, factor: 1 },
  { hours: 1, factor: 1.1 },
  { hours: 2, factor: 1.1 },
  { hours: 2, factor: 1.2 },
  { hours: 2, factor: 1.3 },
  { hours: 2, factor: 1.45 },
  { hours: 2, factor: 1.6 },
  { hours: 3, factor: 1.6 },
  { hours: 4, factor: 1.6 },
  { hours: 6, factor: 1.6 },
  { hours: 8, factor: 1.6 },
  { hours: 12, factor: 1.6 },
  { hours: 24, factor: 1.6 },
  { hours: 24, factor: 2 },
  { hours: 24, factor: 3 },
];

export const reactivePolicy: Policy = {
  name: "reactive",
  title: "Target tracking",
  source:
    "AWS EC2 Auto Scaling, target tracking policies; Kubernetes HorizontalPodAutoscaler, scale-down stabilization window",
  knobMeaning:
    "rung: 1-5 stabilisation window of 5, 10, 15, 30 min, 1 h at 100 % target utilisation; 6-11 of 1, 2 h at 1/1.1 to 1/1.6; 12-17 of 3 to 24 h at 1/1.6; 18-19 of 24 h at 1/2, 1/3",
  knobs: RUNGS.map((_, index) => index + 1),
  planning: { kind: "causal", start: (context) => maximumPlanner(RUNGS, context) },
};
