// Ways to break the control plane, each one line of source: what is replaced, by what, and what that would mean. Together they
// ask whether the simulation would notice.

/** `find` must be one whole line of the file, without its indentation, exactly once. */
export const MUTATIONS = [
  {
    name: "grow before shrink",
    file: "src/control/actions.ts",
    find: "for (const resize of resizes) yield* shrinking(state, resize);",
    replace: "for (const resize of resizes) { yield* growing(state, resize); yield* shrinking(state, resize); }",
  },
  {
    name: "send what grows first",
    file: "src/control/loop.ts",
    find: "for (const phase of ACTION_PHASES) {",
    replace: "for (const phase of [...ACTION_PHASES].reverse()) {",
  },
  {
    name: "call a growth a shrink",
    file: "src/control/actions.ts",
    find: '...head(state, { host, name: nameOf(target), phase: "grow" }),',
    replace: '...head(state, { host, name: `${nameOf(target)}+`, phase: "shrink" }),',
  },
  {
    name: "forget the base",
    file: "src/control/lend.ts",
    find: "return Math.min(Math.max(amount, base[series] as number), ceiling[series] as number);",
    replace: "return Math.min(amount, ceiling[series] as number);",
  },
  {
    name: "forget the ceiling",
    file: "src/control/lend.ts",
    find: "return Math.min(Math.max(amount, base[series] as number), ceiling[series] as number);",
    replace: "return Math.max(amount, base[series] as number);",
  },
  {
    name: "lend to two at once",
    file: "src/control/leases.ts",
    find: "return series.flatMap((each): Lease[] => {",
    replace: "return [...series, ...series.slice(0, 1)].flatMap((each): Lease[] => {",
  },
  {
    name: "drop the deadline",
    file: "src/control/actions.ts",
    find: "return { id, host, phase, deadline: instant(state.at + state.layout.stepMs) };",
    replace: "return { id, host, phase, deadline: instant(state.at + 100 * state.layout.stepMs) };",
  },
  {
    name: "act after the deadline",
    file: "src/lab/simulated-fleet.ts",
    find: "if (now > action.deadline) return failure(\"rejected\", `Action ${action.id} is past its deadline.`);",
    replace: "",
  },
  {
    name: "reuse the ids of actions",
    file: "src/control/actions.ts",
    find: "const id = `${state.tick}/${name}/${phase}` as ActionId;",
    replace: "const id = `${name}/${phase}` as ActionId;",
  },
  {
    name: "count the buffer twice",
    file: "src/control/hold-buffers.ts",
    find: "buffers[place] = granted.buffer;",
    replace: "buffers[place] = 2 * granted.buffer;",
  },
  {
    name: "a buffer that nobody holds",
    file: "src/control/hold-buffers.ts",
    find: "const spare = fitToHost(state, { index, held: smaller(wanted, room(own)), own });",
    replace: "const spare = fitToHost(state, { index, held: wanted, own });",
  },
  {
    name: "forget what shadow VMs need to stay up",
    file: "src/control/hold-buffers.ts",
    find: "const fixed = sums.base + minimums;",
    replace: "const fixed = sums.base;",
  },
  {
    name: "never cut leases on a full host",
    file: "src/control/hold-buffers.ts",
    find: "if (granted.leaseShare < 1) cutLeases(state, { host: index, offset, share: granted.leaseShare });",
    replace: "",
  },
  {
    name: "a gap in the meters",
    file: "src/pricing/meter.ts",
    find: "meter.unitHours[index] = (meter.unitHours[index] as number) + (amounts[index] as number) * hours;",
    replace:
      "if (hours < 1.5 * 5 / 60) meter.unitHours[index] = (meter.unitHours[index] as number) + (amounts[index] as number) * hours;",
  },
  {
    name: "an overlap in the meters",
    file: "src/pricing/meter.ts",
    find: "meter.readUntil = at;",
    replace: "meter.readUntil = (at - 1000) as Instant;",
  },
  {
    name: "charge what was decided, not what was there",
    file: "src/control/step.ts",
    find: "if (input.inForce) adopt(state, input.inForce);",
    replace: "",
  },
  {
    name: "charge for what was never seen to be used",
    file: "src/control/account.ts",
    find: "demand.map((used, series) => (Number.isNaN(used) ? 0 : Math.min(used, allocations[series] as number))),",
    replace: "demand.map((used, series) => (Number.isNaN(used) ? allocations[series] as number : Math.min(used, allocations[series] as number))),",
  },
  {
    name: "never retire a shadow VM",
    file: "src/shaping/shadow-pool.ts",
    find: "const spare = without.length > 0 && !coming && usedShare(peak, without) < FULL / 2;",
    replace: "const spare = false;",
  },
  {
    name: "boot without end",
    file: "src/shaping/shadow-pool.ts",
    find: 'return fits && !coming && live.length < SHADOW_VMS_PER_HOST_MAX ? { kind: "boot" } : { kind: "none" };',
    replace: 'return { kind: "boot" };',
  },
  {
    name: "boot under an old name",
    file: "src/control/actions.ts",
    find: "const shadowVm = `shadow-${host}-${state.tick}` as ShadowVmId;",
    replace: "const shadowVm = `shadow-${host}-${state.tick % 50}` as ShadowVmId;",
  },
  {
    name: "count on a machine that still boots",
    file: "src/shaping/shadow-pool.ts",
    find: 'state === "idle" || state === "ready" || state === "lending" || state === "scaling-up" || state === "scaling-down"',
    replace: 'state !== "failed"',
  },
  {
    name: "ignore the budget",
    file: "src/shaping/change-budget.ts",
    find: "return gaining.slice(0, budget);",
    replace: "return gaining;",
  },
  {
    name: "take from whom nobody sees",
    file: "src/control/lend.ts",
    find: "const held = Number.isNaN(input.demand[series] as number) && kept > amount;",
    replace: "const held = false;",
  },
  {
    name: "forget to write records of what is taken",
    file: "src/control/records.ts",
    find: "if (change.from !== change.to)",
    replace: "if (change.from < change.to)",
  },
  {
    name: "believe what was decided over what is there",
    file: "src/control/reconcile.ts",
    find: "if (!Number.isNaN(amount)) remembered[index] = amount;",
    replace: "if (!Number.isNaN(amount) && amount > (remembered[index] as number)) remembered[index] = amount;",
  },
  {
    name: "act on a forecast that is no number",
    file: "src/control/lend.ts",
    find: "if (Number.isNaN(terms.quantiles[terms.at] as number)) continue;",
    replace: "",
  },
];
