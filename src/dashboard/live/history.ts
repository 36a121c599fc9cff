// Ticks joined to what was loaded before: the newest comes in at the right, what is older than 24 h leaves at the left.
// A tick that is already in changes nothing, so it does no harm to hear of one twice.
import type { CustomerChart, Decision, Fan, FleetView, Tick } from "../../api/contract/live.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { DAY_MS, SECOND_MS, ticksPer } from "../../model/time.ts";

const DECISIONS_MAX = 50;

export function joinTick(fleet: FleetView, tick: Tick): FleetView {
  const at = Date.parse(tick.at);
  const { history } = fleet;
  if (at <= Date.parse(fleet.latest.at)) return fleet;
  const ticksMax = ticksPer(DAY_MS, fleet.tickSeconds * SECOND_MS);
  const { used, base, leased, buffer } = tick.totals;
  const short = shortOf(tick);
  return {
    ...fleet,
    latest: { ...tick, decisions: newestFirst(tick.decisions, fleet.latest.decisions) },
    history: {
      at: joined(history.at, at, ticksMax),
      used: joinedAmounts(history.used, used, ticksMax),
      base: joinedAmounts(history.base, base, ticksMax),
      leased: joinedAmounts(history.leased, leased, ticksMax),
      buffer: joinedAmounts(history.buffer, buffer, ticksMax),
      short: joinedAmounts(history.short, short, ticksMax),
    },
  };
}

/** The forecast stays as it was made; only its part that has come to pass is cut off. */
export function joinCustomerTick(
  chart: CustomerChart,
  { tick, ticksMax }: { readonly tick: Tick; readonly ticksMax: number },
): CustomerChart {
  const at = Date.parse(tick.at);
  const state = tick.customers.find(({ id }) => id === chart.id);
  if (state === undefined || at <= (chart.at.at(-1) ?? 0)) return chart;
  return {
    ...chart,
    at: joined(chart.at, at, ticksMax),
    used: joinedAmounts(chart.used, state.used, ticksMax),
    allowed: joinedAmounts(chart.allowed, state.allowed, ticksMax),
    fromBuffer: joinedAmounts(chart.fromBuffer, state.fromBuffer, ticksMax),
    short: joinedAmounts(chart.short, state.short, ticksMax),
    base: state.base,
    ceiling: state.ceiling,
    forecast: byResource((resource) => stillToCome(chart.forecast[resource], at)),
  };
}

type Amounts = Readonly<Record<Resource, number>>;
type Histories = Record<Resource, number[]>;

/** Every VM belongs to a customer, so the customers' shortfalls are the fleet's. */
function shortOf({ customers }: Tick): Amounts {
  return byResource((resource) => customers.reduce((sum, { short }) => sum + short[resource], 0));
}

function newestFirst(news: readonly Decision[], before: readonly Decision[]): Decision[] {
  const known = new Set(news.map(({ id }) => id));
  const all = [...news, ...before.filter(({ id }) => !known.has(id))];
  return all.toSorted((left, right) => right.id - left.id).slice(0, DECISIONS_MAX);
}

function joined(before: readonly number[], value: number, ticksMax: number): number[] {
  return [...before.slice(Math.max(0, before.length + 1 - ticksMax)), value];
}

function joinedAmounts(before: Histories, amounts: Amounts, ticksMax: number): Histories {
  return byResource((resource) => joined(before[resource], amounts[resource], ticksMax));
}

function stillToCome({ levels, at, quantiles }: Fan, now: number): Fan {
  const next = at.findIndex((each) => each > now);
  const from = next < 0 ? at.length : next;
  return { levels, at: at.slice(from), quantiles: quantiles.slice(from) };
}

function byResource<Value>(make: (resource: Resource) => Value): Record<Resource, Value> {
  return Object.fromEntries(RESOURCES.map((resource) => [resource, make(resource)])) as Record<Resource, Value>;
}
