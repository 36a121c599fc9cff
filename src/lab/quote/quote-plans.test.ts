import { expect, test } from "vitest";
import type { CustomerId, VmId } from "../../model/fleet.ts";
import { resourceVector } from "../../model/resources.ts";
import { seededRandom } from "../../model/seeded-random.ts";
import { instant, MINUTE_MS, timeGrid } from "../../model/time.ts";
import { GIBIBYTE } from "../../model/units.ts";
import { aBook } from "../../pricing/pricing.arbitrary.ts";
import { type Quote, quotePlans } from "./quote-plans.ts";

const STEP_MS = 30 * MINUTE_MS;
const size = (cpu: number) => resourceVector({ cpu, memory: cpu * GIBIBYTE, network: cpu * 1e6, storage: cpu * 1e6 });

/** Quiet nights, busy days, and a little noise: as office work is. */
function history(days: number, busy = 4) {
  const random = seededRandom(3);
  const length = (days * 48) | 0;
  const vms = Array.from({ length: 4 }, (_, vm) => {
    const cpu = Float64Array.from(
      { length },
      (_, tick) => (tick % 48 > 16 && tick % 48 < 36 ? busy : 0.5) * (0.8 + 0.4 * random.next()),
    );
    const per = (unit: number) => cpu.map((value) => value * unit);
    return {
      ...{ id: `vm-${vm}` as VmId, base: size(1), size: size(8) },
      demand: [cpu, per(GIBIBYTE / 4), per(1e5), per(1e5)],
    };
  });
  const grid = timeGrid({ startMs: Date.UTC(2026, 2, 2), stepMs: STEP_MS, length });
  return { customer: "acme" as CustomerId, grid, vms, serviceLevel: 0.99, book: aBook(), discountShare: 0 };
}

function quoted(given: Parameters<typeof quotePlans>[0]): Quote {
  const quote = quotePlans(given);
  if (!quote.ok) throw new Error(quote.error.message);
  return quote.value;
}

test("each plan has its bill, within its range, and all are below fixed sizes where days differ from nights", () => {
  const quote = quoted(history(12));
  expect([quote.vms, quote.days, quote.currency]).toEqual([4, 6, "EUR"]);
  expect(quote.plans.map(({ plan }) => plan)).toEqual(["standard", "predictive", "guaranteed", "dedicated"]);
  // 4 VMs x (8 x 0.032 + 8 x 0.004 + 8 x 0.002 + 8 x 0.001) x 730 hours.
  expect(quote.fixed).toBe(4 * (256_000 + 32_000 + 16_000 + 8_000) * 730);
  for (const { plan, low, monthly, high, credits, coverage } of quote.plans) {
    expect(low).toBeLessThanOrEqual(high);
    expect(monthly).toBeGreaterThan(0.999 * low);
    expect(monthly).toBeLessThan(1.001 * high);
    expect(monthly).toBeLessThan(quote.fixed);
    expect(credits).toBeLessThanOrEqual(0);
    if (plan === "standard") expect(coverage).toBeNull();
    else expect(coverage).toBeGreaterThan(0.5);
  }
});

test("who asks for more pays more, in every plan; the same history is quoted the same", () => {
  const [some, more] = [quoted(history(8)), quoted(history(8, 8))];
  for (const [index, { monthly }] of some.plans.entries()) expect(more.plans[index]?.monthly).toBeGreaterThan(monthly);
  expect(quoted(history(8))).toEqual(some);
});

test("too little history is no quote", () => {
  expect(quotePlans(history(3))).toMatchObject({ ok: false, error: { kind: "bad-input" } });
  expect(quotePlans({ ...history(8), vms: [] })).toMatchObject({ ok: false });
  expect(instant(0)).toBe(0);
});
