// What viewers see of a running cell: each tick becomes one message, and the last 24 h are kept for whoever comes later.
import { leasesOf } from "../../control/leases.ts";
import type { TickReport } from "../../control/loop.ts";
import type { Cell, VmId } from "../../model/fleet.ts";
import type { Lease } from "../../model/lease.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { DAY_MS, iso, ticksPer } from "../../model/time.ts";
import { costPerBaseUnitHour, type PriceList } from "../../pricing/price-list.ts";
import type { CustomerChart, Decision, FleetView, Tick } from "../contract/live.ts";
import { type CellSums, customersOfVms, reservedOf, type Sums, sumTick } from "./cell-sums.ts";
import { createCustomerForecaster } from "./customer-forecaster.ts";
import { notableDecisions } from "./notable-decisions.ts";
import {
  type AmountsByResource,
  copyHistory,
  emptyHistory,
  remember,
  sharesOf,
  sumOf,
  zeroAmounts,
} from "./resource-history.ts";

export interface LiveRecorderOptions {
  readonly cell: Cell;
  readonly stepMs: number;
  readonly prices: PriceList;
  readonly about: Pick<FleetView, "mode" | "simulated" | "serviceLevel">;
}

export interface LiveRecorder {
  /** Turns a tick into a message, and keeps it. */
  record(report: TickReport, tookMs: number): Tick;
  /** undefined before the first tick. */
  fleet(): FleetView | undefined;
  /** undefined for a customer that is not of this cell. */
  customerChart(id: string): CustomerChart | undefined;
}

const HISTORIES = ["used", "base", "leased", "buffer", "fromBuffer", "short"] as const;
const DECISIONS_KEPT = 50;

export function createLiveRecorder(options: LiveRecorderOptions): LiveRecorder {
  const { cell, stepMs, prices, about } = options;
  const ticksMax = ticksPer(DAY_MS, stepMs);
  const owners = { customerOfVm: customersOfVms(cell), customerCount: cell.customers.length };
  const fleetHistory = startHistory();
  const hostHistories = cell.hosts.map(startHistory);
  const customerHistories = cell.customers.map(startHistory);
  const forecaster = createCustomerForecaster({ customers: cell.customers.length, stepMs });
  const at: number[] = [];
  let decisions: Decision[] = [];
  let decisionsSoFar = 0;
  let latest: Tick | undefined;
  let leases: readonly Lease[] = [];
  const ownerOfVm = new Map(cell.vms.map(({ id }, vm) => [id, cell.customers[owners.customerOfVm[vm] ?? -1]?.id]));
  const ownerOf = (vm: VmId) => ownerOfVm.get(vm);
  const ownLeases = (customer: number): CustomerChart["leases"] => {
    const vms = new Set(cell.vms.filter((_, vm) => owners.customerOfVm[vm] === customer).map(({ id }) => id));
    return leases.filter(({ vm }) => vms.has(vm)).map(leaseView);
  };
  return {
    record(report, tookMs) {
      const sums = sumTick(report, owners);
      at.push(report.observation.at);
      if (at.length > ticksMax) at.shift();
      rememberSums(fleetHistory, sums.fleet, ticksMax);
      for (const [index, each] of sums.hosts.entries()) rememberSums(hostHistories[index], each, ticksMax);
      for (const [index, each] of sums.customers.entries()) rememberSums(customerHistories[index], each, ticksMax);
      forecaster.observe(sums.customers);
      leases = leasesOf(report.cell.state);
      const news = notableDecisions(report.records, { prices, firstId: decisionsSoFar + 1, ownerOf });
      decisionsSoFar += news.length;
      decisions = [...news, ...decisions].slice(0, DECISIONS_KEPT);
      latest = {
        at: iso(report.observation.at),
        tookMs,
        ...fleetNumbers(sums.fleet, fleetHistory),
        hosts: sums.hosts.map((each, index) =>
          hostState({ cell, report, index, sums: each, history: hostHistories[index] }),
        ),
        customers: customerStates({ cell, sums, customerOfVm: owners.customerOfVm }),
        decisions: news,
        money: moneyOf(sums.fleet, prices),
      };
      return latest;
    },
    fleet() {
      if (latest === undefined) return undefined;
      const history = { at: [...at], ...pickHistory(fleetHistory, ["used", "base", "leased", "buffer", "short"]) };
      return { ...about, tickSeconds: stepMs / 1000, latest: { ...latest, decisions }, history };
    },
    customerChart(id) {
      const index = cell.customers.findIndex((customer) => customer.id === id);
      const [customer, history] = [cell.customers[index], customerHistories[index]];
      const state = latest?.customers[index];
      if (!customer || !history || !state) return undefined;
      const { used, base, leased, fromBuffer, short } = history;
      const allowed = emptyHistory();
      for (const resource of RESOURCES)
        allowed[resource] = base[resource].map((amount, tick) => amount + (leased[resource][tick] ?? 0));
      const kept = { used: copyHistory(used), allowed, fromBuffer: copyHistory(fromBuffer), short: copyHistory(short) };
      const forecast = forecaster.forecast(index, at.at(-1) ?? 0);
      const own = ownLeases(index);
      return {
        id,
        name: customer.name,
        at: [...at],
        ...kept,
        base: state.base,
        ceiling: state.ceiling,
        leases: own,
        forecast,
      };
    },
  };
}

function leaseView({ vm, resource, amount, grantedAt, expiresAt, state }: Lease): CustomerChart["leases"][number] {
  return { vm, resource, amount, grantedAt: iso(grantedAt), expiresAt: iso(expiresAt), state };
}

type History = Record<(typeof HISTORIES)[number], ReturnType<typeof emptyHistory>>;

function startHistory(): History {
  return {
    used: emptyHistory(),
    base: emptyHistory(),
    leased: emptyHistory(),
    buffer: emptyHistory(),
    fromBuffer: emptyHistory(),
    short: emptyHistory(),
  };
}

function rememberSums(history: History | undefined, sums: Sums, ticksMax: number): void {
  if (history) for (const key of HISTORIES) remember(history[key], sums[key], ticksMax);
}

function pickHistory<Key extends keyof History>(history: History, keys: readonly Key[]): Pick<History, Key> {
  return Object.fromEntries(keys.map((key) => [key, copyHistory(history[key])])) as Pick<History, Key>;
}

function totalsOf({ used, base, leased, buffer, fixed }: Sums): Tick["totals"] {
  return { used, base, leased, buffer, fixed };
}

function fleetNumbers(now: Sums, history: History) {
  const used = sumOf(history.used);
  const short = sumOf(history.short);
  const demand = plus(used, short);
  const reserved = plus(plus(sumOf(history.base), sumOf(history.leased)), sumOf(history.buffer));
  return {
    totals: totalsOf(now),
    fromBuffer24h: sharesOf(sumOf(history.fromBuffer), demand),
    short24h: sharesOf(short, demand),
    reservedPerUsed24h: sharesOf(reserved, used),
  };
}

function plus(left: AmountsByResource, right: AmountsByResource): AmountsByResource {
  const sum = zeroAmounts();
  for (const resource of RESOURCES) sum[resource] = left[resource] + right[resource];
  return sum;
}

function hostState(given: {
  cell: Cell;
  report: TickReport;
  index: number;
  sums: Sums;
  history: History | undefined;
}): Tick["hosts"][number] {
  const { cell, report, index, sums, history } = given;
  const host = cell.hosts[index];
  const shortTicks = zeroAmounts();
  for (const resource of RESOURCES)
    shortTicks[resource] = history?.short[resource].filter((amount) => amount > 0).length ?? 0;
  const shadowVms = report.observation.shadowVms
    .filter((vm) => vm.host === host?.id)
    .map(({ id, state, allocation, minimum }) => ({ id, state, holds: above(allocation, minimum) }));
  const vms = cell.vms.filter((vm) => vm.host === host?.id).length;
  return {
    id: host?.id ?? "",
    vms,
    capacity: host?.capacity ?? zeroAmounts(),
    totals: totalsOf(sums),
    shortTicks,
    shadowVms,
  };
}

function above(amounts: AmountsByResource, minimum: AmountsByResource): Record<Resource, number> {
  const rest = zeroAmounts();
  for (const resource of RESOURCES) rest[resource] = Math.max(amounts[resource] - minimum[resource], 0);
  return rest;
}

function customerStates(given: { cell: Cell; sums: CellSums; customerOfVm: readonly number[] }): Tick["customers"] {
  return given.cell.customers.map(({ id, name }, index) => {
    const sums = given.sums.customers[index];
    const vms = given.customerOfVm.filter((owner) => owner === index).length;
    const { used, base, fixed, fromBuffer, short } = sums ?? {
      used: zeroAmounts(),
      base: zeroAmounts(),
      fixed: zeroAmounts(),
      fromBuffer: zeroAmounts(),
      short: zeroAmounts(),
    };
    const allowed = sums ? plus(sums.base, sums.leased) : zeroAmounts();
    return { id, name, vms, used, allowed, base, ceiling: fixed, fromBuffer, short };
  });
}

function moneyOf(sums: Sums, prices: PriceList): Tick["money"] {
  const cost = costPerBaseUnitHour(prices);
  const perHour = (amounts: AmountsByResource): number =>
    RESOURCES.reduce((total, resource) => total + amounts[resource] * cost[resource], 0) / 1e6;
  return { currency: prices.currency, reservedPerHour: perHour(reservedOf(sums)), fixedPerHour: perHour(sums.fixed) };
}
