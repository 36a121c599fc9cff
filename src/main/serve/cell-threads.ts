// Seats in threads of their own: as many threads as there are cores, the cells spread over them. A thread that ends takes nothing with
// it that is not stored: its cells are reported, and taken up again in a new thread after a pause; meanwhile they do not answer.
import { setTimeout as pause } from "node:timers/promises";
import type { CellPlan } from "../../control/cell-plan.ts";
import type { CellId } from "../../model/fleet.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";
import type { CellDesk, CellNews } from "./cell-desk.ts";
import type { CellSeats } from "./cell-seats.ts";
import { type CellThread, startThread } from "./cell-thread.ts";
import type { ThreadData } from "./cell-worker.ts";

export interface ThreadOptions {
  readonly data: ThreadData;
  readonly threadsMax: number;
  /** The compiled cell-worker; that of this program where left out. */
  readonly program?: URL;
  /** Sentences for the log. */
  readonly onNotice: (sentence: string) => void;
}

/** First and last pause before a thread is started again. */
const PAUSE_MS = SECOND_MS;
const PAUSE_MS_MAX = 60 * SECOND_MS;

export function seatsInThreads(options: ThreadOptions): CellSeats {
  const threads = Array.from(
    { length: options.threadsMax },
    (): Slot => ({
      thread: undefined,
      cells: new Map(),
      pauseMs: PAUSE_MS,
    }),
  );
  return {
    async open(plan, onNews) {
      const slot = emptiest(threads);
      const cell: SeatedCell = { plan, onNews };
      slot.cells.set(plan.cell.id, cell);
      const opened = await threadOf(slot, options).request({ kind: "open", plan });
      if (opened.ok) return success(deskOf(slot, cell));
      slot.cells.delete(plan.cell.id);
      return opened as Result<never>;
    },
    take(columns, receivedAt) {
      for (const { thread } of threads) thread?.take(columns, receivedAt);
    },
    async serveNewest() {
      await Promise.all(threads.map(({ thread }) => thread?.request({ kind: "serve-newest" })));
    },
    async close() {
      await Promise.all(
        threads.map(async (slot) => {
          slot.isClosed = true;
          await slot.thread?.close();
        }),
      );
    },
  };
}

/** A place for a thread; which one is there changes. */
interface Slot {
  /** Undefined before its first cell, and while it is down. */
  thread: CellThread | undefined;
  readonly cells: Map<CellId, SeatedCell>;
  /** Before it is started again: longer every time, until a cell of it ticks. */
  pauseMs: number;
  isClosed?: true;
}

interface SeatedCell {
  plan: CellPlan;
  readonly onNews: (news: CellNews) => void;
}

function emptiest(slots: readonly Slot[]): Slot {
  const vmsOf = ({ cells }: Slot) => [...cells.values()].reduce((sum, { plan }) => sum + 1 + plan.cell.vms.length, 0);
  return slots.reduce((least, slot) => (vmsOf(slot) < vmsOf(least) ? slot : least));
}

function threadOf(slot: Slot, options: ThreadOptions): CellThread {
  slot.thread ??= startThread({
    ...options,
    onNews(cell, news) {
      if (news.kind === "ticked") slot.pauseMs = PAUSE_MS;
      slot.cells.get(cell)?.onNews(news);
    },
    onEnd: (why) => {
      slot.thread = undefined;
      if (slot.isClosed) return;
      for (const [id, { onNews }] of slot.cells) {
        const sentence = `The thread of cell ${id} ended: ${why}. What it decided is stored; it is taken up again.`;
        onNews({ kind: "failed", failure: failure("unavailable", sentence).error });
        onNews({ kind: "doing", doing: "being taken up again, since its thread ended" });
      }
      void startAgain(slot, options);
    },
  });
  return slot.thread;
}

/** Until all cells are taken up, or nobody wants them any more; or until this thread ends too, which begins it all again. */
async function startAgain(slot: Slot, options: ThreadOptions): Promise<void> {
  const waiting = new Map(slot.cells);
  let thread: CellThread | undefined;
  while (!slot.isClosed && waiting.size > 0) {
    await pause(slot.pauseMs, undefined, { ref: false });
    slot.pauseMs = Math.min(2 * slot.pauseMs, PAUSE_MS_MAX);
    if (slot.isClosed || slot.thread !== thread) return;
    thread = threadOf(slot, options);
    await openWaiting(slot, thread, waiting);
    if (slot.thread !== thread) return;
  }
}

async function openWaiting(slot: Slot, thread: CellThread, waiting: Map<CellId, SeatedCell>): Promise<void> {
  for (const [id, cell] of waiting) {
    const opened = slot.cells.get(id) === cell ? await openAgain(thread, cell) : success(undefined);
    if (opened.ok) waiting.delete(id);
    else cell.onNews({ kind: "failed", failure: opened.error });
  }
}

/** By the newest plan, also where that came meanwhile. */
async function openAgain(thread: CellThread, cell: SeatedCell): Promise<Result<unknown>> {
  let { plan } = cell;
  let opened = await thread.request({ kind: "open", plan });
  while (opened.ok && cell.plan !== plan) {
    plan = cell.plan;
    opened = await thread.request({ kind: "replan", plan });
  }
  return opened;
}

function deskOf(slot: Slot, cell: SeatedCell): CellDesk {
  const { id } = cell.plan.cell;
  const isDown = () => failure("unavailable", `Cell ${id} is being taken up again: ask again in some seconds.`);
  return {
    async ask(question) {
      return ((await slot.thread?.request({ kind: "ask", cell: id, question })) ?? isDown()) as never;
    },
    async command(command) {
      return ((await slot.thread?.request({ kind: "command", cell: id, command })) ?? isDown()) as never;
    },
    async replan(plan) {
      cell.plan = plan;
      await slot.thread?.request({ kind: "replan", plan });
    },
    async settled() {
      await slot.thread?.request({ kind: "settle", cell: id });
    },
    async stop() {
      slot.cells.delete(id);
      await slot.thread?.request({ kind: "leave", cell: id });
    },
  };
}
