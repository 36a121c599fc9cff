// What the fleet commands ask a service: a list with what each one uses, or one thing and all that is known of it.
import type { ApiClient } from "../../api/client/client.ts";
import type { Contract } from "../../api/contract/contracts.ts";
import type { HostState, Problem } from "../../api/contract/live.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { allOf, forEach, ifThere, listUpTo } from "./many-calls.ts";
import type { Usage } from "./usage-table.ts";

type Asked<Value> = Promise<Result<Value, Problem>>;

const CONTRACTS_MAX = 10_000;
const DECISIONS_SHOWN = 5;

export async function askCustomers(client: ApiClient, limit: number) {
  const listed = await listUpTo(limit, (query) => client.listCustomers({ query }));
  if (!listed.ok) return listed;
  const contracts = await listUpTo(CONTRACTS_MAX, (query) => client.listContracts({ query }));
  if (!contracts.ok) return contracts;
  const contractOf = new Map(contracts.value.items.map((contract) => [contract.id, contract]));
  const items = await forEach(listed.value.items, async (customer) => {
    const allocation = ifThere(await client.getCustomerAllocation({ id: customer.id }));
    if (!allocation.ok) return allocation;
    const contract = contractOf.get(customer.id);
    return success({ ...customer, contract: termsOf(contract), allocation: allocation.value });
  });
  return together(items, listed.value.isCut);
}

export async function askVms(client: ApiClient, { limit, customer }: { limit: number; customer?: string }) {
  const owner = customer === undefined ? {} : { customer };
  const listed = await listUpTo(limit, (query) => client.listVms({ query: { ...query, ...owner } }));
  if (!listed.ok) return listed;
  const items = await forEach(listed.value.items, async (vm) => {
    const allocation = ifThere(await client.getVmAllocation({ id: vm.id }));
    return allocation.ok ? success({ ...vm, allocation: allocation.value }) : allocation;
  });
  return together(items, listed.value.isCut);
}

export async function askHosts(client: ApiClient, limit: number) {
  const listed = await listUpTo(limit, (query) => client.listHosts({ query }));
  if (!listed.ok) return listed;
  const fleet = ifThere(await client.getFleet());
  if (!fleet.ok) return fleet;
  const stateOf = new Map(fleet.value?.latest.hosts.map((state) => [state.id, state]));
  const items = listed.value.items.map((host) => ({ ...host, state: stateOf.get(host.id) ?? null }));
  return success({ items, isCut: listed.value.isCut });
}

export async function askCustomer(client: ApiClient, id: string) {
  const customer = await client.getCustomer({ id });
  if (!customer.ok) return customer;
  const contract = await client.getContract({ id });
  if (!contract.ok) return contract;
  const workloads = await listUpTo(CONTRACTS_MAX, (query) =>
    client.listWorkloads({ query: { ...query, customer: id } }),
  );
  if (!workloads.ok) return workloads;
  const seen = await seenOf({
    allocation: await client.getCustomerAllocation({ id }),
    forecast: await client.getCustomerForecast({ id }),
    decisions: await client.listDecisions({ query: { customer: id, limit: DECISIONS_SHOWN } }),
  });
  if (!seen.ok) return seen;
  return success({
    customer: customer.value,
    contract: contract.value,
    workloads: workloads.value.items,
    ...seen.value,
  });
}

export async function askVm(client: ApiClient, id: string) {
  const vm = await client.getVm({ id });
  if (!vm.ok) return vm;
  const terms = await client.getVmTerms({ id });
  if (!terms.ok) return terms;
  const seen = await seenOf({
    allocation: await client.getVmAllocation({ id }),
    forecast: await client.getVmForecast({ id }),
    decisions: await client.listDecisions({ query: { vm: id, limit: DECISIONS_SHOWN } }),
  });
  return seen.ok ? success({ vm: vm.value, terms: terms.value, ...seen.value }) : seen;
}

export async function askHost(client: ApiClient, id: string) {
  const host = await client.getHost({ id });
  if (!host.ok) return host;
  const fleet = ifThere(await client.getFleet());
  if (!fleet.ok) return fleet;
  const decisions = await client.listDecisions({ query: { host: id, limit: DECISIONS_SHOWN } });
  if (!decisions.ok) return decisions;
  const state = fleet.value?.latest.hosts.find((each) => each.id === id) ?? null;
  return success({ host: host.value, state, at: fleet.value?.latest.at ?? null, decisions: decisions.value.items });
}

/** What a host's VMs use together: its headroom is its whole reserve less what they want. */
export function usageOfHost({ totals }: HostState): Usage {
  const of = (resource: Resource) => {
    const allocation = totals.base[resource] + totals.leased[resource];
    const demand = totals.used[resource];
    return { demand, allocation, headroom: allocation + totals.buffer[resource] - demand };
  };
  return Object.fromEntries(RESOURCES.map((resource) => [resource, of(resource)])) as unknown as Usage;
}

function termsOf(contract: Contract | undefined): Pick<Contract, "plan" | "optedIn"> {
  return contract ? { plan: contract.plan, optedIn: contract.optedIn } : { plan: "standard", optedIn: [] };
}

function together<Item>(items: readonly Result<Item, Problem>[], isCut: boolean) {
  const all = allOf(items);
  return all.ok ? success({ items: all.value, isCut }) : all;
}

async function seenOf<Allocation, Forecast, Decision>(given: {
  readonly allocation: Result<Allocation, Problem>;
  readonly forecast: Result<Forecast, Problem>;
  readonly decisions: Result<{ readonly items: readonly Decision[] }, Problem>;
}): Asked<{ allocation: Allocation | null; forecast: Forecast | null; decisions: readonly Decision[] }> {
  const [allocation, forecast] = [ifThere(given.allocation), ifThere(given.forecast)];
  if (!allocation.ok) return allocation;
  if (!forecast.ok) return forecast;
  if (!given.decisions.ok) return given.decisions;
  const { items: decisions } = given.decisions.value;
  return success({ allocation: allocation.value, forecast: forecast.value, decisions });
}

/** What a question answers with when it went well. */
export type AnswerOf<Ask extends (...given: never[]) => Promise<Result<unknown, Problem>>> = Extract<
  Awaited<ReturnType<Ask>>,
  { readonly ok: true }
>["value"];
