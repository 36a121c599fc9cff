import fc from "fast-check";
import { expect, test } from "vitest";
import type { CustomerId } from "./fleet.ts";
import { levelIndex } from "./forecast.ts";
import { anyVector } from "./resources.arbitrary.ts";
import { fits, larger, RESOURCES } from "./resources.ts";
import { ceilingOf, isOptedIn, optedOut, PLAN_TERMS, SERVICE_PLANS, type ServiceContract } from "./service-plan.ts";

const customer = "acme" as CustomerId;
const anyContract: fc.Arbitrary<ServiceContract> = fc
  .record({
    plan: fc.constantFrom(...SERVICE_PLANS),
    optedIn: fc.subarray([...RESOURCES]),
    ceiling: fc.option(anyVector, { nil: undefined }),
  })
  .map(({ ceiling, ...contract }) => ({ customer, ...contract, ...(ceiling && { ceiling }) }));

test("a better plan goes first, is lent no less and pays no less for what comes late", () => {
  const terms = SERVICE_PLANS.map((plan) => PLAN_TERMS[plan]);
  for (const [index, { priority, leaseFloor, latePriceTimes }] of terms.slice(1).entries()) {
    const below = terms[index] ?? PLAN_TERMS.standard;
    expect(priority).toBeGreaterThan(below.priority);
    expect(levelIndex(leaseFloor)).toBeGreaterThanOrEqual(levelIndex(below.leaseFloor));
    expect(latePriceTimes).toBeGreaterThanOrEqual(below.latePriceTimes);
  }
});

test("a ceiling lies between the base and what the VM allows, and is the base where opted out", () => {
  fc.assert(
    fc.property(anyContract, anyVector, anyVector, (contract, base, above) => {
      const ceiling = larger(base, above);
      const most = ceilingOf(contract, { base, ceiling });
      expect(fits(base, most) && fits(most, ceiling)).toBe(true);
      for (const resource of RESOURCES) if (!isOptedIn(contract, resource)) expect(most[resource]).toBe(base[resource]);
    }),
    { seed: 1 },
  );
});

test("nobody is touched who did not ask for it", () => {
  expect(RESOURCES.filter((resource) => isOptedIn(optedOut(customer), resource))).toEqual([]);
});
