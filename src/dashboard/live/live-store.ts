// What the page knows, in one place: the fleet, the customer being looked at, and how the connection is.
// It follows the live stream by itself; viewers are told at most twice a second, and not at all while the page is hidden.
import type { HeadroomClient } from "../../api/client/client.ts";
import type { LiveNews } from "../../api/client/watch-live.ts";
import type { CustomerChart, FleetView, Problem, Tick } from "../../api/contract/live.ts";
import type { Result } from "../../model/result.ts";
import { DAY_MS, SECOND_MS, ticksPer } from "../../model/time.ts";
import { joinCustomerTick, joinTick } from "./history.ts";
import { createShownState } from "./shown-state.ts";

type Loaded<Value> =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly problem: Problem }
  | { readonly kind: "ready"; readonly value: Value };

export interface LiveState {
  readonly fleet: Loaded<FleetView>;
  readonly customer: { readonly id: string; readonly chart: Loaded<CustomerChart> } | undefined;
  readonly connected: boolean;
  /** When the last tick came in, on the wall's clock; undefined before the first. */
  readonly heardAt: number | undefined;
}

export interface LiveStore {
  getState(): LiveState;
  subscribe(changed: () => void): () => void;
  /** Loads a customer's chart and keeps it up to date; undefined: nobody's. */
  watchCustomer(id: string | undefined): void;
  /** Follows the stream until it ends. */
  follow(news: AsyncIterable<LiveNews>): Promise<void>;
}

export interface LiveStoreOptions {
  readonly client: HeadroomClient;
  readonly clock: () => number;
  /** Calls back when the page may be drawn again: throttled, and only while somebody can see it. */
  readonly whenVisible: (draw: () => void) => void;
}

const LOADING = { kind: "loading" } as const;
const NOTHING_YET: LiveState = { fleet: LOADING, customer: undefined, connected: false, heardAt: undefined };
const RETRY_MS = 2_000;
const FORECAST_EVERY_MS = 2_000;
/** Ticks that may come in while a snapshot is on its way. */
const RECENT_MAX = 100;

export function createLiveStore({ client, clock, whenVisible }: LiveStoreOptions): LiveStore {
  const state = createShownState<LiveState>(NOTHING_YET, { whenVisible });
  let recent: Tick[] = [];
  let chartAskedAt = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function loadFleet(): Promise<void> {
    const answer = await client.getFleet();
    const fleet = loadedFrom(answer, (view) => recent.reduce(joinTick, view));
    state.change({ fleet, ...(answer.ok && { heardAt: clock() }) });
    clearTimeout(retry);
    if (!answer.ok) retry = setTimeout(loadFleet, RETRY_MS);
  }

  async function loadChart(): Promise<void> {
    const asked = state.now().customer;
    if (asked === undefined || isUnknown(asked.chart)) return;
    const { id } = asked;
    chartAskedAt = clock();
    const answer = await client.getCustomerChart({ id });
    const { customer } = state.now();
    if (customer?.id !== id) return;
    // A forecast that could not be had anew is no reason to take the last one away.
    if (!answer.ok && customer.chart.kind === "ready") return;
    state.change({ customer: { id, chart: loadedFrom(answer, (chart) => recent.reduce(joinToChart, chart)) } });
  }

  function joinToChart(chart: CustomerChart, tick: Tick): CustomerChart {
    const { fleet } = state.now();
    if (fleet.kind !== "ready") return chart;
    return joinCustomerTick(chart, { tick, ticksMax: ticksPer(DAY_MS, fleet.value.tickSeconds * SECOND_MS) });
  }

  function hear(tick: Tick): void {
    recent = [...recent.slice(1 - RECENT_MAX), tick];
    const { fleet, customer } = state.now();
    state.change({
      heardAt: clock(),
      ...(fleet.kind === "ready" && { fleet: { kind: "ready", value: joinTick(fleet.value, tick) } }),
      ...(customer?.chart.kind === "ready" && {
        customer: { id: customer.id, chart: { kind: "ready", value: joinToChart(customer.chart.value, tick) } },
      }),
    });
    if (clock() - chartAskedAt >= FORECAST_EVERY_MS) void loadChart();
  }

  function take(news: LiveNews): void {
    switch (news.kind) {
      case "connected":
        state.change({ connected: true });
        break;
      case "lost":
        state.change({ connected: false });
        // Without a stream there is at least a snapshot, or a word on why there is none.
        if (state.now().fleet.kind === "loading") void loadFleet();
        break;
      case "reset":
        recent = [];
        void loadFleet();
        void loadChart();
        break;
      case "tick":
        hear(news.tick);
        break;
    }
  }

  return {
    getState: state.shown,
    subscribe: state.subscribe,
    watchCustomer(id) {
      if (state.now().customer?.id === id) return;
      state.change({ customer: id === undefined ? undefined : { id, chart: LOADING } });
      void loadChart();
    },
    async follow(news) {
      for await (const each of news) take(each);
    },
  };
}

/** Asking again would not help. */
function isUnknown(chart: Loaded<CustomerChart> | undefined): boolean {
  return chart?.kind === "failed" && chart.problem.status === 404;
}

function loadedFrom<Value>(answer: Result<Value, Problem>, then: (value: Value) => Value): Loaded<Value> {
  return answer.ok ? { kind: "ready", value: then(answer.value) } : { kind: "failed", problem: answer.error };
}
