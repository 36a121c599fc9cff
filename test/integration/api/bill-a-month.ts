// A month of billing over the API, for the test of all routes: prices, usage, a draft, a correction, a quote, a final invoice.
import { expect } from "vitest";
import type { ApiClient } from "../../../src/api/client/client.ts";
import { ROUTES } from "../../../src/api/contract/routes.ts";
import type { VmId } from "../../../src/model/fleet.ts";
import { FOREIGN, OWN, OWN_VM, type RunningService } from "./running-service.ts";

type Good = <Name extends keyof ApiClient>(
  name: Name,
  ...given: Parameters<ApiClient[Name]>
) => Promise<Extract<Awaited<ReturnType<ApiClient[Name]>>, { ok: true }>["value"]>;

export async function billAMonth(good: Good, service: RunningService): Promise<void> {
  const id = OWN;
  const body = ROUTES.putPriceBook.example.body;
  expect(await good("putPriceBook", { body })).toMatchObject({ version: 1, currency: "EUR" });
  const { versions } = await good("getPriceBook");
  expect(versions[0]?.burst).toEqual({ cpu: "0.064", memory: "0.008", network: "0", storage: "0" });
  const changed = { ...body, versions: body.versions.map((each) => ({ ...each, burst: { cpu: 1 } })) };
  const refused = await service.as("operator").putPriceBook({ body: changed });
  expect(refused).toMatchObject({ ok: false, error: { status: 409 } });
  const { records } = await good("getUsage", { id });
  expect(records.length).toBeGreaterThan(0);
  expect(records.every(({ subject }) => subject.id.startsWith(OWN))).toBe(true);
  const draft = await good("getInvoice", { id });
  expect(draft).toMatchObject({ state: "draft", number: null, month: "2026-03" });
  expect(draft.total).toBe(draft.lines.reduce((sum, { amount }) => sum + amount, 0));
  const [record] = records;
  if (record === undefined) throw new Error("no usage");
  const nothing = Object.fromEntries(Object.keys(record.amounts).map((meter) => [meter, [0, 0, 0, 0]]));
  const amounts = { ...nothing, base: record.amounts.base.map((amount) => -amount) } as typeof record.amounts;
  const correction = { ...record, amounts, correction: { number: 1, reason: "It was off." } };
  await good("postUsageCorrections", { body: { customer: id, records: [correction] } });
  expect((await good("getInvoice", { id })).total).toBeLessThan(draft.total);
  expect((await good("getServiceReport", { id })).month).toBe("2026-03");
  expect((await good("getInvoiceFocus", { id })).csv).toMatch(/^BilledCost,BillingAccountId,/);
  expect(await good("getProfileScore", { id })).toMatchObject({ tier: "bronze", history: [] });
  const costs = await good("getPlanCosts", { query: { cpu: 10_000 } });
  expect(costs.plans.reduce((sum, { customers }) => sum + customers, 0)).toBeGreaterThan(0);
  const short = await service.as("operator").getQuote({ id });
  expect(short).toMatchObject({ ok: false, error: { status: 422 } });
  await addPast(service);
  const quote = await good("getQuote", { id });
  expect(quote.plans.map(({ plan }) => plan)).toEqual(["standard", "predictive", "guaranteed", "dedicated"]);
  expect(quote.plans.every(({ saving, monthly }) => saving === quote.fixed - monthly)).toBe(true);
  const early = await service.as("operator").postInvoice({ id, body: { month: "2026-03" } });
  expect(early).toMatchObject({ ok: false, error: { status: 422 } });
  const first = await good("postInvoice", { id, body: { month: "2026-02" } });
  expect(first).toMatchObject({ state: "final", number: "2026-000001" });
  expect(await good("postInvoice", { id, body: { month: "2026-02" } })).toEqual(first);
  expect(await good("postInvoice", { id: FOREIGN, body: { month: "2026-02" } })).toMatchObject({
    number: "2026-000002",
  });
  expect((await good("listInvoices", { id })).items.map(({ number }) => number)).toEqual(["2026-000001"]);
}

/** Five days of samples of one VM: enough to be quoted on. */
export async function addPast({ clock, store }: RunningService): Promise<void> {
  const steps = 5 * 24 * 4 + 8;
  const now = clock.now();
  const at = Float64Array.from({ length: steps }, (_, step) => now - (steps - step) * 900_000);
  const cpu = (step: number) => 0.5 + (step % 96) / 96;
  const usage = Float32Array.from({ length: 4 * steps }, (_, index) => (index % 4 === 0 ? cpu(index >> 2) : 1e6));
  await store.samples.append({ vms: [OWN_VM as VmId], vm: new Uint32Array(steps), at, usage }, now);
}
