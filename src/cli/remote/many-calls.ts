// Several calls for one question: a few at a time, and lists page by page.
import type { Problem } from "../../api/contract/live.ts";
import { type Result, success } from "../../model/result.ts";

const AT_ONCE = 8;

/** In the order of `items`. */
export async function forEach<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<Value[]> {
  const values: Value[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      values[at] = await work(items[at] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
  return values;
}

interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface Listed<Item> {
  readonly items: readonly Item[];
  /** There are more. */
  readonly isCut: boolean;
}

const PAGE_ITEMS_MAX = 500;

/** At most `limit` of a list. */
export async function listUpTo<Item>(
  limit: number,
  read: (query: { readonly limit: number; readonly after?: string }) => Promise<Result<ListPage<Item>, Problem>>,
): Promise<Result<Listed<Item>, Problem>> {
  const items: Item[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await read({
      limit: Math.min(limit - items.length, PAGE_ITEMS_MAX),
      ...(after !== undefined && { after }),
    });
    if (!page.ok) return page;
    items.push(...page.value.items);
    after = page.value.next ?? undefined;
    if (after === undefined || items.length >= limit) return success({ items, isCut: after !== undefined });
  }
}

/** What is not there yet, or not for this caller, is nothing; everything else that goes wrong is told. */
export function ifThere<Value>(result: Result<Value, Problem>): Result<Value | null, Problem> {
  if (result.ok) return result;
  const isAbsent = [403, 404].includes(result.error.status) || result.error.type === NOT_READY;
  return isAbsent ? success(null) : result;
}

const NOT_READY = "urn:headroom:problem:not-ready";

/** The first that went wrong, or all values. */
export function allOf<Value, Fault>(results: readonly Result<Value, Fault>[]): Result<Value[], Fault> {
  const values: Value[] = [];
  for (const result of results) {
    if (!result.ok) return result;
    values.push(result.value);
  }
  return success(values);
}
