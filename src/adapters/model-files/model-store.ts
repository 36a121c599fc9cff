// Trained models in a folder: ID.network (bytes), ID.json (lineage), serving.json (which one serves, and its history).
// Files are written whole or not at all; what is read is checked, and what does not fit is a sentence and no surprise.
import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Committee } from "../../forecast/network/committee.ts";
import { bytesToCommittee, committeeToBytes } from "../../forecast/network/training-checkpoint.ts";
import { type ModelLineage, NOTHING_SERVES, type ServingRecord } from "../../model/model-lineage.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { readWhole, unreadable, writeWhole } from "../files/written-files.ts";
import { parseLineage, parseServing } from "./lineage-format.ts";

const ID_DIGITS = 12;
const SERVING = "serving.json";

export function modelIdOf(network: Committee): string {
  return idOfBytes(committeeToBytes(network));
}

export interface StoredModel {
  readonly lineage: ModelLineage;
  readonly network: Committee;
}

/** The lineage comes last: a model without one is no model yet. */
export async function writeModel(folder: string, { lineage, network }: StoredModel): Promise<Result<string>> {
  const { network: networkPath, lineage: lineagePath } = pathsOf(folder, lineage.id);
  const bytes = await writeWhole(networkPath, committeeToBytes(network));
  if (!bytes.ok) return bytes;
  return writeWhole(lineagePath, `${JSON.stringify(lineage, null, 2)}\n`);
}

/** Fails with "not-found", or with "bad-input" on files that are damaged or belong to another model. */
export async function readModel(folder: string, id: string): Promise<Result<StoredModel>> {
  const lineage = await readLineage(folder, id);
  if (!lineage.ok) return lineage;
  const path = pathsOf(folder, id).network;
  const bytes = await readWhole(path);
  if (!bytes.ok) return bytes;
  if (idOfBytes(bytes.value) !== id)
    return failure("bad-input", `${path} is damaged or another model's: its bytes are not those named ${id}.`);
  const network = bytesToCommittee(bytes.value);
  return network.ok
    ? success({ lineage: lineage.value, network: network.value })
    : failure("bad-input", `${path}: ${network.error.message}`);
}

export async function readLineage(folder: string, id: string): Promise<Result<ModelLineage>> {
  const path = pathsOf(folder, id).lineage;
  const bytes = await readWhole(path);
  if (!bytes.ok) return bytes;
  const lineage = parseLineage(path, bytes.value.toString("utf8"));
  if (lineage.ok && lineage.value.id !== id)
    return failure("bad-input", `${path} tells of the model ${lineage.value.id}: give it back its name.`);
  return lineage;
}

export interface ListedModels {
  /** Oldest first. */
  readonly lineages: readonly ModelLineage[];
  /** One sentence for each lineage that could not be read. */
  readonly problems: readonly string[];
}

/** A folder that is not there holds no models; files that have no name of a model are left alone. */
export async function listModels(folder: string): Promise<Result<ListedModels>> {
  const names = await namesIn(folder);
  if (!names.ok) return names;
  const ids = names.value.flatMap((name) => /^([0-9a-f]{12})\.json$/.exec(name)?.[1] ?? []);
  const read = await Promise.all(ids.map((id) => readLineage(folder, id)));
  const lineages = read.flatMap((each) => (each.ok ? [each.value] : []));
  lineages.sort((one, other) => (one.created < other.created ? -1 : one.created > other.created ? 1 : 0));
  return success({ lineages, problems: read.flatMap((each) => (each.ok ? [] : [each.error.message])) });
}

/** Without a record nothing serves. */
export async function readServing(folder: string): Promise<Result<ServingRecord>> {
  const path = join(folder, SERVING);
  const bytes = await readWhole(path);
  if (bytes.ok) return parseServing(path, bytes.value.toString("utf8"));
  return bytes.error.kind === "not-found" ? success(NOTHING_SERVES) : bytes;
}

export function writeServing(folder: string, record: ServingRecord): Promise<Result<string>> {
  return writeWhole(join(folder, SERVING), `${JSON.stringify(record, null, 2)}\n`);
}

/** What to forecast with; undefined where no model serves. */
export async function readServingModel(folder: string): Promise<Result<StoredModel | undefined>> {
  const record = await readServing(folder);
  if (!record.ok) return record;
  return record.value.serving === null ? success(undefined) : readModel(folder, record.value.serving);
}

function pathsOf(folder: string, id: string): { readonly network: string; readonly lineage: string } {
  return { network: join(folder, `${id}.network`), lineage: join(folder, `${id}.json`) };
}

function idOfBytes(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, ID_DIGITS);
}

async function namesIn(folder: string): Promise<Result<readonly string[]>> {
  try {
    return success((await readdir(folder)).sort());
  } catch (error) {
    const result = unreadable(folder, error);
    return !result.ok && result.error.kind === "not-found" ? success([]) : result;
  }
}
