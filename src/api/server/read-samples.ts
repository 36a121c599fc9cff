// A batch of samples out of a request's body: as JSON or as bytes, checked to the last number, into columns. By hand and not by a
// schema, since these are the only bodies with millions of numbers.
import type { SampleColumns } from "../../control/store-ports.ts";
import type { VmId } from "../../model/fleet.ts";
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { type Result, success } from "../../model/result.ts";
import { DAY_MS, type Instant } from "../../model/time.ts";
import { unpackSamples } from "../contract/packed-samples.ts";
import { BATCH_VMS_MAX, ROWS_MAX } from "../contract/samples.ts";
import { type Refusal, refusal } from "./refusals.ts";

/** Fails with status 400 and the place of the first fault. Instants lie between 1980 and a day from now. */
export function readSamples(body: unknown, now: Instant): Result<SampleColumns, Refusal> {
  if (body instanceof Uint8Array) {
    const unpacked = unpackSamples(body, { vmsMax: BATCH_VMS_MAX, rowsMax: ROWS_MAX });
    return unpacked.ok ? checkColumns(unpacked.value, now) : wrong("", unpacked.error.message);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body)) return wrong("", "must be an object");
  const stranger = Object.keys(body).find((name) => name !== "vms" && name !== "rows");
  if (stranger !== undefined) return wrong(`/${stranger.slice(0, 60)}`, "is not a field of this: leave it out");
  const { vms, rows } = body as Readonly<Record<string, unknown>>;
  if (!Array.isArray(vms) || vms.length > BATCH_VMS_MAX)
    return wrong("/vms", `must be a list of at most ${BATCH_VMS_MAX} ids`);
  if (!Array.isArray(rows) || rows.length > ROWS_MAX)
    return wrong("/rows", `must be a list of at most ${ROWS_MAX} rows`);
  const columns = readRows(rows);
  return columns.ok ? checkColumns({ vms, ...columns.value }, now) : columns;
}

const ROW_LENGTH = 2 + RESOURCE_COUNT;

function readRows(rows: readonly unknown[]): Result<Pick<SampleColumns, "vm" | "at" | "usage">, Refusal> {
  const vm = new Uint32Array(rows.length);
  const at = new Float64Array(rows.length);
  const usage = new Float32Array(rows.length * RESOURCE_COUNT);
  for (let index = 0; index < rows.length; index++) {
    const row: unknown = rows[index];
    if (!Array.isArray(row) || row.length !== ROW_LENGTH)
      return wrong(`/rows/${index}`, "must be [vm, at, cpu, memory, network, storage]");
    const place: unknown = row[0];
    if (typeof place !== "number" || !Number.isInteger(place) || place < 0 || place > BATCH_VMS_MAX)
      return wrong(`/rows/${index}/0`, "must be an index into vms");
    vm[index] = place;
    at[index] = readInstant(row[1]);
    for (let offset = 0; offset < RESOURCE_COUNT; offset++) {
      const amount: unknown = row[2 + offset];
      if (amount !== null && typeof amount !== "number")
        return wrong(`/rows/${index}/${2 + offset}`, "must be a number, or null where nothing was measured");
      usage[index * RESOURCE_COUNT + offset] = amount ?? Number.NaN;
    }
  }
  return success({ vm, at, usage });
}

const INSTANT_FORM = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** NaN for what is no instant. */
function readInstant(given: unknown): number {
  if (typeof given === "number") return given;
  return typeof given === "string" && INSTANT_FORM.test(given) ? Date.parse(given) : Number.NaN;
}

const ID_FORM = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;
const INSTANT_MIN = Date.UTC(1980, 0, 1);
const AMOUNT_MAX = 1e30;

interface UncheckedColumns extends Omit<SampleColumns, "vms"> {
  readonly vms: readonly unknown[];
}

function checkColumns({ vms, vm, at, usage }: UncheckedColumns, now: Instant): Result<SampleColumns, Refusal> {
  const badId = vms.findIndex((id) => typeof id !== "string" || !ID_FORM.test(id));
  if (badId >= 0) return wrong(`/vms/${badId}`, "must be an id: letters, digits, dots, colons or dashes");
  for (let row = 0; row < at.length; row++) {
    if ((vm[row] as number) >= vms.length) return wrong(`/rows/${row}/0`, "must be an index into vms");
    const when = at[row] as number;
    if (!(Number.isInteger(when) && when >= INSTANT_MIN && when <= now + DAY_MS))
      return wrong(
        `/rows/${row}/1`,
        "must be ISO 8601 with a zone, or whole milliseconds since 1970; not in the future",
      );
  }
  for (let index = 0; index < usage.length; index++) {
    const amount = usage[index] as number;
    if (!(Number.isNaN(amount) || (amount >= 0 && amount <= AMOUNT_MAX)))
      return wrong(`/rows/${Math.floor(index / RESOURCE_COUNT)}/${2 + (index % RESOURCE_COUNT)}`, "must be 0 or more");
  }
  return success({ vms: vms as VmId[], vm, at, usage });
}

function wrong(pointer: string, detail: string): Result<never, Refusal> {
  const message = `body: ${pointer === "" ? "it" : pointer} ${detail}`;
  return refusal("bad-input", message, { status: 400, errors: [{ in: "body", pointer, detail }] });
}
