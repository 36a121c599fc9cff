// The hosts, one row each: how full, by what, and how its shadow VMs are. Beyond a screenful only those with least room.
import type { ReactNode } from "react";
import type { HostState } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import { Mark } from "../marks.tsx";
import { amountText, amountWithUnit, countOf, isLimited, type Scale, wholeNumber } from "../units.ts";
import { CapacityBar } from "./capacity-bar.tsx";
import { Icon } from "./icons.tsx";

const ROWS_MAX = 40;

interface HostStripProps {
  readonly hosts: readonly HostState[];
  readonly resource: Resource;
  readonly scale: Scale;
}

export function HostStrip({ hosts, resource, scale }: HostStripProps): ReactNode {
  const shown =
    hosts.length <= ROWS_MAX
      ? hosts
      : hosts.toSorted((one, other) => roomOf(one, resource) - roomOf(other, resource)).slice(0, ROWS_MAX);
  // Without a capacity to fill, bars share the scale of the largest.
  const largest = Math.max(...hosts.map((host) => Math.max(reservedOf(host, resource), host.totals.used[resource])));
  return (
    <>
      <ul className="hosts">
        {shown.map((host) => (
          <HostRow key={host.id} host={host} resource={resource} scale={scale} largest={largest} />
        ))}
      </ul>
      {shown.length < hosts.length && (
        <p className="note">
          The {ROWS_MAX} hosts with least room; {wholeNumber(hosts.length - ROWS_MAX)} more have more.
        </p>
      )}
    </>
  );
}

type HostRowProps = Omit<HostStripProps, "hosts"> & { readonly host: HostState; readonly largest: number };

function HostRow({ host, resource, scale, largest }: HostRowProps): ReactNode {
  const { base, leased, buffer, used } = host.totals;
  const reserved = reservedOf(host, resource);
  const capacity = host.capacity[resource];
  const short = host.shortTicks[resource];
  const words = `${amountText(reserved, scale)} reserved, ${amountText(used[resource], scale)} used`;
  const ofCapacity = isLimited(capacity) ? ` of ${amountWithUnit(capacity, scale)}` : "";
  return (
    <li className="host number">
      <span className="host-name">
        {host.id} <small>{countOf(host.vms, "VM")}</small>
      </span>
      <CapacityBar
        base={base[resource]}
        leased={leased[resource]}
        buffer={buffer[resource]}
        used={used[resource]}
        end={isLimited(capacity) ? capacity : largest}
        label={`${host.id}: ${words}${ofCapacity}`}
      />
      <span className="host-words">
        <b>{amountText(reserved, scale)}</b> reserved, <b>{amountText(used[resource], scale)}</b> used
      </span>
      <ShadowVms host={host} resource={resource} scale={scale} />
      {short === 0 ? (
        <span className="flag">
          <Icon name="tick" size={15} />
          never short
        </span>
      ) : (
        <span className="flag bad">
          <Mark name="short" />
          short {wholeNumber(short)}×
        </span>
      )}
    </li>
  );
}

/** A cell for each shadow VM: hatched while it holds buffer, dashed while it comes or goes, and all of them in words. */
function ShadowVms({ host, resource, scale }: Omit<HostRowProps, "largest">): ReactNode {
  const counts = new Map<string, number>();
  for (const { state } of host.shadowVms) counts.set(state, (counts.get(state) ?? 0) + 1);
  const words = [...counts].map(([state, count]) => `${count} ${state.replace("-", " ")}`).join(", ");
  return (
    <span className="shadow-vms">
      {words !== "" && (
        <span className="cells" aria-hidden="true">
          {host.shadowVms.slice(0, CELLS_MAX).map(({ id, state, holds }) => (
            <i
              key={id}
              className={`cell cell-${state}`}
              data-holds={holds[resource] > 0}
              title={`${id}: ${state.replace("-", " ")}, holds ${amountWithUnit(holds[resource], scale)}`}
            />
          ))}
        </span>
      )}
      {words === "" ? "no shadow VM" : words}
    </span>
  );
}

const CELLS_MAX = 8;

function reservedOf({ totals }: HostState, resource: Resource): number {
  return totals.base[resource] + totals.leased[resource] + totals.buffer[resource];
}

function roomOf(host: HostState, resource: Resource): number {
  return host.capacity[resource] - reservedOf(host, resource);
}
