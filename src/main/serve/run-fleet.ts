// The running cells of a fleet: each started when its first host is known, planned anew when something that it runs on changed,
// and stopped when its last host is gone. What cannot be planned is said, and changes nothing that runs.

import { setTimeout as pause } from "node:timers/promises";
import type { CellStatus } from "../../api/contract/operator.ts";
import { type CellPlan, planCells, type SettingsDefaults } from "../../control/cell-plan.ts";
import type { Declarations } from "../../control/ports.ts";
import type { DocumentStore, SampleColumns } from "../../control/store-ports.ts";
import type { CellId } from "../../model/fleet.ts";
import { type Failure, type Result, success, unreachable } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { CellDesk, CellNews, SeenHandOvers } from "./cell-desk.ts";
import type { CellSeats } from "./cell-seats.ts";
import { readFleet } from "./fleet-facts.ts";
import { takeTurns } from "./turns.ts";

export interface FleetOptions {
  readonly documents: DocumentStore;
  readonly seats: CellSeats;
  readonly defaults: SettingsDefaults;
  /** What was declared elsewhere than in the store; what stands there where left out. */
  readonly declared?: Declarations;
  readonly events: FleetEvents;
}

interface FleetEvents {
  readonly onTick: (ticked: Extract<CellNews, { readonly kind: "ticked" }>) => void;
  readonly onFailure: (cell: CellId | undefined, failure: Failure) => void;
  /** What somebody who looks at a cell should know. */
  readonly onNotice?: (cell: CellId, sentence: string) => void;
  /** A cell was taken up; what it says later changes it in place. */
  readonly onTaken?: (cell: CellOfFleet) => void;
  /** A cell's hand-overs may have moved, or notices of them came or went. */
  readonly onHandOvers?: (cell: CellId, now: SeenHandOvers) => void;
  readonly onGone: (cell: CellId) => void;
}

export interface RunningFleet {
  cells(): ReadonlyMap<CellId, CellOfFleet>;
  /** Reads what is kept and follows it, where it is not what was read last. */
  refresh(): Promise<void>;
  take(columns: SampleColumns, receivedAt: Instant): void;
  /** The network that serves by now joins the forecasts of all cells, or none any more. */
  serveNewest(): Promise<void>;
  stop(): Promise<void>;
}

export interface CellOfFleet {
  readonly plan: CellPlan;
  readonly desk: CellDesk;
  /** As it last said; undefined before it was taken up. */
  readonly status: CellStatus | undefined;
  /** What is going on: for people. */
  readonly doing: string;
  readonly handOvers: SeenHandOvers;
}

/** While many things change one after the other, no more than a fifth of the time goes into reading them all. */
const REST_TIMES = 4;
const REST_MS_MAX = 5_000;

/** Fails where the store does not answer, or a cell cannot be taken up: nothing was decided then. */
export async function runFleet(options: FleetOptions): Promise<Result<RunningFleet>> {
  const { documents, seats } = options;
  const cells: LiveCells = { running: new Map(), lost: new Set() };
  const turns = takeTurns();
  let seen = -1;
  const readAndFollow = async (): Promise<void> => {
    const revision = await documents.revision();
    if (revision.ok && revision.value === seen) return;
    const next = await readPlans(options);
    const followed = next.ok ? await follow(options, cells, next.value) : next;
    if (!followed.ok) options.events.onFailure(undefined, followed.error);
    else if (revision.ok) seen = revision.value;
  };
  let waiting: Promise<void> | undefined;
  let restUntil = 0;
  const plans = await readPlans(options);
  if (!plans.ok) return plans;
  const begun = await follow(options, cells, plans.value);
  if (!begun.ok) return begun;
  return success({
    cells: () => cells.running,
    refresh() {
      waiting ??= turns.take(async () => {
        const rest = restUntil - performance.now();
        if (rest > 0) await pause(rest);
        waiting = undefined;
        const begin = performance.now();
        await readAndFollow();
        const end = performance.now();
        restUntil = end + Math.min(REST_TIMES * (end - begin), REST_MS_MAX);
      });
      return waiting;
    },
    take: (columns, receivedAt) => seats.take(columns, receivedAt),
    serveNewest: () => turns.take(() => seats.serveNewest()),
    stop: () =>
      turns.take(async () => {
        await Promise.all([...cells.running.values()].map(({ desk }) => desk.stop()));
        cells.running.clear();
        await seats.close();
      }),
  });
}

async function readPlans({ documents, defaults, declared }: FleetOptions): Promise<Result<readonly CellPlan[]>> {
  const facts = await readFleet(documents);
  const planned = facts.ok ? planCells(facts.value, defaults) : facts;
  if (!planned.ok || declared === undefined) return planned;
  return success(planned.value.map((plan) => ({ ...plan, declarations: declared })));
}

type LiveCell = { -readonly [Part in keyof CellOfFleet]: CellOfFleet[Part] };

interface LiveCells {
  readonly running: Map<CellId, LiveCell>;
  /** Claimed by another process: not taken up again here. */
  readonly lost: Set<CellId>;
}

async function follow(options: FleetOptions, cells: LiveCells, plans: readonly CellPlan[]): Promise<Result<void>> {
  for (const plan of plans) {
    const known = cells.running.get(plan.cell.id);
    if (cells.lost.has(plan.cell.id)) continue;
    if (known !== undefined) {
      known.plan = plan;
      await known.desk.replan(plan);
      continue;
    }
    const begun = await beginCell(options, cells, plan);
    if (!begun.ok) return begun;
  }
  const planned = new Set(plans.map(({ cell }) => cell.id));
  for (const [id, { desk }] of cells.running) {
    if (planned.has(id)) continue;
    cells.running.delete(id);
    await desk.stop();
    options.events.onGone(id);
  }
  return success(undefined);
}

const NO_HAND_OVERS: SeenHandOvers = { open: new Map(), ended: new Map(), outbox: new Map() };

async function beginCell({ seats, events }: FleetOptions, cells: LiveCells, plan: CellPlan): Promise<Result<void>> {
  const { id } = plan.cell;
  const standing: Omit<LiveCell, "plan" | "desk"> = { status: undefined, doing: "starting", handOvers: NO_HAND_OVERS };
  const live = () => cells.running.get(id) ?? standing;
  const desk = await seats.open(plan, (news) => {
    switch (news.kind) {
      case "standing":
        live().status = news.status;
        break;
      case "doing":
        live().doing = news.doing;
        break;
      case "ticked":
        events.onTick(news);
        break;
      case "failed":
        events.onFailure(id, news.failure);
        break;
      case "notice":
        events.onNotice?.(id, news.sentence);
        break;
      case "hand-overs":
        live().handOvers = news.now;
        events.onHandOvers?.(id, news.now);
        break;
      case "lost":
        events.onFailure(id, news.failure);
        cells.lost.add(id);
        cells.running.delete(id);
        events.onGone(id);
        break;
      default:
        unreachable(news);
    }
  });
  if (!desk.ok) return desk;
  const begun = { plan, desk: desk.value, ...standing };
  cells.running.set(id, begun);
  events.onTaken?.(begun);
  return success(undefined);
}
