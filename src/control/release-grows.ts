// Between the shrinks of one step and what takes room after them: which grows and boots may be sent, given what became of the
// shrinks. One is sent only where all that may be in force and all that is already sent fit into the host.
import type { Action, ActionOutcome } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import {
  larger,
  NOTHING,
  RESOURCE_COUNT,
  RESOURCES,
  type Resource,
  type ResourceVector,
  smaller,
} from "../model/resources.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";
import { freeAtMost, mostOf, toldOnce } from "./at-most.ts";
import { vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";

export interface Release {
  readonly released: readonly Action[];
  /** Told like failures; the next tick decides anew. */
  readonly withheld: readonly ActionOutcome[];
}

type Amounts = Record<Resource, number>;

/** Whose shrinks were not seen to come true for so many ticks is not believed that they are done. */
const DISTRUST_TICKS = 2;

/** `actions`: all of a step; `outcomes`: of its shrinks. Where every shrink of a host is done all the rest is released. */
export function releaseGrows(
  state: CellState,
  { actions, outcomes }: { readonly actions: readonly Action[]; readonly outcomes: readonly ActionOutcome[] },
): Release {
  const done = new Set(outcomes.filter(({ kind }) => kind === "done").map(({ action }) => action));
  const isSure = (action: Action) => done.has(action.id) && !isDistrusted(state, action);
  const shrinks = actions.filter(({ phase }) => phase === "shrink");
  const doubtful = new Set(shrinks.filter((action) => !isSure(action)).map(({ host }) => host));
  const boots = new Set(actions.flatMap((action) => (action.kind === "boot-shadow-vm" ? [action.shadowVm] : [])));
  const released: Action[] = [];
  const withheld: ActionOutcome[] = [];
  const books = new Map<HostId, HostBook>();
  for (const action of actions.filter(({ phase }) => phase !== "shrink")) {
    if (!doubtful.has(action.host)) {
      released.push(action);
      continue;
    }
    const book = books.get(action.host) ?? openBook(state, action.host, { done: shrinks.filter(isSure), boots });
    books.set(action.host, book);
    if (enter(book, action)) released.push(action);
    else withheld.push({ action: action.id, kind: "failed", at: state.at, message: WITHHELD });
  }
  return { released, withheld };
}

const WITHHELD = "no-capacity: What was to shrink for it did not, so that it was not sent; the next tick decides anew.";

function isDistrusted({ layout, hands }: CellState, action: Action): boolean {
  if (action.kind !== "resize-vm") return false;
  const vm = layout.vmIds.indexOf(action.vm);
  const ticks = hands.unsettled.subarray(vm * RESOURCE_COUNT, (vm + 1) * RESOURCE_COUNT);
  return ticks.some((each) => each >= DISTRUST_TICKS);
}

/** What a machine may have at this moment. */
interface Had {
  readonly least: ResourceVector;
  readonly most: ResourceVector;
}

/** `free`: where every machine has the most that it may have; negative where not all of them can. */
interface HostBook {
  readonly has: Map<string, Had>;
  readonly free: Amounts;
}

function openBook(
  state: CellState,
  host: HostId,
  { done, boots }: { readonly done: readonly Action[]; readonly boots: ReadonlySet<ShadowVmId> },
): HostBook {
  const { layout, shadowVms, told } = state;
  const index = layout.hostIds.indexOf(host);
  const has = new Map<string, Had>();
  for (const vm of layout.vmsOfHost[index] ?? [])
    has.set(layout.vmIds[vm] ?? "", { least: vectorAt(state.allocationsBefore, vm), most: vectorAtMost(state, vm) });
  for (const { id, host: its, allocation } of shadowVms) {
    const { least, most } = told.get(id) ?? toldOnce(allocation);
    if (its === host) has.set(id, { least: smaller(allocation, least), most: larger(allocation, most) });
  }
  const free = Object.fromEntries(
    RESOURCES.map((resource, offset) => [
      resource,
      freeAtMost(state, { place: index * RESOURCE_COUNT + offset, without: boots }),
    ]),
  ) as Amounts;
  const book = { has, free };
  for (const action of done) if (action.host === host) leave(book, action);
  return book;
}

function vectorAtMost(state: CellState, vm: number): ResourceVector {
  const first = vm * RESOURCE_COUNT;
  return vectorAt(
    Float64Array.from(RESOURCES, (_, offset) => mostOf(state, first + offset)),
    0,
  );
}

/** Books what a shrink gave back. */
function leave({ has, free }: HostBook, action: Action): void {
  const before = has.get(nameOf(action));
  if (before === undefined || !("setPoint" in action)) return;
  const after = { least: smaller(before.least, action.setPoint), most: smaller(before.most, action.setPoint) };
  for (const resource of RESOURCES) free[resource] += before.most[resource] - after.most[resource];
  has.set(nameOf(action), after);
}

/** Sums of many amounts may be off by rounding. */
const ROUNDING = 1e-9;

/** Books what the action takes, if it fits. */
function enter({ has, free }: HostBook, action: Action): boolean {
  if (action.kind === "retire-shadow-vm") return true;
  const wanted = action.kind === "boot-shadow-vm" ? action.minimum : action.setPoint;
  const name = nameOf(action);
  const { least, most } = has.get(name) ?? { least: NOTHING, most: NOTHING };
  const isThere = (resource: Resource) =>
    wanted[resource] <= least[resource] ||
    wanted[resource] - most[resource] <= free[resource] + ROUNDING * wanted[resource];
  if (!RESOURCES.every(isThere)) return false;
  for (const resource of RESOURCES) free[resource] -= Math.max(wanted[resource] - most[resource], 0);
  has.set(name, { least, most: larger(most, wanted) });
  return true;
}

function nameOf(action: Action): string {
  return action.kind === "resize-vm" ? action.vm : action.shadowVm;
}
