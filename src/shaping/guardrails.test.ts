import fc from "fast-check";
import { expect, test } from "vitest";
import type { Blackout, BlackoutScope } from "../model/blackout.ts";
import type { CellId, CustomerId, HostId } from "../model/fleet.ts";
import { instant } from "../model/time.ts";
import { type Guardrails, MODES, mayChange, type WishedChange } from "./guardrails.ts";

const cell = "cell-1" as CellId;
const host = "host-1" as HostId;
const customer = "acme" as CustomerId;
const now = instant(1000);

const wish: WishedChange = {
  subject: { cell, host, customer },
  direction: "more",
  cause: "plan",
  optedIn: true,
  budgetLeft: 1,
};
const open: Guardrails = {
  killSwitch: false,
  modes: { cell: "act", customers: new Map([[customer, "act"]]) },
  blackouts: [],
};
const decide = (change: Partial<WishedChange>, guardrails: Partial<Guardrails> = {}) => {
  const permission = mayChange({ ...wish, ...change }, { guardrails: { ...open, ...guardrails }, now });
  return permission.kind === "yes" ? "yes" : permission.why;
};

const anyScope: fc.Arbitrary<BlackoutScope> = fc.constantFrom(
  { kind: "everywhere" },
  { kind: "cell", cell },
  { kind: "cell", cell: "cell-2" as CellId },
  { kind: "host", host },
  { kind: "customer", customer },
  { kind: "customer", customer: "other" as CustomerId },
);
const anyBlackout: fc.Arbitrary<Blackout> = fc.record({
  start: fc.integer({ min: 0, max: 2000 }).map(instant),
  end: fc.integer({ min: 0, max: 2000 }).map(instant),
  scope: anyScope,
  forbids: fc.constantFrom("taking-back", "any-change"),
  reason: fc.constant("a reason"),
});
const anyWish: fc.Arbitrary<WishedChange> = fc.record({
  subject: fc.constantFrom({ cell, host, customer }, { cell, host }),
  direction: fc.constantFrom("more", "less"),
  cause: fc.constantFrom("plan", "relief", "contract"),
  optedIn: fc.boolean(),
  budgetLeft: fc.nat({ max: 2 }),
});
const anyGuardrails: fc.Arbitrary<Guardrails> = fc.record({
  killSwitch: fc.boolean(),
  modes: fc.record({
    cell: fc.constantFrom(...MODES),
    customers: fc.option(fc.constantFrom(...MODES)).map((mode) => new Map(mode === null ? [] : [[customer, mode]])),
  }),
  blackouts: fc.array(anyBlackout, { maxLength: 3 }),
});

test("whatever else holds: no action with the kill switch on, in observe mode, or for who opted out but to drain", () => {
  fc.assert(
    fc.property(anyWish, anyGuardrails, (change, guardrails) => {
      if (mayChange(change, { guardrails, now }).kind === "no") return;
      expect(guardrails.killSwitch).toBe(false);
      expect(guardrails.modes.cell).toBe("act");
      if (change.subject.customer !== undefined) expect(guardrails.modes.customers.get(customer)).toBe("act");
      if (!change.optedIn) expect(change.cause).toBe("contract");
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("one more blackout never allows what was forbidden, nor a smaller budget", () => {
  fc.assert(
    fc.property(anyWish, anyGuardrails, anyBlackout, (change, guardrails, blackout) => {
      const more = { ...guardrails, blackouts: [...guardrails.blackouts, blackout] };
      if (mayChange(change, { guardrails, now }).kind === "yes") return;
      expect(mayChange(change, { guardrails: more, now }).kind).toBe("no");
      expect(mayChange({ ...change, budgetLeft: 0 }, { guardrails, now }).kind).toBe("no");
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test("a customer nobody named is observed, a shadow VM of nobody is not asked for consent", () => {
  expect(decide({})).toBe("yes");
  expect(decide({}, { modes: { cell: "act", customers: new Map() } })).toBe("observe-customer");
  expect(decide({ subject: { cell, host } }, { modes: { cell: "act", customers: new Map() } })).toBe("yes");
});

const blackout: Blackout = {
  start: instant(500),
  end: instant(1001),
  scope: { kind: "customer", customer },
  forbids: "taking-back",
  reason: "Black Friday",
};

test("a blackout of taking back lets more be given; one of any change not even that; its end is exclusive", () => {
  expect(decide({ direction: "less" }, { blackouts: [blackout] })).toBe("blackout");
  expect(decide({ direction: "more" }, { blackouts: [blackout] })).toBe("yes");
  expect(decide({ direction: "more" }, { blackouts: [blackout, { ...blackout, forbids: "any-change" }] })).toBe(
    "blackout",
  );
  expect(decide({ direction: "less" }, { blackouts: [{ ...blackout, end: now }] })).toBe("yes");
  expect(decide({ direction: "less" }, { blackouts: [{ ...blackout, start: instant(1001) }] })).toBe("yes");
  const other = { kind: "host", host: "host-2" as HostId } as const;
  expect(decide({ direction: "less" }, { blackouts: [{ ...blackout, scope: other }] })).toBe("yes");
  const permission = mayChange({ ...wish, direction: "less" }, { guardrails: { ...open, blackouts: [blackout] }, now });
  expect(permission).toMatchObject({ sentence: "Hands off: Black Friday." });
});

test("relief and contract need no budget; an opt-out is still drained", () => {
  expect(decide({ budgetLeft: 0 })).toBe("budget");
  expect(decide({ budgetLeft: 0, cause: "relief" })).toBe("yes");
  expect(decide({ budgetLeft: 0, cause: "contract", direction: "less", optedIn: false })).toBe("yes");
  expect(decide({ optedIn: false, cause: "relief" })).toBe("opted-out");
});
