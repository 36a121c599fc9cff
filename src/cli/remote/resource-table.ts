// The four resources as rows of amounts: each row in the unit in which its largest amount reads well.
import { type Resource, UNLIMITED_AMOUNT } from "../../model/resources.ts";
import { amountScale, notNothing } from "../amount-scale.ts";
import { type Table, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";

export const RESOURCE_NAMES: Readonly<Record<Resource, string>> = {
  cpu: "CPU",
  memory: "memory",
  network: "network",
  storage: "storage",
};

export interface ResourceRow {
  readonly resource: Resource;
  /** One for each head; null: unknown. */
  readonly amounts: readonly (number | null)[];
}

export function resourceLines(
  given: {
    readonly heads: readonly string[];
    readonly rows: readonly ResourceRow[];
    readonly groups?: Table["groups"];
  },
  page: LocalPage,
): string[] {
  const { heads, rows, groups } = given;
  const columns = [{ head: "", isText: true, isWhole: true }, ...heads.map((head) => ({ head }))] as const;
  return tableLines({ columns, rows: rows.map(cellsOf), ...(groups && { groups }) }, page);
}

function cellsOf({ resource, amounts }: ResourceRow): string[] {
  const limited = amounts.filter((amount) => amount !== null && amount < UNLIMITED_AMOUNT);
  const scale = amountScale(resource, Math.max(0, ...limited.map((amount) => Math.abs(amount ?? 0))));
  const shown = amounts.map((amount) => {
    if (amount === null) return "-";
    return amount < UNLIMITED_AMOUNT ? notNothing(scale, amount) : "no limit";
  });
  return [`${RESOURCE_NAMES[resource]}, ${scale.unit}`, ...shown];
}
