// A quote: the customer's own samples of the last days, as a history that the planner can be replayed on.
import type { VmSamples } from "../../../control/store-ports.ts";
import type { CustomerId, Vm } from "../../../model/fleet.ts";
import { RESOURCES, UNLIMITED_AMOUNT } from "../../../model/resources.ts";
import { success } from "../../../model/result.ts";
import { DAY_MS, type Instant, instant, MINUTE_MS, type TimeGrid, timeGrid } from "../../../model/time.ts";
import type { pricingRoutes } from "../../contract/pricing.ts";
import type { Desks, Handlers } from "../handler.ts";
import { refusal } from "../refusals.ts";
import { noBook } from "./price-book.ts";

type Rows = Pick<typeof pricingRoutes, "getQuote">;

/** Ticks of a quarter of an hour: four times fewer decisions than in production, and as many VMs as a thread does in a minute. */
const STEP_MS = 15 * MINUTE_MS;
const VMS_MAX = 20;
const SERVICE_LEVEL = 0.99;

export function quoteHandlers({ quote }: Desks): Handlers<Rows> {
  return {
    async getQuote({ params: { id }, query: { days = 14 }, now, store }) {
      if (quote === undefined) return refusal("unavailable", "This service makes no quotes.");
      const [book, listed] = await Promise.all([
        store.priceBook(),
        store.documents.list("vm", { customer: id as CustomerId, limit: VMS_MAX }),
      ]);
      if (!book.ok) return book;
      if (!listed.ok) return listed;
      if (book.value === undefined) return noBook();
      const span = { from: instant(now - days * DAY_MS), to: instant(now + 1) };
      const read: { readonly vm: Vm; readonly samples: VmSamples }[] = [];
      for (const { value: vm } of listed.value) {
        const samples = await store.readSamples(vm.id, span);
        if (!samples.ok) return samples;
        read.push({ vm, samples: samples.value });
      }
      const begun = Math.min(now, ...read.map(({ samples }) => samples.at[0] ?? now));
      const grid = gridOf(now, Math.min(days, Math.floor((now - begun) / DAY_MS)));
      const vms = read.map(({ vm, samples }) => {
        const demand = demandOf(samples, grid);
        return { id: vm.id, base: vm.base, size: sizeOf(vm.ceiling, demand), demand };
      });
      const history = { customer: id as CustomerId, grid, vms, serviceLevel: SERVICE_LEVEL, book: book.value.value };
      const quoted = await quote({ ...history, discountShare: 0 });
      if (!quoted.ok) return quoted;
      const { plans, ...told } = quoted.value;
      return success({
        body: { customer: id, ...told, plans: plans.map((plan) => ({ ...plan, saving: told.fixed - plan.monthly })) },
      });
    },
  };
}

function gridOf(now: Instant, days: number): TimeGrid {
  const end = Math.floor(now / STEP_MS) * STEP_MS;
  const length = (days * DAY_MS) / STEP_MS;
  return timeGrid({ startMs: end - length * STEP_MS, stepMs: STEP_MS, length });
}

/** [resource][tick] means; NaN where nothing was seen. A sample ends at its instant and is of the time before it. */
function demandOf({ at, usage }: VmSamples, grid: TimeGrid): readonly Float64Array[] {
  return RESOURCES.map((resource) => {
    const [sums, counts] = [new Float64Array(grid.length), new Float64Array(grid.length)];
    for (const [row, amount] of usage[resource].entries()) {
      const tick = Math.floor(((at[row] as number) - 1 - grid.startMs) / grid.stepMs);
      if (Number.isNaN(amount) || tick < 0 || tick >= grid.length) continue;
      sums[tick] = (sums[tick] as number) + amount;
      counts[tick] = (counts[tick] as number) + 1;
    }
    return sums.map((sum, tick) => ((counts[tick] as number) > 0 ? sum / (counts[tick] as number) : Number.NaN));
  });
}

/** What it may get at most; where nothing limits it half as much again as it ever asked for. */
function sizeOf<Size extends Readonly<Record<(typeof RESOURCES)[number], number>>>(
  ceiling: Size,
  demand: readonly Float64Array[],
): Size {
  const most = (index: number) => demand[index]?.reduce((large, each) => (each > large ? each : large), 0) ?? 0;
  const limited = RESOURCES.map((resource, index) => [
    resource,
    ceiling[resource] < UNLIMITED_AMOUNT ? ceiling[resource] : 1.5 * most(index),
  ]);
  return Object.fromEntries(limited) as Size;
}
