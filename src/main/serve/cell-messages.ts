// What the main thread and the threads of cells say to each other: orders go to a thread, words come back. Plain data, read at the rim
// of each side: whatever is not of these forms is refused with a sentence, and nothing that waits is without a bound.
import type { CellQuestion } from "../../api/views/cell-questions.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { Command } from "../../control/tick-input.ts";
import type { CellId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { CellNews } from "./cell-desk.ts";

/** Each is answered once, by its id. */
export type Request =
  | { readonly kind: "open" | "replan"; readonly plan: CellPlan }
  | { readonly kind: "ask"; readonly cell: CellId; readonly question: CellQuestion }
  | { readonly kind: "command"; readonly cell: CellId; readonly command: Command }
  | { readonly kind: "settle" | "leave"; readonly cell: CellId }
  | { readonly kind: "serve-newest" | "close" };

export type Order =
  | { readonly kind: "request"; readonly id: number; readonly request: Request }
  /** Of all cells; `took` answers it. */
  | { readonly kind: "samples"; readonly columns: SampleColumns; readonly receivedAt: Instant };

export type Word =
  | { readonly kind: "answer"; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: "news"; readonly cell: CellId; readonly news: CellNews }
  | { readonly kind: "took"; readonly rows: number }
  | { readonly kind: "notice"; readonly sentence: string };

/** Rows that may be on their way to one thread: some ticks of 100,000 VMs. */
export const ROWS_WAITING_MAX = 2_000_000;
/** Requests that may wait for one thread. */
export const REQUESTS_WAITING_MAX = 10_000;

const REQUESTS: Readonly<Record<Request["kind"], readonly string[]>> = {
  open: ["plan"],
  replan: ["plan"],
  ask: ["cell", "question"],
  command: ["cell", "command"],
  settle: ["cell"],
  leave: ["cell"],
  "serve-newest": [],
  close: [],
};

/** "bad-input" with what is wrong with it. */
export function readOrder(message: unknown): Result<Order> {
  if (!isRecord(message)) return refused("an order", message);
  const { kind, id, request, columns, receivedAt } = message;
  if (kind === "samples")
    return areColumns(columns) && isCount(receivedAt) ? success(message as never) : refused("samples", columns);
  if (kind !== "request" || !isCount(id) || !isRecord(request)) return refused("an order", message);
  const { kind: asked } = request;
  if (typeof asked !== "string" || !Object.hasOwn(REQUESTS, asked)) return refused("a request", request);
  const needed = REQUESTS[asked as Request["kind"]];
  const missing = needed.find(
    (part) => !(part === "cell" ? typeof request[part] === "string" : isRecord(request[part])),
  );
  return missing === undefined ? success(message as never) : refused(`the ${missing} of a request`, request[missing]);
}

const WORDS: Readonly<Record<Word["kind"], (message: Record<string, unknown>) => boolean>> = {
  answer: ({ id, result }) => isCount(id) && isRecord(result) && typeof result["ok"] === "boolean",
  news: ({ cell, news }) => typeof cell === "string" && isRecord(news) && typeof news["kind"] === "string",
  took: ({ rows }) => isCount(rows),
  notice: ({ sentence }) => typeof sentence === "string",
};

/** "bad-input" with what is wrong with it. */
export function readWord(message: unknown): Result<Word> {
  if (!isRecord(message)) return refused("a word", message);
  const { kind } = message;
  const isWhole = typeof kind === "string" && Object.hasOwn(WORDS, kind) && WORDS[kind as Word["kind"]](message);
  return isWhole ? success(message as never) : refused("a word", message);
}

function areColumns(columns: unknown): columns is SampleColumns {
  if (!isRecord(columns)) return false;
  const { vms, vm, at, usage } = columns;
  return (
    Array.isArray(vms) &&
    vm instanceof Uint32Array &&
    at instanceof Float64Array &&
    usage instanceof Float32Array &&
    at.length === vm.length &&
    usage.length === RESOURCE_COUNT * vm.length &&
    vm.length <= ROWS_WAITING_MAX
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const SHOWN_MAX = 80;

function refused(what: string, got: unknown) {
  const parts = isRecord(got) ? `{ ${Object.keys(got).slice(0, 5).join(", ")} }` : "a list";
  const shown = typeof got === "object" && got !== null ? parts : String(got);
  return failure(
    "bad-input",
    `This is not ${what} between threads: ${shown.slice(0, SHOWN_MAX)}. Both sides have to be of one version.`,
  );
}
