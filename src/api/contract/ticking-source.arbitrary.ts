// A made-up fleet for tests: two customers on three hosts, everything a plain function of the number of the tick.
import { RESOURCES, type Resource, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { success } from "../../model/result.ts";
import { GIBIBYTE } from "../../model/units.ts";
import type { Amounts, CustomerChart, CustomerState, FleetView, HostState, Tick, Totals } from "./live.ts";

/** What the server reads, and the handle that moves it. */
export interface TickingSource {
  fleet(): FleetView | undefined;
  customerChart(id: string): CustomerChart | undefined;
  subscribe(listener: (tick: Tick) => void): () => void;
  /** Finishes one tick and tells everybody. */
  tick(): Tick;
  listenerCount(): number;
}

/** As the server asks: whoever runs a cell may be elsewhere. */
export function asLiveSource<Source extends TickingSource>(source: Source) {
  return {
    ...source,
    fleet: async () => success(source.fleet()),
    customerChart: async (id: string) => success(source.customerChart(id)),
  };
}

const FIRST_MS = Date.UTC(2026, 2, 4, 8);
const STEP_MS = 300_000;
const DAY_TICKS = 288;
const UNIT: Amounts = { cpu: 1, memory: 4 * GIBIBYTE, network: 2e6, storage: 5e6 };
const CUSTOMERS = [
  { id: "meridian", name: "Meridian Cards", vms: 12, size: 6 },
  { id: "a/b ?%", name: "Odd & Sons", vms: 8, size: 4 },
] as const;
const HOST_SHARES = [0.5, 0.3, 0.2];

/** Starts with `history` finished ticks; 0: nothing is known yet. */
export function createTickingSource({ history }: { history: number }): TickingSource {
  const listeners = new Set<(tick: Tick) => void>();
  let newest = history - 1;
  return {
    tick() {
      newest++;
      const tick = tickOf(newest);
      for (const listener of listeners) listener(tick);
      return tick;
    },
    listenerCount: () => listeners.size,
    fleet: () => (newest < 0 ? undefined : fleetView(newest)),
    customerChart: (id) => (newest < 0 ? undefined : customerChart(id, newest)),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

const atOf = (tick: number): number => FIRST_MS + tick * STEP_MS;
const amounts = (make: (resource: Resource) => number): Amounts => ({
  cpu: make("cpu"),
  memory: make("memory"),
  network: make("network"),
  storage: make("storage"),
});

function customerState({ id, name, vms, size }: (typeof CUSTOMERS)[number], tick: number): CustomerState {
  const used = amounts((resource) => size * UNIT[resource] * (1 + 0.3 * Math.sin(tick / 40) + (tick % 7) / 50));
  const missed = tick % 50 === 49;
  return {
    id,
    name,
    vms,
    used,
    allowed: amounts((resource) => used[resource] * (missed ? 0.9 : 1.3)),
    base: amounts((resource) => size * UNIT[resource] * 0.4),
    ceiling: amounts((resource) => (resource === "network" ? UNLIMITED_AMOUNT : size * UNIT[resource] * 10)),
    fromBuffer: amounts((resource) => (missed ? used[resource] * 0.08 : 0)),
    short: amounts((resource) => (missed ? used[resource] * 0.02 : 0)),
  };
}

function totalsOf(customers: readonly CustomerState[], share: number): Totals {
  const sum = (of: (customer: CustomerState) => Amounts): Amounts =>
    amounts((resource) => share * customers.reduce((total, each) => total + of(each)[resource], 0));
  const [used, base] = [sum((each) => each.used), sum((each) => each.base)];
  const allowed = sum((each) => each.allowed);
  return {
    used,
    base,
    leased: amounts((resource) => allowed[resource] - base[resource]),
    buffer: amounts((resource) => used[resource] * 0.1),
    fixed: sum((each) => each.ceiling),
  };
}

function hostState(share: number, index: number, customers: readonly CustomerState[]): HostState {
  return {
    id: `host-${index + 1}`,
    vms: Math.round(20 * share),
    capacity: amounts((resource) => 40 * UNIT[resource]),
    totals: totalsOf(customers, share),
    shortTicks: amounts(() => (index === 0 ? 3 : 0)),
    shadowVms: [{ id: `shadow-${index + 1}`, state: index === 2 ? "booting" : "ready", holds: amounts(() => 1) }],
  };
}

function tickOf(tick: number): Tick {
  const customers = CUSTOMERS.map((customer) => customerState(customer, tick));
  return {
    at: new Date(atOf(tick)).toISOString(),
    tookMs: 20,
    totals: totalsOf(customers, 1),
    fromBuffer24h: amounts(() => 0.0016),
    short24h: amounts(() => 0.0004),
    reservedPerUsed24h: amounts(() => 1.38),
    hosts: HOST_SHARES.map((share, index) => hostState(share, index, customers)),
    customers,
    decisions: [
      {
        id: tick + 1,
        at: new Date(atOf(tick)).toISOString(),
        kind: "raise",
        sentence: `Raised vm-${tick} from 0.7 cores to 2.4 cores.`,
        reason: "Likely demand 1.9 cores.",
      },
    ],
    money: { currency: "EUR", reservedPerHour: 3.2, fixedPerHour: 31 },
  };
}

function ticksUpTo(newest: number): readonly number[] {
  const count = Math.min(newest + 1, DAY_TICKS);
  return Array.from({ length: count }, (_, index) => newest + 1 - count + index);
}

function histories(ticks: readonly number[], of: (tick: number) => Amounts): Record<Resource, number[]> {
  const rows = ticks.map(of);
  const history = (resource: Resource): number[] => rows.map((row) => row[resource]);
  return { cpu: history("cpu"), memory: history("memory"), network: history("network"), storage: history("storage") };
}

function fleetView(newest: number): FleetView {
  const ticks = ticksUpTo(newest);
  const totals = (part: keyof Totals) => histories(ticks, (tick) => tickOf(tick).totals[part]);
  const short = histories(ticks, (tick) =>
    amounts((resource) => tickOf(tick).customers.reduce((sum, customer) => sum + customer.short[resource], 0)),
  );
  return {
    mode: "act",
    simulated: { is: true, speed: 600, seed: 1 },
    tickSeconds: STEP_MS / 1000,
    serviceLevel: 0.999,
    latest: tickOf(newest),
    history: {
      at: ticks.map(atOf),
      used: totals("used"),
      base: totals("base"),
      leased: totals("leased"),
      buffer: totals("buffer"),
      short,
    },
  };
}

function customerChart(id: string, newest: number): CustomerChart | undefined {
  const customer = CUSTOMERS.find((each) => each.id === id);
  if (customer === undefined) return undefined;
  const ticks = ticksUpTo(newest);
  const past = (part: "used" | "allowed" | "fromBuffer" | "short") =>
    histories(ticks, (tick) => customerState(customer, tick)[part]);
  const { name, base, ceiling } = customerState(customer, newest);
  const ahead = Array.from({ length: DAY_TICKS }, (_, index) => newest + 1 + index);
  const levels = [0.05, 0.25, 0.5, 0.8, 0.95, 0.99];
  const fan = (resource: Resource) => ({
    levels,
    at: ahead.map(atOf),
    quantiles: ahead.map((tick) => levels.map((level) => customerState(customer, tick).used[resource] * (0.5 + level))),
  });
  const forecast = Object.fromEntries(RESOURCES.map((each) => [each, fan(each)])) as CustomerChart["forecast"];
  const history = {
    used: past("used"),
    allowed: past("allowed"),
    fromBuffer: past("fromBuffer"),
    short: past("short"),
  };
  return { id, name, at: ticks.map(atOf), ...history, base, ceiling, leases: [], forecast };
}
