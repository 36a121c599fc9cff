// A request of Prometheus remote_write 1.0, decoded: series and their samples in flat lists. A series is known by the bytes of its
// labels; they are taken apart only when one is new. All of it is read before any of it counts.
import protobuf from "protobufjs/minimal.js";
import { failure, type Result, success } from "../../model/result.ts";
import { MEBIBYTE } from "../../model/units.ts";
import { unpackSnappy } from "./snappy.ts";

export interface WriteRequest {
  readonly series: readonly WrittenSeries[];
  /** Milliseconds since 1970, and what was seen, of all series one after the other. */
  readonly at: readonly number[];
  readonly value: readonly number[];
  /** For samples that say what was added since an instant: that instant; NaN for all others. Left out where none does. */
  readonly since?: readonly number[];
  /** Native histograms: nothing here is made of them. */
  readonly histograms: number;
  /** Points without a time or a number. */
  readonly unreadable?: number;
}

export interface WrittenSeries {
  /** Of the metric; "": it has none. */
  readonly name: string;
  /** The bytes of its labels, as text of one character a byte. */
  readonly labels: string;
  /** Its samples: [from, to). */
  readonly from: number;
  readonly to: number;
}

const UNPACKED_BYTES_MAX = 32 * MEBIBYTE;
const SERIES_MAX = 100_000;
const SAMPLES_MAX = 500_000;
const LABELS_MAX = 128;
const LABEL_BYTES_MAX = 16 * 1024;

/**
 * "bad-input": no such request. "rejected": it is right in form and larger than what is taken at once.
 * The message: prometheus/prometheus, prompb/remote.proto and prompb/types.proto.
 */
export function readWriteRequest(body: Uint8Array): Result<WriteRequest> {
  const unpacked = unpackSnappy(body, UNPACKED_BYTES_MAX);
  if (!unpacked.ok) return unpacked;
  try {
    return readMessage(unpacked.value);
  } catch (error) {
    // The reader throws at bytes that end too early, and at what is no number.
    return failure(
      "bad-input",
      `The body is no WriteRequest: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Field number and kind, as protobuf writes them before each field. */
const TAG = { bytes1: 0x0a, bytes2: 0x12, bytes4: 0x22, double1: 0x09, varint2: 0x10 } as const;

interface Read {
  readonly reader: protobuf.Reader;
  readonly bytes: Buffer;
  readonly series: WrittenSeries[];
  readonly at: number[];
  readonly value: number[];
  histograms: number;
}

function readMessage(bytes: Buffer): Result<WriteRequest> {
  const read: Read = { reader: protobuf.Reader.create(bytes), bytes, series: [], at: [], value: [], histograms: 0 };
  const { reader, series, at } = read;
  while (reader.pos < bytes.length) {
    const tag = reader.uint32();
    if (tag !== TAG.bytes1) reader.skipType(tag & 7);
    else {
      const refused = readSeries(read, endOf(reader, bytes.length));
      if (refused !== undefined) return failure("rejected", refused);
    }
    if (series.length > SERIES_MAX || at.length > SAMPLES_MAX)
      return failure(
        "rejected",
        `At most ${SERIES_MAX} series and ${SAMPLES_MAX} samples are taken at once: send less.`,
      );
  }
  return success(read);
}

/** Where the part that begins here ends. */
function endOf(reader: protobuf.Reader, outerEnd: number): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > outerEnd) throw new RangeError(`${length} bytes are told at ${reader.pos}, and fewer are there`);
  return end;
}

/** Why it is not taken, if so. */
function readSeries(read: Read, end: number): string | undefined {
  const { reader, bytes, series, at } = read;
  const from = at.length;
  let name: string | undefined;
  let labels = "";
  // Labels that lie side by side, as they do as a rule, are taken as one piece.
  let pieceFrom = reader.pos;
  let pieceTo = reader.pos;
  let count = 0;
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    if (tag === TAG.bytes1) {
      const labelEnd = endOf(reader, end);
      name ??= nameIn(bytes, reader.pos, labelEnd);
      reader.pos = labelEnd;
      if (start !== pieceTo) {
        labels += bytes.toString("latin1", pieceFrom, pieceTo);
        pieceFrom = start;
      }
      pieceTo = labelEnd;
      count++;
    } else if (tag === TAG.bytes2) readSample(read, endOf(reader, end));
    else skipField(read, tag);
    if (count > LABELS_MAX || labels.length + pieceTo - pieceFrom > LABEL_BYTES_MAX)
      return `A series has more than ${LABELS_MAX} labels or ${LABEL_BYTES_MAX} bytes of them: drop some by relabelling.`;
  }
  labels += bytes.toString("latin1", pieceFrom, pieceTo);
  if (reader.pos !== end) throw new RangeError("a series is longer than it says");
  series.push({ name: name ?? readLabels(labels)?.get(NAME) ?? "", labels, from, to: at.length });
  return undefined;
}

function skipField(read: Read, tag: number): void {
  if (tag === TAG.bytes4) read.histograms++;
  read.reader.skipType(tag & 7);
}

const NAME = "__name__";
/** As everybody writes it: name first, value behind it. */
const NAME_START = `\n\b${NAME}\x12`;

function nameIn(bytes: Buffer, from: number, to: number): string | undefined {
  const start = from + NAME_START.length;
  if (to <= start || bytes.toString("latin1", from, start) !== NAME_START) return undefined;
  const length = bytes[start] as number;
  return length < 0x80 && start + 1 + length === to ? bytes.toString("utf8", start + 1, to) : undefined;
}

function readSample({ reader, at, value }: Read, end: number): void {
  let amount = 0;
  let instantMs = 0;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === TAG.double1) amount = reader.double();
    else if (tag === TAG.varint2) instantMs = numberOf(reader.int64());
    else reader.skipType(tag & 7);
  }
  if (reader.pos !== end) throw new RangeError("a sample is longer than it says");
  at.push(instantMs);
  value.push(amount);
}

function numberOf({ high, low }: { readonly high: number; readonly low: number }): number {
  return high * 2 ** 32 + (low >>> 0);
}

/** The labels of a series by name; undefined where its bytes are no labels. */
export function readLabels(labels: string): ReadonlyMap<string, string> | undefined {
  const bytes = Buffer.from(labels, "latin1");
  const reader = protobuf.Reader.create(bytes);
  const read = new Map<string, string>();
  try {
    while (reader.pos < bytes.length) {
      reader.uint32();
      const end = endOf(reader, bytes.length);
      const pair = ["", ""];
      while (reader.pos < end) {
        const tag = reader.uint32();
        if (tag === TAG.bytes1) pair[0] = reader.string();
        else if (tag === TAG.bytes2) pair[1] = reader.string();
        else reader.skipType(tag & 7);
      }
      read.set(pair[0] ?? "", pair[1] ?? "");
    }
    return read;
  } catch {
    return undefined;
  }
}
