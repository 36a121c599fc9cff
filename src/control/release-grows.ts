// Between the shrinks and the grows of one step: which grows may be sent, given what became of the shrinks. A grow is sent only
// where all that is in force and all that is already sent fit into the host.
import type { Action, ActionOutcome } from "../model/action.ts";
import type { HostId } from "../model/fleet.ts";
import { RESOURCE_COUNT, RESOURCES, type Resource, type ResourceVector, smaller } from "../model/resources.ts";
import { type CellLayout, vectorAt } from "./cell-layout.ts";
import type { CellState } from "./cell-state.ts";

export interface Release {
  readonly released: readonly Action[];
  /** Told like failures; the next tick decides anew. */
  readonly withheld: readonly ActionOutcome[];
}

type Amounts = Record<Resource, number>;

/** Whose shrinks were not seen to come true for so many ticks is not believed that they are done. */
const DISTRUST_TICKS = 2;

/** `actions`: all of a step; `outcomes`: of its shrinks. Where every shrink of a host is done all its grows are released. */
export function releaseGrows(
  state: CellState,
  { actions, outcomes }: { readonly actions: readonly Action[]; readonly outcomes: readonly ActionOutcome[] },
): Release {
  const done = new Set(outcomes.filter(({ kind }) => kind === "done").map(({ action }) => action));
  const isSure = (action: Action) => done.has(action.id) && !isDistrusted(state, action);
  const shrinks = actions.filter(({ phase }) => phase === "shrink");
  const doubtful = new Set(shrinks.filter((action) => !isSure(action)).map(({ host }) => host));
  const released: Action[] = [];
  const withheld: ActionOutcome[] = [];
  const books = new Map<HostId, HostBook>();
  for (const action of actions.filter(({ phase }) => phase === "grow")) {
    if (!doubtful.has(action.host)) {
      released.push(action);
      continue;
    }
    const book = books.get(action.host) ?? openBook(state, action.host, shrinks.filter(isSure));
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

/** What each machine of a host may have at this moment, and what is free. */
interface HostBook {
  readonly has: Map<string, ResourceVector>;
  readonly free: Amounts;
}

function openBook(state: CellState, host: HostId, done: readonly Action[]): HostBook {
  const { layout, allocationsBefore, shadowVms } = state;
  const index = layout.hostIds.indexOf(host);
  const has = new Map<string, ResourceVector>();
  for (const vm of layout.vmsOfHost[index] ?? []) has.set(layout.vmIds[vm] ?? "", vectorAt(allocationsBefore, vm));
  for (const vm of shadowVms) if (vm.host === host) has.set(vm.id, vm.allocation);
  for (const action of done) {
    const before = has.get(nameOf(action) ?? "");
    if (before !== undefined && "setPoint" in action) has.set(nameOf(action) ?? "", smaller(before, action.setPoint));
  }
  return { has, free: freeOf(layout, index, [...has.values()]) };
}

function freeOf({ capacity }: CellLayout, host: number, held: readonly ResourceVector[]): Amounts {
  const free: Amounts = { ...vectorAt(capacity, host) };
  for (const vector of held) for (const resource of RESOURCES) free[resource] -= vector[resource];
  return free;
}

/** Sums of many amounts may be off by rounding. */
const ROUNDING = 1e-9;

/** Books the grow if it fits. */
function enter({ has, free }: HostBook, action: Action): boolean {
  const name = nameOf(action);
  const before = has.get(name ?? "");
  if (name === undefined || before === undefined || !("setPoint" in action)) return false;
  const { setPoint } = action;
  const grows = (resource: Resource) => Math.max(setPoint[resource] - before[resource], 0);
  if (RESOURCES.some((resource) => grows(resource) > free[resource] + ROUNDING * setPoint[resource])) return false;
  for (const resource of RESOURCES) free[resource] -= grows(resource);
  has.set(name, setPoint);
  return true;
}

function nameOf(action: Action): string | undefined {
  if (action.kind === "resize-vm") return action.vm;
  return action.kind === "resize-shadow-vm" ? action.shadowVm : undefined;
}
