// Why a request is refused: a failure, and where it lies in the request. Everything that says no here says it in this form.
import type { Failure, FailureKind, Result } from "../../model/result.ts";

export interface FieldError {
  readonly in: "body" | "query" | "path" | "header";
  /** A JSON pointer into that part of the request. */
  readonly pointer: string;
  readonly detail: string;
}

export interface Refusal extends Failure {
  /** As the kind says where left out. */
  readonly status?: number;
  readonly errors?: readonly FieldError[];
  /** Worth trying again after so many seconds. */
  readonly retryAfterSeconds?: number;
}

const STATUS: Readonly<Record<FailureKind, number>> = {
  "bad-input": 422,
  "not-found": 404,
  conflict: 409,
  rejected: 422,
  "no-capacity": 429,
  timeout: 503,
  unavailable: 503,
};

export function statusOf({ kind, status = STATUS[kind] }: Refusal): number {
  return status;
}

export function refusal(kind: FailureKind, message: string, more: Partial<Refusal> = {}): Result<never, Refusal> {
  return { ok: false, error: { kind, message, ...more } };
}

/** A field of the body that is of the right form and makes no sense. */
export function wrongField(pointer: string, detail: string): Result<never, Refusal> {
  return refusal("bad-input", `${pointer}: ${detail}.`, { errors: [{ in: "body", pointer, detail }] });
}

/** A query parameter that is of the right form and makes no sense. */
export function wrongParameter(name: string, detail: string): Result<never, Refusal> {
  const errors: readonly FieldError[] = [{ in: "query", pointer: `/${name}`, detail }];
  return refusal("bad-input", `${name}: ${detail}.`, { errors });
}

/** The same words for what is not there and for what is somebody else's. */
export function unknown(noun: string, id: string): Result<never, Refusal> {
  return refusal("not-found", `There is no ${noun} ${id}.`);
}
