// A cell as it was when the process before ended: written down whole at a checkpoint, and what it heard since heard again.
import { deserialize, serialize } from "node:v8";
import { type CellLayout, layOut } from "../../control/cell-layout.ts";
import type { CellPlan } from "../../control/cell-plan.ts";
import { layAnew } from "../../control/lay-anew.ts";
import { hearAgain, type RunningCell } from "../../control/loop.ts";
import type { Clock } from "../../control/ports.ts";
import { restore, snapshotOf } from "../../control/snapshot.ts";
import type { CellStore, StoredCell } from "../../control/store-ports.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { inputFromBytes } from "./cell-bytes/heard-bytes.ts";
import { snapshotFromParts, snapshotParts } from "./cell-bytes/snapshot-parts.ts";
import { answering, beginCell, type CellForm, formOf, type Joining, type NamedInference } from "./cell-form.ts";

interface RestoredCell {
  readonly form: CellForm;
  readonly running: RunningCell;
  /** Of the inputs since the checkpoint, which were heard again. */
  readonly heardBytes: number;
  /** Of the last one. */
  readonly number: number;
}

interface TakenUp extends RestoredCell {
  /** Nothing was ever kept of it. */
  readonly isNew: boolean;
}

/** As the store has it, or a new one by the plan. */
export async function takeUpCell(
  given: Joining & {
    readonly plan: CellPlan;
    readonly shadowVm: CellForm["options"]["shadowVm"];
    readonly doors: { readonly store: Pick<CellStore, "load">; readonly clock: Clock };
  },
): Promise<Result<TakenUp>> {
  const { plan, doors } = given;
  const stored = await doors.store.load(plan.cell.id);
  if (!stored.ok) return stored;
  const joining = { ...given, at: doors.clock.now() };
  if (stored.value !== undefined) {
    const restored = await restoreCell(stored.value, joining);
    return restored.ok ? success({ ...restored.value, isNew: false }) : restored;
  }
  const form = formOf(plan, given);
  const running = beginCell(form, layOut(form.cell, form.options), joining);
  return success({ form, running, heardBytes: 0, number: 0, isNew: true });
}

/** The parts of a checkpoint. The cell may go on while they are read. */
export function checkpointOf(
  running: RunningCell,
  { form, number }: { readonly form: CellForm; readonly number: number },
): Iterable<Uint8Array> {
  const snapshot = snapshotOf(running);
  return (function* () {
    yield serialize({ form, number } satisfies Beginning);
    yield* snapshotParts(snapshot);
  })();
}

/** `at`: from when on a cell is metered that was never written down. */
async function restoreCell(
  stored: StoredCell,
  given: Joining & { readonly at: Instant },
): Promise<Result<RestoredCell>> {
  if (stored.checkpoint === undefined) return NOT_WHOLE;
  const parts = stored.checkpoint.parts[Symbol.asyncIterator]();
  const beginning = await readBeginning(parts);
  if (!beginning.ok) return beginning;
  const { form, number: from } = beginning.value;
  const layout = layOut(form.cell, form.options);
  const joining = { at: given.at, network: await networkOf(form, given) };
  const snapshot = await snapshotFromParts({ [Symbol.asyncIterator]: () => parts });
  if (!snapshot.ok) return snapshot;
  const running = forgetLost(restore(beginCell(form, layout, joining), snapshot.value), { form, joining });
  const since = stored.heard.filter(({ number }) => number > from);
  for (const { bytes } of since) {
    const input = inputFromBytes(bytes);
    if (!input.ok) return input;
    await hearAgain(running, input.value, answering(form, joining));
  }
  const heardBytes = since.reduce((sum, { bytes }) => sum + bytes.length, 0);
  return success({ form, running, heardBytes, number: since.at(-1)?.number ?? from });
}

async function networkOf(
  { networkId }: CellForm,
  { network, networkById }: Joining,
): Promise<NamedInference | undefined> {
  if (networkId === undefined) return undefined;
  return network?.id === networkId ? network : networkById?.(networkId);
}

/** A network that is nowhere any more cannot be asked again: the rest goes on without it, and nearly as it was. */
function forgetLost(
  running: RunningCell,
  { form, joining }: { readonly form: CellForm; readonly joining: Joining & { readonly at: Instant } },
): RunningCell {
  if (form.networkId === joining.network?.id) return running;
  const begin = (layout: CellLayout) => beginCell({ ...form, networkId: undefined }, layout, { at: joining.at });
  return layAnew(running, running.state.layout, begin);
}

/** Before the memory itself. */
interface Beginning {
  readonly form: CellForm;
  readonly number: number;
}

async function readBeginning(parts: AsyncIterator<Result<Uint8Array>>): Promise<Result<Beginning>> {
  const first = await parts.next();
  if (first.done === true) return NOT_WHOLE;
  if (!first.value.ok) return first.value;
  try {
    return success(deserialize(first.value.value) as Beginning);
  } catch {
    return NOT_WHOLE;
  }
}

const NOT_WHOLE = failure(
  "bad-input",
  "The checkpoint of a cell is not whole: go back to a backup, or let it start anew.",
);
