// What can go wrong in a simulation. Each kind by itself; a run draws some of them, and shrinking takes them away again.

export const FAULT_KINDS = [
  /** Of telemetry: a sample never comes, comes ticks later, comes twice, or says what no machine can do. */
  "lost-sample",
  "late-sample",
  "duplicate-sample",
  "absurd-sample",
  /** Nothing is seen of the whole cell. */
  "blind",
  /** Of the actuator: nothing is done, and it says so. */
  "actuator-error",
  /** It does what was asked, and says that it failed: its answer came too late. */
  "time-out",
  /** It does a part of what was asked, and says that it failed. */
  "partial",
  /** It does nothing, and says that it is done. */
  "liar",
  /** It says that it failed, and what was asked arrives minutes later, behind newer set-points or past its deadline. */
  "late-action",
  /** Each action takes up to half a minute. */
  "slow-action",
  /** A boot that never ends. */
  "hung-boot",
  /** A host that does not answer for some ticks, while what runs there goes on. */
  "host-loss",
  /** Somebody else resizes a VM. */
  "other-hands",
  /** The clock leaps over some ticks. */
  "clock-jump",
  /** The process dies between any two writes, and what it remembered is gone. */
  "crash",
  /** Forecasts are replaced by zeros, by huge ones, by a constant, by NaN. */
  "bad-model",
  /** Customers opt out and in again, resource by resource, and change their plans. */
  "changed-mind",
  /** Kill switch, blackouts, and customers who are only observed, all for some ticks. */
  "guardrails",
  /** Announced events that never come, or are told wrong beyond measure. */
  "wrong-event",
  /** Customers switch VMs off for some ticks, and on again. */
  "switched-off",
  /** Workloads ask for whole shadow VMs and give them back; their load balancers answer, late, or not at all. */
  "hand-over",
  /** VMs and hosts are taken away for some ticks, and made again. */
  "comings",
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** For each thing that it can happen to, and each tick. */
export const FAULT_RATES: Readonly<Record<FaultKind, number>> = {
  "lost-sample": 0.05,
  "late-sample": 0.04,
  "duplicate-sample": 0.04,
  "absurd-sample": 0.03,
  blind: 0.03,
  "actuator-error": 0.06,
  "time-out": 0.05,
  partial: 0.05,
  liar: 0.05,
  "late-action": 0.05,
  "slow-action": 0.1,
  "hung-boot": 0.3,
  "host-loss": 0.01,
  "other-hands": 0.01,
  "clock-jump": 0.015,
  crash: 0.04,
  "bad-model": 0.02,
  "changed-mind": 0.04,
  guardrails: 0.015,
  "wrong-event": 1,
  "switched-off": 0.004,
  "hand-over": 0.03,
  comings: 0.008,
};
