// The top bar: where am I, which resource, is it live, light or dark.
import type { ReactNode } from "react";
import type { FleetView } from "../../api/contract/live.ts";
import { RESOURCES } from "../../model/resources.ts";
import type { Freshness } from "../live/freshness.ts";
import type { Route } from "../route.ts";
import { clockTime, countOf, durationText, RESOURCE_WORDS } from "../units.ts";
import { Icon } from "./icons.tsx";
import { RouteLink } from "./route-link.tsx";
import { Segmented } from "./segmented.tsx";

interface TopBarProps {
  readonly route: Route;
  readonly fleet: FleetView | undefined;
  readonly freshness: Freshness;
  readonly onRoute: (route: Route) => void;
  readonly onTheme: () => void;
}

export function TopBar({ route, fleet, freshness, onRoute, onTheme }: TopBarProps): ReactNode {
  return (
    <header className="top-bar">
      <Crumb route={route} fleet={fleet} onRoute={onRoute} />
      <Segmented
        label="Resource"
        choices={RESOURCES.map((resource) => [resource, RESOURCE_WORDS[resource]] as const)}
        chosen={route.resource}
        onChoose={(resource) => onRoute({ ...route, resource })}
      />
      {fleet && <LiveState latest={fleet.latest} freshness={freshness} />}
      <button
        type="button"
        className="icon-button"
        aria-label="Change theme"
        title="Light or dark (t)"
        onClick={onTheme}
      >
        <Icon name="sun" />
      </button>
    </header>
  );
}

function Crumb({ route, fleet, onRoute }: Pick<TopBarProps, "route" | "fleet" | "onRoute">): ReactNode {
  switch (route.page) {
    case "fleet":
      return (
        <div className="crumb">
          <b>Fleet</b>
          {fleet && <span className="crumb-size">{sizeOf(fleet)}</span>}
        </div>
      );
    case "customer": {
      const customer = fleet?.latest.customers.find(({ id }) => id === route.id);
      return (
        <div className="crumb">
          <RouteLink to={{ page: "fleet", resource: route.resource }} onRoute={onRoute}>
            Fleet
          </RouteLink>
          <span aria-hidden="true">›</span>
          <b>{customer?.name ?? route.id}</b>
          {customer && <span className="crumb-size">{countOf(customer.vms, "VM")}</span>}
        </div>
      );
    }
  }
}

function sizeOf({ latest }: FleetView): string {
  const vms = latest.hosts.reduce((sum, host) => sum + host.vms, 0);
  return `${countOf(vms, "VM")} on ${countOf(latest.hosts.length, "host")}`;
}

function LiveState({ latest, freshness }: { latest: FleetView["latest"]; freshness: Freshness }): ReactNode {
  return (
    <span className="live number" data-freshness={freshness.kind}>
      <i className="dot" />
      {freshness.kind === "stale" ? (
        `No tick for ${durationText(freshness.silentMs)}`
      ) : (
        <span>
          Live. Tick {clockTime(Date.parse(latest.at))}
          <span className="took"> took {durationText(latest.tookMs)}</span>
        </span>
      )}
    </span>
  );
}
