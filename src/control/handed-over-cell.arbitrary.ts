// Small cells whose VMs all belong to one workload that scales horizontally, on machines that do at once what is asked of them.
import type { Action } from "../model/action.ts";
import type { DecisionRecord } from "../model/decision.ts";
import type { CellId, WorkloadId } from "../model/fleet.ts";
import type { HandOverId, HandOverNoticeKind, HandOverState } from "../model/hand-over.ts";
import type { ShadowVm } from "../model/shadow-vm.ts";
import { pooledPromise } from "./cell-state.ts";
import { type RunningCell, startCell } from "./loop.ts";
import { afterAction, customerId, layoutOf, type SmallCell, START, tenths, tickOnce } from "./small-cell.arbitrary.ts";
import { step } from "./step.ts";
import type { AskHandOver, Command } from "./tick-input.ts";

export const owner = customerId(0);
const workload = "w" as WorkloadId;

export function asked(name: string, given: Partial<AskHandOver> = {}): AskHandOver {
  const replica = { host: `${name}.example`, port: 8080 };
  return { kind: "hand-over", id: name as HandOverId, workload, customer: owner, size: tenths(0.2), replica, ...given };
}

export interface HandedOverCell {
  readonly running: RunningCell;
  /** As machines are at this moment. */
  shadowVms: readonly ShadowVm[];
  tick: number;
}

export function startHandedOver(cell: SmallCell): HandedOverCell {
  const layout = {
    ...layoutOf(cell),
    cell: "small" as CellId,
    workloads: [{ id: workload, customer: owner, class: "web" } as const],
    vmsOfWorkload: [Int32Array.from(cell.vms.keys())],
    customers: [owner],
    customerOfVm: new Int32Array(cell.vms.length),
  };
  const running = startCell({ layout, promise: pooledPromise(0.99), at: START });
  running.state.scalesOut.fill(1);
  return { running, shadowVms: [], tick: 0 };
}

export function say({ running: { state } }: HandedOverCell, command: Command): readonly DecisionRecord[] {
  return [...step(state, { kind: "command", now: state.at, command }).records];
}

export interface HandedOverTick {
  readonly actions: readonly Action[];
  readonly records: readonly DecisionRecord[];
}

/** `asked`: of each series, in tenths. Machines obey after `onDecided`, unless that says otherwise. */
export function live(
  cell: HandedOverCell,
  asked: readonly number[],
  onDecided: (tick: HandedOverTick) => readonly Action[] = ({ actions }) => actions,
): HandedOverTick {
  const { actions, records } = tickOnce(cell.running, { tick: cell.tick, asked, shadowVms: cell.shadowVms });
  cell.shadowVms = onDecided({ actions, records }).reduce(afterAction, cell.shadowVms);
  cell.tick++;
  return { actions, records };
}

export const HAND_OVER = "r" as HandOverId;
/** Of six VMs at most. */
export const STEADY: readonly number[] = new Array(24).fill(0.1);
export const SMALL_VM = { host: 0, base: 0.05, ceiling: 0.5 };
const ROOMY: SmallCell = { capacities: [3], vms: [SMALL_VM, SMALL_VM] };

/** After a day, so that leases are what VMs need. */
export function settled(cell: SmallCell = ROOMY): HandedOverCell {
  const started = startHandedOver(cell);
  for (let tick = 0; tick < 30; tick++) live(started, STEADY);
  return started;
}

export function noticeKinds({ running: { state } }: HandedOverCell): readonly HandOverNoticeKind[] {
  return [...state.handOvers.outbox.values()].map(({ kind }) => kind);
}

export function handOverState({ running: { state } }: HandedOverCell): HandOverState | undefined {
  return state.handOvers.open.get(HAND_OVER)?.handOver.state;
}

export function movesIn(records: readonly DecisionRecord[]): readonly string[] {
  return records.flatMap((each) => (each.kind === "hand-over" ? [`${each.from} > ${each.to}`] : []));
}
