// The page: rail, top bar, and the one place that the address names. It only puts together what the store knows.
import { memo, type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { RESOURCES } from "../model/resources.ts";
import { type Freshness, freshnessOf } from "./live/freshness.ts";
import type { LiveState, LiveStore } from "./live/live-store.ts";
import { CustomerPage } from "./pages/customer-page.tsx";
import { FleetPage } from "./pages/fleet-page.tsx";
import { KeyPage } from "./parts/key-page.tsx";
import { ModeCard, Rail } from "./parts/rail.tsx";
import { Banner, FailedPage, LoadingPage, NotReadyPage } from "./parts/states.tsx";
import { TopBar } from "./parts/top-bar.tsx";
import { type Route, readRoute, writeRoute } from "./route.ts";
import { useTheme } from "./theme.ts";
import { clockTime, durationText, timeZoneName } from "./units.ts";

export function App({ store, clock }: { store: LiveStore; clock: () => number }): ReactNode {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const [route, goTo] = useRoute();
  const { toggleTheme } = useTheme();
  const freshness = useFreshness(state, clock);
  const fleet = state.fleet.kind === "ready" ? state.fleet.value : undefined;
  const customer = route.page === "customer" ? route.id : undefined;
  useEffect(() => store.watchCustomer(customer), [store, customer]);
  useKeys({ route, goTo, toggleTheme });
  useEffect(() => {
    const name = fleet?.latest.customers.find(({ id }) => id === customer)?.name ?? customer ?? "Fleet";
    document.title = `${name} - Headroom`;
  }, [fleet, customer]);
  return (
    <>
      <a className="skip-link" href="#main">
        Skip to the page
      </a>
      <Rail route={route} fleet={fleet} onRoute={goTo} />
      <div className="column">
        <TopBar route={route} fleet={fleet} freshness={freshness} onRoute={goTo} onTheme={toggleTheme} />
        <main id="main" tabIndex={-1}>
          {fleet && <StaleBanner freshness={freshness} lastTick={fleet.latest.at} />}
          <Place state={state} route={route} goTo={goTo} />
          {fleet && (
            <footer>
              <div className="on-phones">
                <ModeCard fleet={fleet} />
              </div>
              <p>
                Times are {timeZoneName()}. Keys: <kbd>1</kbd> to <kbd>4</kbd> resource, <kbd>t</kbd> theme, arrows move
                the cursor of a chart.
              </p>
            </footer>
          )}
        </main>
      </div>
    </>
  );
}

interface PlaceProps {
  readonly state: LiveState;
  readonly route: Route;
  readonly goTo: (route: Route) => void;
}

/** Drawn when there is news, not whenever the clock moves on. */
const Place = memo(function Place({ state, route, goTo }: PlaceProps): ReactNode {
  const { fleet, customer } = state;
  if (fleet.kind === "failed" && fleet.problem.type === NOT_READY) return <NotReadyPage />;
  if (fleet.kind === "failed" && fleet.problem.status === 401) return <KeyPage problem={fleet.problem} />;
  if (route.page === "fleet") {
    switch (fleet.kind) {
      case "loading":
        return <LoadingPage what="Reading the fleet" />;
      case "failed":
        return <FailedPage what="The fleet cannot be read." problem={fleet.problem} />;
      case "ready":
        return <FleetPage fleet={fleet.value} resource={route.resource} />;
    }
  }
  const chart = customer?.id === route.id ? customer.chart : { kind: "loading" as const };
  switch (chart.kind) {
    case "loading":
      return <LoadingPage what="Reading the customer" />;
    case "failed":
      return <FailedPage what="This customer cannot be read." problem={chart.problem} />;
    case "ready": {
      const onResource = (resource: Route["resource"]): void => goTo({ ...route, resource });
      return <CustomerPage chart={chart.value} resource={route.resource} onResource={onResource} />;
    }
  }
});

const NOT_READY = "urn:headroom:problem:not-ready";

function StaleBanner({ freshness, lastTick }: { freshness: Freshness; lastTick: string }): ReactNode {
  if (freshness.kind === "live") return null;
  const since = `for ${durationText(freshness.silentMs)}`;
  return (
    <Banner tone="warning">
      {freshness.connected ? `No tick ${since}.` : `No connection to Headroom ${since}; trying again.`} Everything shown
      is of {clockTime(Date.parse(lastTick))}. The page goes on as soon as ticks come in.
    </Banner>
  );
}

function useRoute(): [Route, (route: Route) => void] {
  const [route, setRoute] = useState(() => readRoute(location));
  useEffect(() => {
    const read = (): void => setRoute(readRoute(location));
    addEventListener("popstate", read);
    return () => removeEventListener("popstate", read);
  }, []);
  const goTo = useCallback((next: Route) => {
    const moved = writeRoute(next).split("?")[0] !== location.pathname;
    history.pushState(null, "", writeRoute(next));
    setRoute(next);
    if (moved) scrollTo(0, 0);
  }, []);
  return [route, goTo];
}

/** Looks at the clock once a second, since silence brings no news. */
function useFreshness(state: LiveState, clock: () => number): Freshness {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 1_000);
    return () => clearInterval(timer);
  }, [clock]);
  return freshnessOf(state, Math.max(now, state.heardAt ?? 0));
}

function useKeys(given: { route: Route; goTo: (route: Route) => void; toggleTheme: () => void }): void {
  const { route, goTo, toggleTheme } = given;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLInputElement) return;
      const resource = RESOURCES[Number(event.key) - 1];
      if (resource) goTo({ ...route, resource });
      else if (event.key === "t") toggleTheme();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [route, goTo, toggleTheme]);
}
