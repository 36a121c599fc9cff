// What runs in a thread of cells: desks with everything that they need of their own (clock, connections to the store, network), and
// the main thread at the other end of a port. What is not caught here ends the thread, and the main thread takes its cells up anew.
import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { wallClock } from "../../adapters/clock/wall-clock.ts";
import { joinStore, type StoreTicket } from "../../adapters/postgres/open-store.ts";
import { roundedUsage } from "../../adapters/postgres/samples/amount-code.ts";
import type { CellId } from "../../model/fleet.ts";
import { assert, failure, type Result, success, unreachable } from "../../model/result.ts";
import type { CellDesk } from "./cell-desk.ts";
import { type Request, readOrder, type Word } from "./cell-messages.ts";
import { type NearSeats, type SeatOptions, seatsHere } from "./cell-seats.ts";
import { servingModels } from "./serving-inference.ts";

export interface ThreadData extends Pick<SeatOptions, "shadowVm" | "checkpointMs" | "process"> {
  readonly ticket: StoreTicket;
  /** Folder of models. */
  readonly models: string;
  /** Of cells that have no settings of their own: networks know ticks of one length. */
  readonly stepMs: number;
}

const { ticket, models, stepMs, ...given } = workerData as ThreadData;
const port = parentPort;
assert(port !== null, "a thread of cells has a thread that started it");
const say = (word: Word) => port.postMessage(word);
const store = joinStore(ticket);
const serving = servingModels({
  models,
  stepMs,
  onNotice: (sentence) => say({ kind: "notice", sentence }),
  onBroken: () => void seats.serveNewest(),
});
const seats: NearSeats = await seatsHere({
  ...given,
  clock: wallClock(),
  store: store.cells,
  samples: store.samples,
  // Questions are heard between two pieces of a tick.
  rest: () => setImmediate(),
  network: () => serving.newest(),
  networkById: (id) => serving.byId(id),
});

port.on("message", (message: unknown) => {
  const order = readOrder(message);
  if (!order.ok) return say({ kind: "notice", sentence: order.error.message });
  if (order.value.kind === "samples") {
    const { columns, receivedAt } = order.value;
    // As they are stored, so that what is decided now and what is read later are the same.
    seats.take({ ...columns, usage: roundedUsage(columns.usage) }, receivedAt);
    return say({ kind: "took", rows: columns.at.length });
  }
  const { id, request } = order.value;
  void answerTo(request).then((result) => say({ kind: "answer", id, result }));
});

async function answerTo(request: Request): Promise<Result<unknown>> {
  switch (request.kind) {
    case "open": {
      const { id } = request.plan.cell;
      const desk = await seats.open(request.plan, (news) => say({ kind: "news", cell: id, news }));
      return desk.ok ? success(undefined) : desk;
    }
    case "replan":
      return at(request.plan.cell.id, (desk) => desk.replan(request.plan));
    case "ask":
      return seats.desks.get(request.cell)?.ask(request.question) ?? notHere(request.cell);
    case "command":
      return seats.desks.get(request.cell)?.command(request.command) ?? notHere(request.cell);
    case "settle":
      return at(request.cell, (desk) => desk.settled());
    case "leave":
      return at(request.cell, (desk) => desk.stop());
    case "serve-newest":
      return success(await seats.serveNewest());
    case "close":
      await seats.close();
      await store.close();
      port?.unref();
      return success(undefined);
    default:
      return unreachable(request);
  }
}

async function at(cell: CellId, work: (desk: CellDesk) => Promise<void>): Promise<Result<void>> {
  const desk = seats.desks.get(cell);
  return desk === undefined ? notHere(cell) : success(await work(desk));
}

function notHere(cell: CellId) {
  return failure("unavailable", `Cell ${cell} is not taken up here yet: ask again in some seconds.`);
}
