// The main thread's end of one thread of cells: requests are answered by their ids, within a time; samples are handed over as columns
// of their own; what comes back is read like anything from outside.
import { Worker } from "node:worker_threads";
import type { SampleColumns } from "../../control/store-ports.ts";
import type { CellId } from "../../model/fleet.ts";
import { type Failure, failure, type Result } from "../../model/result.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import type { CellNews } from "./cell-desk.ts";
import { type Order, REQUESTS_WAITING_MAX, type Request, ROWS_WAITING_MAX, readWord } from "./cell-messages.ts";
import type { ThreadData } from "./cell-worker.ts";

export interface CellThread {
  /** "unavailable" where the thread ends before it answers, "timeout" where a question takes too long. */
  request(request: Request): Promise<Result<unknown>>;
  take(columns: SampleColumns, receivedAt: Instant): void;
  /** When all cells were left: lets go of its connections and ends. */
  close(): Promise<void>;
}

export interface StartedThread {
  readonly data: ThreadData;
  readonly program?: URL;
  readonly onNotice: (sentence: string) => void;
  readonly onNews: (cell: CellId, news: CellNews) => void;
  /** Once, unless it was closed. */
  readonly onEnd: (why: string) => void;
}

/** Of a question; what changes a cell takes as long as it takes. */
const ANSWER_MS_MAX = 30 * SECOND_MS;
/** Of the last words of a thread that is closed. */
const CLOSE_MS_MAX = MINUTE_MS;

export function startThread({ data, program, onNotice, onNews, onEnd }: StartedThread): CellThread {
  const worker = new Worker(program ?? new URL("./cell-worker.js", import.meta.url), { workerData: data });
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const samples = { rows: 0, leftOut: 0 };
  let requests = 0;
  let why = "it ended by itself";
  let isClosing = false;
  const ended = new Promise<void>((resolve) => {
    worker.once("error", (error) => {
      why = error instanceof Error ? error.message : String(error);
    });
    worker.once("exit", () => {
      const gone = failure("unavailable", `The thread of this cell ended (${why}): ask again in some seconds.`);
      for (const answer of waiting.values()) answer(gone);
      waiting.clear();
      resolve();
      if (!isClosing) onEnd(why);
    });
  });
  worker.on("message", (message: unknown) => {
    const word = readWord(message);
    if (!word.ok) return onNotice(word.error.message);
    const said = word.value;
    if (said.kind === "answer") waiting.get(said.id)?.(said.result);
    else if (said.kind === "news") onNews(said.cell, said.news);
    else if (said.kind === "notice") onNotice(said.sentence);
    else samples.rows = Math.max(samples.rows - said.rows, 0);
  });
  const request: CellThread["request"] = (asked) => {
    if (waiting.size >= REQUESTS_WAITING_MAX) return Promise.resolve(TOO_MANY);
    const id = ++requests;
    return new Promise((resolve) => {
      const timer = asked.kind === "ask" ? setTimeout(() => answer(TOO_SLOW), ANSWER_MS_MAX) : undefined;
      const answer = (result: Result<unknown>) => {
        clearTimeout(timer);
        waiting.delete(id);
        resolve(result);
      };
      waiting.set(id, answer);
      worker.postMessage({ kind: "request", id, request: asked } satisfies Order);
    });
  };
  return {
    request,
    take(columns, receivedAt) {
      const rows = columns.at.length;
      if (samples.rows + rows > ROWS_WAITING_MAX) {
        if (samples.leftOut++ === 0) onNotice(LEFT_OUT);
        return;
      }
      samples.leftOut = 0;
      samples.rows += rows;
      const order = { kind: "samples", columns: ownColumns(columns), receivedAt } satisfies Order;
      const { vm, at, usage } = order.columns;
      worker.postMessage(order, [vm.buffer, at.buffer, usage.buffer]);
    },
    async close() {
      isClosing = true;
      const closed = request({ kind: "close" }).then(() => ended);
      const tooLate = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_MS_MAX).unref());
      await Promise.race([closed, ended, tooLate]);
      await worker.terminate();
    },
  };
}

const TOO_MANY = refused("unavailable", "Too many questions wait for this cell: ask again in some seconds.");
const TOO_SLOW = refused(
  "timeout",
  "The cell did not answer in time, it may be writing down what it knows: ask again.",
);
const LEFT_OUT =
  "Samples come faster than cells take them in: until they keep up, the newest are stored and not looked at.";

function refused(kind: Failure["kind"], message: string): Result<never> {
  return failure(kind, message);
}

/** Copies, since what is handed over is gone here, and others may still read it. */
function ownColumns({ vms, vm, at, usage }: SampleColumns) {
  return { vms: [...vms], vm: vm.slice(), at: at.slice(), usage: usage.slice() };
}
