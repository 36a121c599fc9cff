// How things go wrong: a bug is an assertion, the world is a Result. Nothing else throws across rooms.

/** What the world may answer instead of a value. `kind` decides what a caller does next; `message` is for people. */
export type FailureKind =
  | "bad-input"
  | "not-found"
  | "no-capacity"
  | "timeout"
  | "conflict"
  | "unavailable"
  | "rejected";

export interface Failure {
  readonly kind: FailureKind;
  /** What is wrong, where, and what to do, in one or two sentences. */
  readonly message: string;
}

export type Result<Value, Error = Failure> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Error };

export function success<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function failure(kind: FailureKind, message: string): { readonly ok: false; readonly error: Failure } {
  return { ok: false, error: { kind, message } };
}

/** For bugs only: what must hold if the program is right. Never for what comes from outside. */
export function assert(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${sentence}`);
}

/** The last branch of a `switch` over a union: the compiler complains when a member has no branch. */
export function unreachable(value: never): never {
  throw new Error(`assertion failed: no branch for ${JSON.stringify(value)}`);
}
