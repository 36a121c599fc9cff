// What the Fleet page says: is there enough, and how much is too much?
import type { FleetView } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import type { SentenceParts } from "../parts/sentence.tsx";
import type { Statistic } from "../parts/statistics.tsx";
import {
  amountText,
  amountWithUnit,
  countOf,
  isLimited,
  moneyText,
  RESOURCE_IN_SENTENCE,
  ratioText,
  type Scale,
  shareText,
  wholeNumber,
} from "../units.ts";

type Totals = FleetView["latest"]["totals"];

/** A fleet as one resource shows it. */
export interface ShownFleet {
  readonly fleet: FleetView;
  readonly resource: Resource;
  readonly scale: Scale;
}

/** base + leased + buffer. */
export function readyOf({ base, leased, buffer }: Totals, resource: Resource): number {
  return base[resource] + leased[resource] + buffer[resource];
}

export function fleetSentence({ fleet, resource, scale }: ShownFleet): SentenceParts {
  const { mode, latest } = fleet;
  const { totals } = latest;
  const ready = { mark: "ready", text: amountWithUnit(readyOf(totals, resource), scale) } as const;
  const used = { mark: "used", text: amountText(totals.used[resource], scale) } as const;
  const fixed = totals.fixed[resource];
  const fixedPart = { mark: "fixed", text: amountText(fixed, scale) } as const;
  switch (mode) {
    case "act":
      return [
        ready,
        " are ready and ",
        used,
        " are in use.",
        ...(isLimited(fixed) ? [" Fixed sizes would hold ", fixedPart, "."] : []),
      ];
    case "observe":
      return [
        "Headroom would hold ",
        ready,
        "; ",
        used,
        " are in use.",
        ...(isLimited(fixed) ? [" Fixed sizes hold ", fixedPart, "."] : []),
      ];
  }
}

export function fleetSecondSentence({ fleet, resource, scale }: ShownFleet): string {
  const { latest } = fleet;
  const capacity = latest.hosts.reduce((sum, host) => sum + host.capacity[resource], 0);
  const room = isLimited(capacity) ? `The hosts have room for ${amountWithUnit(capacity, scale)}. ` : "";
  const shortHosts = latest.hosts.filter(({ shortTicks }) => shortTicks[resource] > 0).length;
  if (shortHosts === 0) return `${room}No host was short of ${RESOURCE_IN_SENTENCE[resource]} in the last 24 h.`;
  return `${room}${countOf(shortHosts, "host")} went short of ${RESOURCE_IN_SENTENCE[resource]} at some time in the last 24 h.`;
}

export function fleetStatistics({ fleet, resource, scale }: ShownFleet): readonly Statistic[] {
  const { latest } = fleet;
  const fixed = latest.totals.fixed[resource];
  const ready = readyOf(latest.totals, resource);
  const shortTicks = latest.hosts.reduce((sum, host) => sum + host.shortTicks[resource], 0);
  const hostTicks = latest.hosts.length * fleet.history.at.length;
  const { currency, reservedPerHour, fixedPerHour } = latest.money;
  return [
    {
      name: `Reserved for each ${scale.unitOfOne} used`,
      value: ratioText(latest.reservedPerUsed24h[resource]),
      note: isLimited(fixed) ? `24 h. Fixed sizes: ${ratioText(fixedPerUsed(fleet, resource))}` : "24 h",
    },
    isLimited(fixed)
      ? {
          name: "Saved against fixed sizes",
          value: amountText(Math.max(fixed - ready, 0), scale),
          unit: scale.unit,
          note: `${shareText(fixed === 0 ? 0 : Math.max(1 - ready / fixed, 0))} less is held now`,
        }
      : { name: "Saved against fixed sizes", value: "–", note: "no fixed sizes are known" },
    {
      name: "Short in 24 h",
      mark: "short",
      value: wholeNumber(shortTicks),
      unit: `of ${countOf(hostTicks, "host tick")}`,
      note: `${shareText(latest.short24h[resource])} of demand not covered`,
    },
    {
      name: "From the buffer",
      mark: "from-buffer",
      value: shareText(latest.fromBuffer24h[resource]),
      note: "of demand in 24 h",
    },
    {
      name: "Cost of all resources",
      value: moneyText(reservedPerHour, currency),
      unit: "an hour",
      note: `Fixed sizes: ${moneyText(fixedPerHour, currency)}`,
    },
  ];
}

function fixedPerUsed({ latest, history }: FleetView, resource: Resource): number {
  const used = history.used[resource].reduce((sum, amount) => sum + amount, 0);
  return used === 0 ? 0 : (latest.totals.fixed[resource] * history.at.length) / used;
}
