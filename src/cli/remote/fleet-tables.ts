// Customers, VMs and hosts as tables that read well at 80 columns.
import type { Resource } from "../../model/resources.ts";
import { momentIn } from "../local-time.ts";
import { styled } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { type AnswerOf, type askCustomers, type askHosts, type askVms, usageOfHost } from "./fleet-questions.ts";
import { usageLines } from "./usage-table.ts";

type Shown = readonly Resource[] | undefined;

export function customersLines(
  { items, isCut }: AnswerOf<typeof askCustomers>,
  resources: Shown,
  page: LocalPage,
): string[] {
  if (items.length === 0) return ["There are no customers yet: PUT /v1/customers/ID makes one (docs/api.md)."];
  const lead = [{ head: "customer", isText: true }, { head: "plan", isText: true }, { head: "VMs" }] as const;
  const rows = items.map(({ id, contract, allocation }) => ({
    cells: [id, contract.optedIn.length === 0 ? "out" : contract.plan, String(allocation?.vms ?? 0)],
    usage: allocation?.resources ?? null,
  }));
  return [...asOf(items, page), ...usageLines({ lead, rows, resources }, page), ...cutNote(isCut, items.length, page)];
}

export function vmsLines({ items, isCut }: AnswerOf<typeof askVms>, resources: Shown, page: LocalPage): string[] {
  if (items.length === 0) return ["There are no VMs here: PUT /v1/vms/ID makes one, samples can too (docs/api.md)."];
  const lead = [{ head: "VM", isText: true }] as const;
  const rows = items.map(({ id, allocation }) => ({ cells: [id], usage: allocation?.resources ?? null }));
  return [...asOf(items, page), ...usageLines({ lead, rows, resources }, page), ...cutNote(isCut, items.length, page)];
}

export function hostsLines({ items, isCut }: AnswerOf<typeof askHosts>, resources: Shown, page: LocalPage): string[] {
  if (items.length === 0) return ["There are no hosts yet: PUT /v1/hosts/ID makes one (docs/api.md)."];
  const lead = [{ head: "host", isText: true }, { head: "VMs" }] as const;
  const rows = items.map(({ id, state }) => ({
    cells: [id, String(state?.vms ?? "-")],
    usage: state && usageOfHost(state),
  }));
  return [...usageLines({ lead, rows, resources }, page), ...cutNote(isCut, items.length, page)];
}

function asOf(
  items: readonly { readonly allocation: { readonly at: string } | null }[],
  page: LocalPage,
): readonly string[] {
  const [newest] = items
    .flatMap(({ allocation }) => (allocation ? [allocation.at] : []))
    .sort()
    .slice(-1);
  if (newest === undefined) return ["No tick has seen them yet: amounts come with the first one.", ""];
  return [styled(`As of ${momentIn(page.zone, newest)}.`, "dim", page), ""];
}

function cutNote(isCut: boolean, shown: number, page: LocalPage): string[] {
  return isCut ? [styled(`These are the first ${shown}: --limit shows more.`, "dim", page)] : [];
}
