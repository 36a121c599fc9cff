import fc from "fast-check";
import { expect, test } from "vitest";
import { FAST_PATH_RULES, type FastPathRules, type HostReserve, type PressedVm, relieve } from "./fast-path.ts";

/** No amounts so small that they have no digits left. */
const amount = fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e3, noNaN: true }));
const anyVm: fc.Arbitrary<PressedVm> = fc
  .record({
    allocation: amount,
    above: amount,
    demand: fc.oneof(amount, fc.constant(Number.NaN)),
    foreseen: fc.oneof(fc.constant(0), amount),
    priority: fc.nat({ max: 2 }),
    mayBurst: fc.boolean(),
  })
  .map(({ above, ...vm }) => ({ ...vm, ceiling: vm.allocation + above }));
const anyVms = fc.array(anyVm, { maxLength: 12 });
const anyReserve: fc.Arbitrary<HostReserve> = fc.record({ free: amount, buffer: amount });
const anyRules: fc.Arbitrary<FastPathRules> = fc.record({
  usedShare: fc.double({ min: 0.5, max: 1, noNaN: true }),
  raiseShare: fc.double({ min: 0, max: 1, noNaN: true }),
  timesMax: fc.double({ min: 1, max: 4, noNaN: true }),
  addMin: fc.double({ min: 0, max: 10, noNaN: true }),
  reserveShareMax: fc.double({ min: 0.1, max: 1, noNaN: true }),
});
const ROUNDING = 1e-9;
const sumOf = (grants: readonly { amount: number }[]) => grants.reduce((sum, grant) => sum + grant.amount, 0);

test("never more than there is, never above a ceiling, nothing for who opted out", () => {
  fc.assert(
    fc.property(anyVms, anyReserve, anyRules, (vms, reserve, rules) => {
      const { grants, fromFree, fromBuffer } = relieve(vms, { reserve, rules });
      const given = sumOf(grants);
      expect(fromFree).toBeLessThanOrEqual(reserve.free);
      expect(fromBuffer).toBeLessThanOrEqual(reserve.buffer);
      expect(Math.abs(given - fromFree - fromBuffer)).toBeLessThanOrEqual(ROUNDING * given);
      if (fromBuffer > 0) expect(fromFree).toBe(reserve.free);
      for (const [index, vm] of vms.entries()) {
        const extra = grants[index]?.amount ?? Number.NaN;
        expect(extra).toBeGreaterThanOrEqual(0);
        expect(vm.allocation + extra).toBeLessThanOrEqual(vm.ceiling * (1 + ROUNDING));
        if (!vm.mayBurst) expect(grants[index]).toEqual({ amount: 0, why: "opted-out" });
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("one event is bounded: it doubles, adds a little, or reaches what was foreseen; and it leaves something to others", () => {
  fc.assert(
    fc.property(anyVms, anyReserve, anyRules, (vms, reserve, rules) => {
      const { grants } = relieve(vms, { reserve, rules });
      const asking = vms.filter((vm, index) => vm.mayBurst && grants[index]?.why !== "at-ceiling").length;
      for (const [index, { allocation, foreseen }] of vms.entries()) {
        const extra = grants[index]?.amount ?? Number.NaN;
        const bound = Math.max(allocation * rules.timesMax, allocation + rules.addMin, foreseen);
        expect(allocation + extra).toBeLessThanOrEqual(bound * (1 + ROUNDING));
        if (asking > 1)
          expect(extra).toBeLessThanOrEqual(rules.reserveShareMax * (reserve.free + reserve.buffer) * (1 + ROUNDING));
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("a larger reserve gives nobody less", () => {
  fc.assert(
    fc.property(anyVms, anyReserve, amount, anyRules, (vms, reserve, more, rules) => {
      const small = relieve(vms, { reserve, rules });
      const large = relieve(vms, { reserve: { ...reserve, buffer: reserve.buffer + more }, rules });
      for (const [index, grant] of small.grants.entries())
        expect(large.grants[index]?.amount).toBeGreaterThanOrEqual(grant.amount * (1 - ROUNDING) - ROUNDING);
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("who went short got no less than any equal, and nobody of a lower plan got anything before it", () => {
  fc.assert(
    fc.property(anyVms, anyReserve, anyRules, (vms, reserve, rules) => {
      const { grants } = relieve(vms, { reserve, rules });
      const all = vms.map(({ priority }, index) => ({
        priority,
        ...(grants[index] ?? { amount: Number.NaN, why: "none" }),
      }));
      const total = reserve.free + reserve.buffer;
      for (const short of all.filter(({ why }) => why === "scarce")) {
        const equals = all.filter(({ priority }) => priority === short.priority);
        const lower = all.filter(({ priority }) => priority < short.priority);
        expect(Math.max(...equals.map((each) => each.amount))).toBeLessThanOrEqual(short.amount * (1 + ROUNDING));
        expect(sumOf(lower)).toBeLessThanOrEqual(ROUNDING * total);
        expect(sumOf(all)).toBeGreaterThanOrEqual(total * (1 - ROUNDING));
      }
    }),
    { seed: 1, numRuns: 1000 },
  );
});

test("works without any forecast and without a sample of demand", () => {
  const vm = { allocation: 2, ceiling: 8, demand: Number.NaN, foreseen: 0, priority: 0, mayBurst: true };
  const decide = (part: Partial<PressedVm>, buffer = 10) =>
    relieve([{ ...vm, ...part }], { reserve: { free: 0, buffer }, rules: FAST_PATH_RULES.cpu }).grants[0];
  expect(decide({})).toEqual({ amount: 0.5, why: "filled" });
  expect(decide({ demand: 2.4 })?.amount).toBeCloseTo(1, 12);
  expect(decide({ demand: 6 })).toEqual({ amount: 2, why: "bounded" });
  expect(decide({ demand: 6, foreseen: 5 })).toEqual({ amount: 3, why: "bounded" });
  expect(decide({ ceiling: 2 })).toEqual({ amount: 0, why: "at-ceiling" });
  expect(decide({ demand: 2.4 }, 0.25)).toEqual({ amount: 0.25, why: "scarce" });
  expect(decide({}, 0)).toEqual({ amount: 0, why: "scarce" });
});

test("the better plan first, and equals alike", () => {
  const vm = { allocation: 1, ceiling: 8, demand: 1.6, foreseen: 0, priority: 0, mayBurst: true };
  const { grants } = relieve([vm, { ...vm, priority: 2 }, vm], {
    reserve: { free: 1, buffer: 0.5 },
    rules: { ...FAST_PATH_RULES.cpu, reserveShareMax: 1 },
  });
  expect(grants.map((grant) => grant.amount)).toEqual([0.25, 1, 0.25]);
  expect(grants.map((grant) => grant.why)).toEqual(["scarce", "filled", "scarce"]);
});
