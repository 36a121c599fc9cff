// Ends work of a library that goes round and round: nothing that a stranger wrote holds the process up for longer than it may.
import { type Context, createContext, Script } from "node:vm";
import { failure, type Result, success } from "../../model/result.ts";
import type { DurationMs } from "../../model/time.ts";

const CALL = new Script("work()");
const contexts: Context[] = [];
let depth = 0;

/** Of work that waits for nothing. "timeout": it was cut off; "bad-input": it threw, with what it said. May be nested. */
export function withinTime<Value>(limitMs: DurationMs, work: () => Value): Result<Value> {
  // By depth: one is made once, since that takes a millisecond.
  const context = contexts[depth] ?? createContext({});
  contexts[depth] = context;
  context["work"] = work;
  depth++;
  try {
    return success(CALL.runInContext(context, { timeout: limitMs }) as Value);
  } catch (error) {
    if ((error as { code?: unknown } | undefined)?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
      return failure("timeout", `Given up after ${limitMs} ms.`);
    return failure("bad-input", error instanceof Error ? error.message.slice(0, 200) : "It cannot be read.");
  } finally {
    depth--;
  }
}
