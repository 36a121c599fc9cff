// biome-ignore-all lint/suspicious/noTemplateCurlyInString: lines of other files, word for word
// Ways to break the control plane, each one line of source: what is replaced, by what, and so what it does wrong. Together they
// ask whether the simulation would notice.

/** `find` is one whole line of the file, without its indentation, and stands there exactly once. */
export const MUTATIONS = [
  {
    name: "what grows is sent before what shrinks",
    file: "src/control/loop.ts",
    find: "return [...outcomes, ...grown, ...withheld, ...pool];",
    replace:
      'return [...outcomes, ...grown, ...withheld, ...pool, ...(await doAll(actions.filter(({ phase }) => phase === "shrink").map((each) => ({ ...each, id: `${each.id}+` as ActionId }))))];',
    also: {
      find: 'const outcomes = await doAll(actions.filter(({ phase }) => phase === "shrink"));',
      replace: "const outcomes: ActionOutcome[] = [];",
    },
  },
  {
    name: "a growth is called a shrink",
    file: "src/control/actions.ts",
    find: '...head(stamp, { host, name: nameOf(target), phase: "grow" }),',
    replace: '...head(stamp, { host, name: `${nameOf(target)}+`, phase: "shrink" }),',
  },
  {
    name: "grows go out although a shrink failed",
    file: "src/control/release-grows.ts",
    find: "if (!doubtful.has(action.host)) {",
    replace: "if (action !== undefined) {",
  },
  {
    name: "the base is forgotten",
    file: "src/control/lend.ts",
    find: "const wanted = Math.min(Math.max(cheapest, price.base), terms.ceilings[series] as number);",
    replace: "const wanted = 0.5 * Math.min(cheapest, terms.ceilings[series] as number);",
    also: {
      find: "const wanted = Math.min(Math.max(has, layout.base[series] as number), most);",
      replace: "const wanted = Math.min(has, most);",
    },
  },
  {
    name: "the ceiling is forgotten",
    file: "src/control/lend.ts",
    find: "const wanted = Math.min(Math.max(cheapest, price.base), terms.ceilings[series] as number);",
    replace: "const wanted = Math.max(cheapest, price.base);",
  },
  {
    name: "the fast path forgets the ceiling",
    file: "src/control/relieve-pressed.ts",
    find: "ceiling: terms.ceilings[series] as number,",
    replace: "ceiling: Number.POSITIVE_INFINITY,",
  },
  {
    name: "one lease has two holders",
    file: "src/control/leases.ts",
    find: "return series.flatMap((each): Lease[] => {",
    replace: "return [...series, ...series].flatMap((each): Lease[] => {",
  },
  {
    name: "a lease runs for ever",
    file: "src/control/leases.ts",
    find: "const expiresAt = instant(at + layout.stepMs);",
    replace: "const expiresAt = at;",
  },
  {
    name: "a deadline far away",
    file: "src/control/actions.ts",
    find: "const stamp: Stamp = { name: `${state.tick}`, deadline: instant(state.at + state.layout.stepMs) };",
    replace: "const stamp: Stamp = { name: `${state.tick}`, deadline: instant(state.at + 100 * state.layout.stepMs) };",
  },
  {
    name: "an action is done after its deadline",
    file: "src/lab/simulated-fleet.ts",
    find: 'if (now > action.deadline) return failure("rejected", `Action ${action.id} is past its deadline.`);',
    replace: "",
  },
  {
    name: "ids of actions are used again",
    file: "src/control/actions.ts",
    find: "return { id: `${step}/${name}/${phase}` as ActionId, host, phase, deadline };",
    replace: "return { id: `${step.slice(-1)}/${name}/${phase}` as ActionId, host, phase, deadline };",
  },
  {
    name: "the buffer is counted twice",
    file: "src/control/fit-to-host.ts",
    find: "buffers[place] = frozen ? (buffersBefore[place] as number) : held[resource];",
    replace: "buffers[place] = frozen ? (buffersBefore[place] as number) : 2 * held[resource];",
  },
  {
    name: "a buffer that no shadow VM holds",
    file: "src/control/hold-buffers.ts",
    find: "const held = smaller(vectorAt(buffers, host), room(own));",
    replace: "const held = vectorAt(buffers, host);",
  },
  {
    name: "what shadow VMs need to stay up is forgotten",
    file: "src/control/fit-to-host.ts",
    find: "const room = (layout.capacity[place] as number) - taken;",
    replace: "const room = (layout.capacity[place] as number) + 0 * taken;",
  },
  {
    name: "leases are not cut on a full host",
    file: "src/control/fit-to-host.ts",
    find: "if (!frozen && allocated(state, place) + held[resource] > room) cutTo(state, input, { place, room });",
    replace: "",
  },
  {
    name: "the fast path gives what is lent already",
    file: "src/control/relieve-pressed.ts",
    find: "const reserve = { free: Math.max(freeAtMost(state, { place }), 0), buffer: heldAtLeast(state, stand, place) };",
    replace:
      "const reserve = { free: (state.layout.capacity[place] as number), buffer: heldAtLeast(state, stand, place) };",
  },
  {
    name: "the fast path gives the buffer and keeps it",
    file: "src/control/relieve-pressed.ts",
    find: "buffers[place] = Math.max((buffers[place] as number) - (from[resource] - to[resource]), 0);",
    replace: "buffers[place] = Math.max((buffers[place] as number) - 0 * (from[resource] - to[resource]), 0);",
  },
  {
    name: "meters have a gap",
    file: "src/pricing/meter.ts",
    find: "const hours = (at - meter.readUntil) / HOUR_MS;",
    replace: "const hours = Math.min(at - meter.readUntil, 1.5 * HOUR_MS) / HOUR_MS;",
  },
  {
    name: "meters overlap",
    file: "src/pricing/meter.ts",
    find: "meter.readUntil = at;",
    replace: "meter.readUntil = (at - 1) as Instant;",
  },
  {
    name: "the fast path is not metered",
    file: "src/control/relieve-pressed.ts",
    find: "readMeter(state.meters.allocated, state.allocations, now);",
    replace: "",
  },
  {
    name: "charged is what was decided, not what was there",
    file: "src/control/step.ts",
    find: "if (input.inForce) adopt(state, input.inForce, now);",
    replace: "if (input.inForce && now < 0) adopt(state, input.inForce, now);",
  },
  {
    name: "a set-point that failed is believed",
    file: "src/control/reconcile.ts",
    find: "state.allocations[series] = found;",
    replace: "",
  },
  {
    name: "shadow VMs are never retired",
    file: "src/control/hold-buffers.ts",
    find: "const spareVm = size.retire > 0 ? spareOne(own) : undefined;",
    replace: "const spareVm = size.retire > 99 ? spareOne(own) : undefined;",
  },
  {
    name: "a shadow VM is booted under an old name",
    file: "src/control/hold-buffers.ts",
    find: 'const shadowVm = `shadow-${id}-${tick}${index > 0 ? `-${index + 1}` : ""}` as ShadowVmId;',
    replace: "const shadowVm = `shadow-${id}-${index}` as ShadowVmId;",
    also: {
      find: "happen(pool, { id: shadowVm, host: id }, { event: `${kind}-asked`, now }),",
      replace: 'happen(pool, { id: shadowVm, host: id }, { event: `${kind}-asked`, now }) || kind === "boot",',
    },
  },
  {
    name: "a machine that still boots is counted on",
    file: "src/shaping/shadow-pool.ts",
    find: 'state === "idle" || state === "ready" || state === "lending" || state === "scaling-up" || state === "scaling-down"',
    replace: 'state !== "failed"',
  },
  {
    name: "the budget is ignored",
    file: "src/shaping/change-budget.ts",
    find: "return gaining.slice(0, budget);",
    replace: "return gaining;",
  },
  {
    name: "capacity is taken from whom nobody sees",
    file: "src/shaping/downgrade.ts",
    find: 'if (Number.isNaN(usage)) return "no-sample";',
    replace: "",
    also: {
      find: "const amount = Math.max(wanted, lease.amount - stepFrom(lease.amount, rules), keptByUse(input));",
      replace: "const amount = Math.max(wanted, lease.amount - stepFrom(lease.amount, rules));",
    },
  },
  {
    name: "memory is taken in one go",
    file: "src/shaping/downgrade.ts",
    find: "return Math.min(Math.max(amount * stepShare, stepMin), stepMax);",
    replace: "return Math.max(amount, stepShare, stepMin, stepMax);",
  },
  {
    name: "memory is taken that a guest uses",
    file: "src/shaping/downgrade.ts",
    find: "return usage > 0 ? usage + Math.max(usage * rules.marginShare, rules.marginMin) : 0;",
    replace: "return 0 * usage * rules.marginMin;",
    also: { find: 'if (pressed) return "pressed";', replace: "" },
  },
  {
    name: "who opted out is lent to",
    file: "src/control/lend.ts",
    find: "if (terms.consent[series] === CONSENT.leaving) return endLease(state, input, series);",
    replace: "",
  },
  {
    name: "who has left is touched",
    file: "src/control/lend.ts",
    find: "if (terms.consent[series] === CONSENT.left || (hands.until[series] as number) > input.now) return undefined;",
    replace: "if ((hands.until[series] as number) > input.now) return undefined;",
  },
  {
    name: "the fast path gives to who opted out",
    file: "src/control/service-terms.ts",
    find: "return terms.consent[series] === CONSENT.shaped && PLAN_TERMS[planOf(terms, vm)].bursts;",
    replace: "return PLAN_TERMS[planOf(terms, vm)].bursts;",
  },
  {
    name: "the kill switch does nothing",
    file: "src/shaping/guardrails.ts",
    find: 'if (killSwitch) return no("kill-switch", "The kill switch is on: everything stays as it is.");',
    replace: "",
  },
  {
    name: "blackouts are ignored",
    file: "src/shaping/guardrails.ts",
    find: 'if (blackout !== undefined && forbids(blackout, change)) return no("blackout", `Hands off: ${blackout.reason}.`);',
    replace: "",
  },
  {
    name: "a hand is not respected",
    file: "src/control/reconcile.ts",
    find: "until[series] = now + HANDS_OFF_MS;",
    replace: "until[series] = now;",
  },
  {
    name: "nothing is recorded of what is taken",
    file: "src/control/records.ts",
    find: "if (change.from !== change.to)",
    replace: "if (change.from < change.to)",
  },
  {
    name: "relief is not recorded",
    file: "src/control/relieve-pressed.ts",
    find: "return { state, actions, records };",
    replace: "return { state, actions, records: [] };",
  },
  {
    name: "a snapshot forgets hands",
    file: "src/control/snapshot.ts",
    find: 'const LEFT_OUT: readonly string[] = ["layout", "inference"];',
    replace: 'const LEFT_OUT: readonly string[] = ["layout", "inference", "hands"];',
  },
  {
    name: "a snapshot is no copy",
    file: "src/control/snapshot.ts",
    find: "if (ArrayBuffer.isView(value)) return (value as Float64Array).slice();",
    replace: "if (ArrayBuffer.isView(value)) return value;",
  },
  {
    name: "equal runs differ",
    file: "src/shaping/change-budget.ts",
    find: "return right.gain - left.gain || left.series - right.series;",
    replace: "return Math.random() < 0.5 ? 1 : -1;",
  },
];
