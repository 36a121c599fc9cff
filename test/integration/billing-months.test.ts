// Customers' months on a cell whose store fails, loses its answers, and whose process dies at any moment: the real step book, the real
// restart, real records. What a VM has by contract and what it was lent does not change here, so that each month's bill is known to the
// last micro-unit in advance. MONTHS=1000 npx vitest run test/integration/billing-months.test.ts for many of them.
import { expect, test } from "vitest";
import type { CellPlan } from "../../src/control/cell-plan.ts";
import { type RunningCell, runTick } from "../../src/control/loop.ts";
import type { FleetObservation } from "../../src/control/ports.ts";
import type { CellStore, Store } from "../../src/control/store-ports.ts";
import { createMemoryStore } from "../../src/lab/memory-store.ts";
import type { CellForm } from "../../src/main/serve/cell-form.ts";
import { closedUsage } from "../../src/main/serve/closed-usage.ts";
import { checkpointOf, takeUpCell } from "../../src/main/serve/restore-cell.ts";
import { openStepBook, type StepBook } from "../../src/main/serve/step-book.ts";
import type { Cell, CellId, CustomerId, HostId, PoolId, VmId, WorkloadId } from "../../src/model/fleet.ts";
import { RESOURCES, resourceVector } from "../../src/model/resources.ts";
import { failure } from "../../src/model/result.ts";
import { seededRandom } from "../../src/model/seeded-random.ts";
import { DAY_MS, HOUR_MS, type Instant, instant, MINUTE_MS } from "../../src/model/time.ts";
import { MEBIBYTE } from "../../src/model/units.ts";
import { coverageFaults } from "../../src/model/usage-record.ts";
import { billingMonth } from "../../src/pricing/billing-month.ts";
import { type Invoice, invoiceOf } from "../../src/pricing/invoice.ts";
import { aBook } from "../../src/pricing/pricing.arbitrary.ts";
import { lineAmount } from "../../src/pricing/rate-usage.ts";
import { QUANTA_PER_UNIT } from "../../src/pricing/usage-quantity.ts";

const MONTHS = Number(process.env["MONTHS"] ?? 20);
const CUSTOMERS = 20;
const BOOK = aBook();

/** Clocks change in it, in Berlin. */
function march() {
  const month = billingMonth("2026-03", "Europe/Berlin");
  if (!month.ok) throw new Error(month.error.message);
  return month.value;
}

/** In quanta: whole numbers that no rounding touches. */
interface Sizes {
  readonly base: number;
  readonly has: number;
}

function cellOf(sizes: readonly Sizes[]): Cell {
  const amounts = (quanta: number) =>
    resourceVector({ cpu: quanta / 1000, memory: quanta * MEBIBYTE, network: quanta * 1000, storage: quanta * 1000 });
  return {
    id: "cell-1" as CellId,
    customers: sizes.map((_, index) => ({ id: `c-${index}` as CustomerId, name: "c" })),
    workloads: sizes.map((_, index) => ({
      ...{ id: `w-${index}` as WorkloadId, class: "web" },
      customer: `c-${index}` as CustomerId,
    })),
    pools: [{ id: "p" as PoolId, kind: "shared" }],
    hosts: [{ id: "h" as HostId, pool: "p" as PoolId, capacity: amounts(1e6) }],
    vms: sizes.map(({ base, has }, index) => ({
      ...{ id: `vm-${index}` as VmId, workload: `w-${index}` as WorkloadId, host: "h" as HostId },
      ...{ base: amounts(base), ceiling: amounts(has) },
    })),
  };
}

/** Every fifth commit fails: half of those were done all the same. */
function failing(store: Store, random: () => number, isCalm: () => boolean): CellStore {
  const { cells } = store;
  return {
    ...cells,
    async commit(claim, steps) {
      const fate = isCalm() ? 1 : random();
      if (fate < 0.1) return failure("unavailable", "The store does not answer.");
      const done = await cells.commit(claim, steps);
      return fate < 0.2 ? failure("unavailable", "The answer was lost.") : done;
    },
  };
}

interface Process {
  readonly form: CellForm;
  readonly running: RunningCell;
  readonly book: StepBook;
}

async function liveMonth(seed: number): Promise<Store> {
  const random = seededRandom(seed);
  const sizes = sizesOf(seed);
  const { from, to } = march();
  const begin = instant(from - DAY_MS);
  const cell = cellOf(sizes);
  const store = createMemoryStore();
  let now: Instant = begin;
  let isCalm = true;
  const cells = failing(
    store,
    () => random.next(),
    () => isCalm,
  );
  const claim = { cell: cell.id, epoch: 1 };
  await cells.claim(cell.id, { process: "first", at: begin });
  const settings = { stepMs: 5 * MINUTE_MS, serviceLevel: 0.99 };
  const plan = { cell, settings } as unknown as CellPlan;
  const clock = { now: () => now, sleepUntil: async () => {} };
  const open = async (): Promise<Process> => {
    const taken = await takeUpCell({ plan, shadowVm, doors: { store: cells, clock } });
    if (!taken.ok) throw new Error(taken.error.message);
    const { form, running, heardBytes, number } = taken.value;
    return { form, running, book: openStepBook({ store: cells, claim, heardBytes, number }) };
  };
  let alive = await open();
  const writeDown = () =>
    alive.book.checkpoint(now, (number) => checkpointOf(alive.running, { form: alive.form, number }));
  await writeDown();
  const tick = async () => {
    const { running, book } = alive;
    await runTick(running, {
      ...{ mode: "act", clock },
      actuator: { apply: async ({ id }) => ({ kind: "done", action: id, at: now }) },
      telemetry: { observe: async () => ({ ok: true, value: seenAt(now, cell, sizes) }) },
      tell: ({ input, records }) => book.keep({ input, records, usage: closedUsage(running, "act") }),
    });
  };
  while (now < to) {
    const rest = to - now;
    const gap = random.next() < 0.05 ? random.next() * 9 * HOUR_MS : (5 + random.below(120)) * MINUTE_MS;
    now = instant(now + Math.min(Math.max(Math.round(gap), 1), rest));
    isCalm = now === to;
    await tick();
    const fate = random.next();
    if (now < to && fate < 0.04) alive = await open();
    else if (fate < 0.08) await writeDown();
  }
  return store;
}

const shadowVm = {
  minimum: resourceVector({ cpu: 0, memory: 0, network: 0, storage: 0 }),
  ceiling: resourceVector({ cpu: 8, memory: 2 ** 35, network: 1e9, storage: 1e9 }),
};

function sizesOf(seed: number): readonly Sizes[] {
  const random = seededRandom(seed + 1e6);
  return Array.from({ length: CUSTOMERS }, () => {
    const base = 100 + random.below(8000);
    return { base, has: base + random.below(5000) };
  });
}

function seenAt(at: Instant, cell: Cell, sizes: readonly Sizes[]): FleetObservation {
  const vms = cell.vms.map(({ id, base, ceiling }, index) => ({
    ...{ vm: id, usage: base, unmet: {} },
    allocation: (sizes[index]?.has ?? 0) > 0 ? ceiling : base,
  }));
  return { at, vms, shadowVms: [], unreachable: [] };
}

async function invoiceFor(store: Store, customer: CustomerId): Promise<Invoice> {
  const month = march();
  const usage = await store.usage.read({ customer, from: month.from, to: month.to });
  if (!usage.ok) throw new Error(usage.error.message);
  expect(coverageFaults(usage.value)).toEqual([]);
  const invoice = invoiceOf({ customer, month, book: BOOK, usage: usage.value, late: [], discountShare: 0 });
  if (!invoice.ok) throw new Error(invoice.error.message);
  return invoice.value;
}

/** What the month has to come to, from nothing but sizes, prices and the length of the month: 743 hours. */
function expected({ base, has }: Sizes): number {
  const { from, to } = march();
  const prices = BOOK.versions[0]?.plans.predictive;
  if (prices === undefined) throw new Error("no prices");
  let sum = 0;
  for (const resource of RESOURCES) {
    const quantity = (quanta: number) => BigInt(quanta) * BigInt(to - from);
    sum += lineAmount({ resource, rate: prices.base[resource], quantity: quantity(base) });
    sum += lineAmount({ resource, rate: prices.leased[resource], quantity: quantity(has - base) });
  }
  return sum;
}

test(`${MONTHS} customer-months with faults: no micro-unit lost, none doubled`, async () => {
  let months = 0;
  for (let seed = 1; months < MONTHS; seed++) {
    const store = await liveMonth(seed);
    for (const [index, sizes] of sizesOf(seed).entries()) {
      const invoice = await invoiceFor(store, `c-${index}` as CustomerId);
      expect({ seed, index, total: invoice.total }).toEqual({ seed, index, total: expected(sizes) });
      months++;
    }
  }
  expect(QUANTA_PER_UNIT.cpu).toBe(1000);
}, 3_600_000);
