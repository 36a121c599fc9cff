// Samples as bytes, a third of their JSON: little-endian columns behind a short head. Made and read here, by client and server alike.
import { RESOURCE_COUNT } from "../../model/resources.ts";
import { failure, type Result, success } from "../../model/result.ts";

export const PACKED_TYPE = "application/octet-stream";
export const PACKED_FORM = [
  "Little-endian: the four bytes `HRS1`; uint32 V, number of VMs; uint32 N, number of rows; then V times uint16 length and so",
  "many ASCII bytes of a VM's id; zero bytes up to a multiple of 8; then the columns: N float64 `at` (milliseconds since",
  "1970), N uint32 index of the VM, N x 4 float32 amounts (cpu cores, memory bytes, network bytes/s, storage bytes/s; NaN:",
  "not measured).",
].join(" ");

/** Row i is `vms[vm[i]]` at `at[i]`, milliseconds since 1970. */
export interface PackedColumns {
  readonly vms: readonly string[];
  readonly vm: Uint32Array;
  readonly at: Float64Array;
  /** [row x resource] base units; NaN: not measured. */
  readonly usage: Float32Array;
}

const MAGIC = 0x31_53_52_48;
const HEAD_BYTES = 12;
const ROW_BYTES = 8 + 4 + 4 * RESOURCE_COUNT;
const ID_BYTES_MAX = 128;

/** Ids are ASCII. */
export function packSamples({ vms, vm, at, usage }: PackedColumns): Uint8Array {
  const idBytes = vms.reduce((sum, id) => sum + 2 + id.length, 0);
  const columnsFrom = aligned(HEAD_BYTES + idBytes);
  const bytes = new Uint8Array(columnsFrom + at.length * ROW_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, vms.length, true);
  view.setUint32(8, at.length, true);
  let place = HEAD_BYTES;
  for (const id of vms) {
    view.setUint16(place, id.length, true);
    for (let index = 0; index < id.length; index++) bytes[place + 2 + index] = id.charCodeAt(index);
    place += 2 + id.length;
  }
  const vmsFrom = columnsFrom + 8 * at.length;
  const usageFrom = vmsFrom + 4 * at.length;
  for (let row = 0; row < at.length; row++) {
    view.setFloat64(columnsFrom + 8 * row, at[row] as number, true);
    view.setUint32(vmsFrom + 4 * row, vm[row] as number, true);
  }
  for (let index = 0; index < usage.length; index++)
    view.setFloat32(usageFrom + 4 * index, usage[index] as number, true);
  return bytes;
}

/** Fails with "bad-input" on bytes of another form; whether indices, instants and amounts make sense is not looked at. */
export function unpackSamples(
  bytes: Uint8Array,
  limits: { readonly vmsMax: number; readonly rowsMax: number },
): Result<PackedColumns> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEAD_BYTES || view.getUint32(0, true) !== MAGIC)
    return failure("bad-input", "Packed samples begin with the four bytes HRS1 and two counts.");
  const [vmCount, rowCount] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (vmCount > limits.vmsMax || rowCount > limits.rowsMax)
    return failure("bad-input", `A batch holds at most ${limits.vmsMax} VMs and ${limits.rowsMax} rows.`);
  const vms: string[] = [];
  let place = HEAD_BYTES;
  for (let index = 0; index < vmCount; index++) {
    if (place + 2 > bytes.length) return tooShort();
    const length = view.getUint16(place, true);
    if (length > ID_BYTES_MAX) return failure("bad-input", `VM ${index} has an id of more than ${ID_BYTES_MAX} bytes.`);
    if (place + 2 + length > bytes.length) return tooShort();
    vms.push(String.fromCharCode(...bytes.subarray(place + 2, place + 2 + length)));
    place += 2 + length;
  }
  const columnsFrom = aligned(place);
  if (bytes.length !== columnsFrom + rowCount * ROW_BYTES) return tooShort();
  return success({ vms, ...readColumns(view, { columnsFrom, rowCount }) });
}

function readColumns(view: DataView, { columnsFrom, rowCount }: { columnsFrom: number; rowCount: number }) {
  const at = new Float64Array(rowCount);
  const vm = new Uint32Array(rowCount);
  const usage = new Float32Array(rowCount * RESOURCE_COUNT);
  const vmsFrom = columnsFrom + 8 * rowCount;
  const usageFrom = vmsFrom + 4 * rowCount;
  for (let row = 0; row < rowCount; row++) {
    at[row] = view.getFloat64(columnsFrom + 8 * row, true);
    vm[row] = view.getUint32(vmsFrom + 4 * row, true);
  }
  for (let index = 0; index < usage.length; index++) usage[index] = view.getFloat32(usageFrom + 4 * index, true);
  return { at, vm, usage };
}

function tooShort(): Result<never> {
  return failure("bad-input", "The packed samples do not have the length that their head says.");
}

function aligned(place: number): number {
  return Math.ceil(place / 8) * 8;
}
