// The rail: the places that exist, and at its foot what Headroom is allowed to do. On a phone it lies at the bottom.
import { type ReactNode, useEffect, useRef } from "react";
import type { FleetView } from "../../api/contract/live.ts";
import type { Route } from "../route.ts";
import { wholeNumber } from "../units.ts";
import { Brand, Icon, type IconName } from "./icons.tsx";
import { RouteLink } from "./route-link.tsx";

interface RailProps {
  readonly route: Route;
  readonly fleet: FleetView | undefined;
  readonly onRoute: (route: Route) => void;
}

export function Rail({ route, fleet, onRoute }: RailProps): ReactNode {
  const { resource } = route;
  const customers = fleet?.latest.customers ?? [];
  return (
    <nav className="rail" aria-label="Places">
      <div className="brand">
        <Brand />
        Headroom
      </div>
      <h2>Operate</h2>
      <Place icon="fleet" current={route.page === "fleet"} to={{ page: "fleet", resource }} onRoute={onRoute}>
        Fleet
      </Place>
      {customers.length > 0 && <h2>Customers</h2>}
      {customers.map(({ id, name, vms }) => (
        <Place
          key={id}
          icon="customer"
          current={route.page === "customer" && route.id === id}
          to={{ page: "customer", id, resource }}
          onRoute={onRoute}
          count={vms}
        >
          {name}
        </Place>
      ))}
      {fleet && (
        <div className="rail-foot">
          <ModeCard fleet={fleet} />
        </div>
      )}
    </nav>
  );
}

interface PlaceProps {
  readonly icon: IconName;
  readonly current: boolean;
  readonly to: Route;
  readonly onRoute: (route: Route) => void;
  /** VMs. */
  readonly count?: number;
  readonly children: ReactNode;
}

function Place({ icon, current, to, onRoute, count, children }: PlaceProps): ReactNode {
  const link = useRef<HTMLAnchorElement>(null);
  // On a phone not all of them fit beside each other.
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <RouteLink ref={link} className="place" to={to} onRoute={onRoute} current={current}>
      <Icon name={icon} />
      <span className="place-name">{children}</span>
      {count !== undefined && (
        <span className="place-count number">
          {wholeNumber(count)}
          <span className="hidden-text"> VMs</span>
        </span>
      )}
    </RouteLink>
  );
}

export function ModeCard({ fleet }: { fleet: FleetView }): ReactNode {
  const { mode, simulated } = fleet;
  return (
    <div className={`mode mode-${mode}`}>
      <b>
        <Icon name={mode} />
        {mode === "act" ? "Act" : "Observe"}
      </b>
      <p>{mode === "act" ? "Applies its decisions." : "Changes nothing."}</p>
      {simulated.is && (
        <p className="number">
          Simulated, {wholeNumber(simulated.speed)} × speed.
          <br />
          Seed {simulated.seed}.
        </p>
      )}
    </div>
  );
}
