// What a watch shows of one tick: a picture of some twenty lines, or one line for a pipe.

import type { Static } from "typebox";
import type { CustomerState, CustomerTick, Decision, Tick } from "../../api/contract/live.ts";
import type { LoggedDecision, VmAllocation } from "../../api/contract/monitoring.ts";
import { formatAmount } from "../../model/format-amount.ts";
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { clockIn, minuteIn } from "../local-time.ts";
import { shownOn } from "../terminal.ts";
import { styled } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { allocationLines, shortDecisionLines } from "./one-in-detail.ts";
import { RESOURCE_NAMES, resourceLines } from "./resource-table.ts";
import { counted } from "./status-command.ts";
import { type Usage, usageLines } from "./usage-table.ts";
import type { Subject } from "./watch-subject.ts";

export type Seen =
  | { readonly kind: "fleet"; readonly value: Tick | CustomerTick }
  | {
      readonly kind: "customer";
      readonly value: {
        readonly at: string;
        readonly customer: CustomerState;
        readonly decisions: readonly Decision[];
      };
    }
  | {
      readonly kind: "vm";
      readonly value: VmAllocation & { readonly decisions: readonly Static<typeof LoggedDecision>[] };
    };

export interface WatchPage extends LocalPage {
  /** As many as fit where left out. */
  readonly resources?: readonly Resource[] | undefined;
}

const ROWS_SHOWN = 8;
const DECISIONS_SHOWN = 4;

/** At most 22 lines, so that it fits a terminal of 24. */
export function frameLines(subject: Subject, seen: Seen, page: WatchPage): string[] {
  const name = subject.kind === "fleet" ? "The fleet" : subject.id;
  const title = `${shownOn(page, name)} at ${clockIn(page.zone, seen.value.at)}`;
  return [styled(title, "bold", page), "", ...bodyLines(seen, page)];
}

function bodyLines(seen: Seen, page: WatchPage): string[] {
  switch (seen.kind) {
    case "vm":
      return [
        ...allocationLines({ allocation: { ...seen.value, leases: [] } }, page),
        ...shortDecisionLines(seen.value.decisions.slice(0, DECISIONS_SHOWN), page),
      ];
    case "customer":
      return [
        ...stateLines(seen.value.customer, page),
        ...shortDecisionLines(newestFirst(seen.value.decisions).slice(0, DECISIONS_SHOWN), page),
      ];
    case "fleet":
      return fleetLines(seen.value, page);
  }
}

function fleetLines(tick: Tick | CustomerTick, page: WatchPage): string[] {
  const byDemand = tick.customers.toSorted((one, other) => other.used.cpu - one.used.cpu);
  const whole = "totals" in tick ? [{ cells: ["all", ""], usage: usageOfTotals(tick) }] : [];
  const rows = byDemand.slice(0, ROWS_SHOWN).map((state) => ({
    cells: [state.id, String(state.vms)],
    usage: usageOf(state),
  }));
  const others = byDemand.length - ROWS_SHOWN;
  const lead = [{ head: "customer", isText: true }, { head: "VMs" }] as const;
  return [
    ...usageLines(
      { lead, rows: [...whole, ...rows], heads: ["demand", "allocation", "spare"], resources: page.resources },
      page,
    ),
    ...(others > 0 ? [styled(`and ${counted(others, "more customer")}`, "dim", page)] : []),
    ...shortDecisionLines(newestFirst(tick.decisions).slice(0, DECISIONS_SHOWN), page),
  ];
}

function stateLines({ used, allowed, base, ceiling, fromBuffer, short }: CustomerState, page: LocalPage): string[] {
  const rows = RESOURCES.map((resource) => {
    const wanted = used[resource] + short[resource];
    const amounts = [
      wanted,
      base[resource],
      allowed[resource],
      ceiling[resource],
      fromBuffer[resource],
      short[resource],
    ];
    return { resource, amounts };
  });
  return resourceLines({ heads: ["demand", "base", "allocation", "ceiling", "from buffer", "short"], rows }, page);
}

const DAY_COLUMNS = 10;

/** One line, always of the same parts. */
export function tickLine(subject: Subject, seen: Seen, { zone }: LocalPage): string {
  const usage = usageSeen(seen);
  const told = RESOURCES.map((resource) => {
    const { demand, allocation } = usage[resource];
    const wants = demand === null ? "unknown" : formatAmount(resource, demand);
    return `${RESOURCE_NAMES[resource]} ${wants} of ${formatAmount(resource, allocation)}`;
  });
  const name = subject.kind === "fleet" ? "fleet" : subject.id;
  return `${minuteIn(zone, seen.value.at).slice(0, DAY_COLUMNS)} ${clockIn(zone, seen.value.at)} ${name}: ${told.join(", ")}`;
}

function usageSeen(seen: Seen): Usage {
  switch (seen.kind) {
    case "vm":
      return seen.value.resources;
    case "customer":
      return usageOf(seen.value.customer);
    case "fleet":
      return "totals" in seen.value ? usageOfTotals(seen.value) : sumOf(seen.value.customers.map(usageOf));
  }
}

function usageOf({ used, allowed, short }: CustomerState): Usage {
  return byResource((resource) => {
    const demand = used[resource] + short[resource];
    return { demand, allocation: allowed[resource], spare: allowed[resource] - demand };
  });
}

function usageOfTotals({ totals }: Tick): Usage {
  return byResource((resource) => {
    const allocation = totals.base[resource] + totals.leased[resource];
    return { demand: totals.used[resource], allocation, spare: allocation - totals.used[resource] };
  });
}

function sumOf(usages: readonly Usage[]): Usage {
  const sum = (resource: Resource, of: "demand" | "allocation") =>
    usages.reduce((total, usage) => total + (usage[resource][of] ?? 0), 0);
  return byResource((resource) => ({ demand: sum(resource, "demand"), allocation: sum(resource, "allocation") }));
}

function byResource(of: (resource: Resource) => Usage[Resource]): Usage {
  return { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
}

function newestFirst(decisions: readonly Decision[]): Decision[] {
  return decisions.toSorted((one, other) => other.id - one.id);
}
