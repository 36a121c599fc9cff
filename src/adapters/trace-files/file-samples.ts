// What one trace file becomes: for each VM the sums and counts of its samples on absolute ticks, ready to be joined.
// Everything here can be structured-cloned; the numbers lie in shared memory, so threads hand them over without a copy.
import type { Resource } from "../../model/resources.ts";
import type { Failure } from "../../model/result.ts";
import { TICK_MS_DEFAULT } from "../../model/time.ts";
import { addRepairs, NO_REPAIRS, type TraceFormat, type TraceRepairs } from "../../model/trace.ts";

export interface TraceFileJob {
  readonly file: string;
  readonly format: TraceFormat;
  /** Skip and count what cannot be read, instead of failing. */
  readonly lenient: boolean;
  /** Only for `nab`, which does not say what it measured. */
  readonly resource?: Resource | undefined;
}

export interface FileSamples {
  readonly file: string;
  readonly stepMs: number;
  readonly segments: readonly VmSegment[];
  /** Without the repairs that are known only after joining: merged, filled, missing, resized. */
  readonly repairs: TraceRepairs;
  /** What a person should hear about this file, one sentence each. */
  readonly notices: readonly string[];
}

/** A stretch of one VM: tick k of the arrays is tick `firstTick + k` since 1970. A sum without a sample is 0. */
export interface VmSegment {
  readonly vm: string;
  readonly firstTick: number;
  readonly counts: Uint32Array;
  readonly sums: PerResource<Float64Array>;
  readonly sizes: PerResource<SizeRange>;
}

export type PerResource<Value> = { readonly [R in Resource]?: Value };

export interface SizeRange {
  readonly smallest: number;
  readonly largest: number;
}

export function widened(range: SizeRange | undefined, size: number): SizeRange {
  const { smallest, largest } = range ?? { smallest: size, largest: size };
  return { smallest: Math.min(smallest, size), largest: Math.max(largest, size) };
}

export function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

export function sharedCounts(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
}

/** A file of which nothing is used: one skipped row, and the reason for people. */
export function skippedFile(file: string, { message }: Failure): FileSamples {
  const repairs = { ...NO_REPAIRS, skippedRows: 1 };
  return { file, stepMs: TICK_MS_DEFAULT, segments: [], repairs, notices: [`a whole file was skipped: ${message}`] };
}

/** Several files of equal step in one. */
export function joinedSamples(file: string, parts: readonly FileSamples[]): FileSamples {
  return {
    file,
    stepMs: parts.find(({ segments }) => segments.length > 0)?.stepMs ?? TICK_MS_DEFAULT,
    segments: parts.flatMap(({ segments }) => segments),
    repairs: parts.map(({ repairs }) => repairs).reduce(addRepairs, NO_REPAIRS),
    notices: parts.flatMap(({ notices }) => notices),
  };
}
