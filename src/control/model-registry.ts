// Which model serves: promoted by a contest or by an operator, and taken back in the order in which they were promoted.
import type { ServingChange, ServingRecord } from "../model/model-lineage.ts";
import { failure, type Result, success } from "../model/result.ts";

/** Older changes are forgotten; roll-backs reach no further than this. */
export const CHANGES_MAX = 1_000;

export interface ChangeGiven {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: ServingChange["by"];
  readonly reason: string;
}

/** Fails with "conflict" where the model serves already. */
export function promote(record: ServingRecord, id: string, given: ChangeGiven): Result<ServingRecord> {
  if (record.serving === id) return failure("conflict", `The model ${id} serves already.`);
  return success(changed(record, { kind: "promoted", serving: id, ...given }));
}

/** Back to the model promoted before the one that serves, or to none where that was the first; "not-found" where none serves. */
export function rollBack(record: ServingRecord, given: ChangeGiven): Result<ServingRecord> {
  if (record.serving === null) return failure("not-found", "No model serves: there is nothing to go back from.");
  const serving = promotedInTurn(record.history).at(-2) ?? null;
  return success(changed(record, { kind: "rolled-back", serving, ...given }));
}

function changed(record: ServingRecord, change: ServingChange): ServingRecord {
  return { ...record, serving: change.serving, history: [...record.history, change].slice(-CHANGES_MAX) };
}

/** Every model that was promoted and not rolled back since, the one that serves last. */
function promotedInTurn(history: readonly ServingChange[]): readonly string[] {
  let promoted: readonly string[] = [];
  for (const { kind, serving } of history) {
    if (serving === null) promoted = [];
    else if (kind === "promoted") promoted = [...promoted, serving];
    // A forgotten beginning may leave less than was there.
    else promoted = promoted.at(-2) === serving ? promoted.slice(0, -1) : [serving];
  }
  return promoted;
}
