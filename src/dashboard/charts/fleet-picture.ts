// The fleet's last hours: base, leased and buffer stacked under what was used.
import type { FleetView } from "../../api/contract/live.ts";
import type { Resource } from "../../model/resources.ts";
import { amountText, amountWithUnit, isLimited, type Scale } from "../units.ts";
import type { ChartModel } from "./chart-model.ts";
import { floorMarks } from "./floor-marks.ts";

export interface FleetPictureOptions {
  readonly fleet: FleetView;
  readonly resource: Resource;
  readonly scale: Scale;
  /** How far back it looks. */
  readonly spanMs: number;
}

export function fleetPicture({ fleet, resource, scale, spanMs }: FleetPictureOptions): ChartModel {
  const { latest, history } = fleet;
  const now = Date.parse(latest.at);
  const { used, base, leased, buffer, fixed } = latest.totals;
  const ready = base[resource] + leased[resource] + buffer[resource];
  return {
    at: history.at,
    now,
    from: now - spanMs,
    to: now,
    layers: [
      {
        kind: "stack",
        base: history.base[resource],
        leased: history.leased[resource],
        buffer: history.buffer[resource],
      },
      { kind: "used", values: history.used[resource] },
    ],
    floor: floorMarks("short", { at: history.at, amounts: history.short[resource] }),
    gutter: [
      { value: ready, text: `ready ${amountText(ready, scale)}`, ink: "lease" },
      { value: used[resource], text: `used ${amountText(used[resource], scale)}`, ink: "ink" },
    ],
    above: isLimited(fixed[resource]) ? `fixed sizes would hold ${amountWithUnit(fixed[resource], scale)}` : undefined,
    scale,
  };
}
