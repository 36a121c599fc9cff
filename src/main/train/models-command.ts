// `headroom models`: reads the store, and changes by hand which model serves.
import {
  type ListedModels,
  listModels,
  readModel,
  readServing,
  writeServing,
} from "../../adapters/model-files/model-store.ts";
import type { ModelsAnswer, ModelsRequest } from "../../cli/commands.ts";
import { type ChangeGiven, promote, rollBack } from "../../control/model-registry.ts";
import { whyNotServed } from "../../forecast/feature-set.ts";
import type { ModelLineage, ServingRecord } from "../../model/model-lineage.ts";
import { failure, type Result, success, unreachable } from "../../model/result.ts";

export async function models(request: ModelsRequest): Promise<Result<ModelsAnswer>> {
  const { folder } = request;
  const record = await readServing(folder);
  if (!record.ok) return record;
  const listed = await listModels(folder);
  if (!listed.ok) return listed;
  const store = { folder, record: record.value, listed: listed.value };
  switch (request.kind) {
    case "list":
      return answer(store, listed.value.lineages);
    case "show": {
      const found = find(store, request.id);
      return found.ok ? answer(store, [found.value]) : found;
    }
    case "promote": {
      const found = find(store, request.id);
      return found.ok
        ? change(store, promote(store.record, found.value.id, byHand(request.reason ?? "Promoted by hand.")))
        : found;
    }
    case "roll-back":
      return change(store, rollBack(store.record, byHand(request.reason ?? "Rolled back by hand.")));
    default:
      return unreachable(request);
  }
}

interface Store {
  readonly folder: string;
  readonly record: ServingRecord;
  readonly listed: ListedModels;
}

function answer({ record, listed: { problems } }: Store, lineages: readonly ModelLineage[]): Result<ModelsAnswer> {
  return success({ record, models: lineages, problems });
}

/** By the first digits of its id. */
function find({ folder, listed }: Store, typed: string): Result<ModelLineage> {
  const [found, ...more] = listed.lineages.filter(({ id }) => id.startsWith(typed));
  if (found === undefined)
    return failure("not-found", `There is no model ${typed} in ${folder}: headroom models lists those that there are.`);
  if (more.length > 0) return failure("bad-input", `${more.length + 1} models begin with ${typed}: type more digits.`);
  return success(found);
}

/** Nothing is let serve that cannot be read and served. */
async function change(store: Store, changed: Result<ServingRecord>): Promise<Result<ModelsAnswer>> {
  if (!changed.ok) return changed;
  const { folder, listed } = store;
  const id = changed.value.serving;
  const checked = id === null ? success(undefined) : await checkServable(folder, id);
  if (!checked.ok) return checked;
  const written = await writeServing(folder, changed.value);
  const lineages = listed.lineages.filter((one) => one.id === id);
  return written.ok ? answer({ ...store, record: changed.value }, lineages) : written;
}

async function checkServable(folder: string, id: string): Promise<Result<undefined>> {
  const model = await readModel(folder, id);
  if (!model.ok) return model;
  const why = whyNotServed({ ...model.value.network, ...model.value.lineage });
  return why === undefined ? success(undefined) : failure("rejected", `Model ${id} cannot serve. ${why}`);
}

function byHand(reason: string): ChangeGiven {
  return { at: new Date().toISOString(), by: "operator", reason };
}
