// Rows under heads, as wide as they need to be. Where the screen is too narrow the widest text is clipped.
import { styleText } from "node:util";
import { type Screen, shownOn } from "./terminal.ts";

export type Page = Pick<Screen, "columns" | "isRich">;

export interface TableColumn {
  readonly head: string;
  /** Left-aligned; numbers stand on the right. */
  readonly isText?: true;
  /** Never clipped: an id that is to be typed again. */
  readonly isWhole?: true;
}

const GAP = 2;
const CLIPPED_MIN = 8;

export interface Table {
  readonly columns: readonly TableColumn[];
  /** A cell for each column. */
  readonly rows: readonly (readonly string[])[];
  /** Above the heads: a word over so many columns each. */
  readonly groups?: readonly { readonly head: string; readonly columns: number }[];
}

export function tableLines({ columns, rows, groups }: Table, page: Page): string[] {
  const shown = rows.map((row) => row.map((cell) => shownOn(page, cell)));
  const widths = widthsOf(columns, shown, page);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        const clipped = cell.length > width ? `${cell.slice(0, Math.max(width - 2, 0))}..` : cell;
        return columns[at]?.isText ? clipped.padEnd(width) : clipped.padStart(width);
      })
      .join(" ".repeat(GAP))
      .trimEnd();
  const heads = [...(groups ? [groupLine(groups, widths)] : []), line(columns.map(({ head }) => head))];
  return [...heads.map((head) => styled(head, "dim", page)), ...shown.map(line)];
}

function widthsOf(columns: readonly TableColumn[], rows: readonly (readonly string[])[], page: Page): number[] {
  const widths = columns.map(({ head }, at) => Math.max(head.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const over = widths.reduce((sum, width) => sum + width + GAP, -GAP) - page.columns;
  const mayClip = columns.map(({ isText, isWhole }, at) => (isText && !isWhole ? (widths[at] ?? 0) : 0));
  const widest = mayClip.indexOf(Math.max(...mayClip));
  if (over > 0 && (mayClip[widest] ?? 0) > 0) widths[widest] = Math.max((widths[widest] ?? 0) - over, CLIPPED_MIN);
  return widths;
}

function groupLine(groups: NonNullable<Table["groups"]>, widths: readonly number[]): string {
  let at = 0;
  const cells = groups.map(({ head, columns }) => {
    const width = widths.slice(at, at + columns).reduce((sum, each) => sum + each + GAP, -GAP);
    at += columns;
    return head.padStart(width);
  });
  return cells.join(" ".repeat(GAP));
}

export function styled(text: string, style: "bold" | "dim" | "red" | "yellow" | "green", { isRich }: Page): string {
  return isRich ? styleText(style, text, { validateStream: false }) : text;
}
