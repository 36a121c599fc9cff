// Demand, allocation and headroom of many things, a row each: as many resources side by side as the screen has room for.
import { RESOURCES, type Resource } from "../../model/resources.ts";
import { type AmountScale, amountScale, notNothing } from "../amount-scale.ts";
import { wrapped } from "../terminal.ts";
import { styled, type TableColumn, tableLines } from "../text-table.ts";
import type { LocalPage } from "./ask.ts";
import { RESOURCE_NAMES } from "./resource-table.ts";

interface ResourceUsage {
  readonly demand: number | null;
  readonly allocation: number;
  readonly headroom?: number | null;
  /** Allocation less demand, where nobody knows the buffer in reach. */
  readonly spare?: number;
}

export type Usage = Readonly<Record<Resource, ResourceUsage>>;

interface UsageRow {
  /** One for each of the leading columns. */
  readonly cells: readonly string[];
  /** Null: no tick has seen it yet. */
  readonly usage: Usage | null;
}

type Head = keyof ResourceUsage;
const HEADS: readonly Head[] = ["demand", "allocation", "headroom"];
/** Three columns and the gaps around them. */
const GROUP_COLUMNS = 30;
const NAME_COLUMNS = 18;

interface Leading {
  readonly lead: readonly TableColumn[];
  readonly rows: readonly UsageRow[];
  /** As asked for; as many as fit where left out. */
  readonly resources?: readonly Resource[] | undefined;
  readonly heads?: readonly Head[];
}

export function usageLines(given: Leading, page: LocalPage): string[] {
  const { lead, rows, resources = fitting(given, page), heads = HEADS } = given;
  const scales = resources.map((resource) => scaleOf(resource, rows));
  const groups = [
    { head: "", columns: lead.length },
    ...resources.map((resource, at) => ({
      head: `${RESOURCE_NAMES[resource]}, ${scales[at]?.unit ?? ""}`,
      columns: heads.length,
    })),
  ];
  const cellsOf = (usage: Usage | null) =>
    resources.flatMap((resource, at) => heads.map((head) => cellOf(scales[at], usage?.[resource][head])));
  const columns = [...lead, ...resources.flatMap(() => heads.map((head) => ({ head })))];
  const lines = tableLines({ columns, groups, rows: rows.map((row) => [...row.cells, ...cellsOf(row.usage)]) }, page);
  const hidden = given.resources === undefined ? RESOURCES.filter((each) => !resources.includes(each)) : [];
  const more = hidden.length > 0 ? `Not shown: ${hidden.join(", ")} (--resources ${hidden.join(",")}).` : "";
  const meaning = heads.includes("headroom") ? "Headroom = allocation + buffer in reach - demand. " : "";
  const notes = wrapped(`${meaning}${more}`, page.columns).map((line) => styled(line, "dim", page));
  return notes.length > 0 ? [...lines, "", ...notes] : lines;
}

/** As many as leave the leading columns room; a long name is clipped first. */
function fitting({ lead, rows }: Pick<Leading, "lead" | "rows">, { columns }: LocalPage): Resource[] {
  const widths = lead.map(({ head }, at) => Math.max(head.length, ...rows.map(({ cells }) => cells[at]?.length ?? 0)));
  const [name = 0, ...others] = widths;
  const taken = others.reduce((sum, width) => sum + width + 2, Math.min(name, NAME_COLUMNS));
  const room = Math.floor((columns - taken) / GROUP_COLUMNS);
  return RESOURCES.slice(0, Math.min(Math.max(room, 1), RESOURCES.length));
}

function cellOf(scale: AmountScale | undefined, amount: number | null | undefined): string {
  return scale === undefined || amount === null || amount === undefined ? "-" : notNothing(scale, amount);
}

function scaleOf(resource: Resource, rows: readonly UsageRow[]) {
  const amounts = rows.flatMap(({ usage }) => HEADS.map((head) => usage?.[resource][head] ?? 0));
  return amountScale(resource, Math.max(0, ...amounts));
}
