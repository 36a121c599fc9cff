// What a database may say instead of an answer, as failures. What only a fault of ours can cause is thrown on.
import { DatabaseError } from "pg";
import { type Failure, failure } from "../../model/result.ts";

/** SQLSTATE codes and classes: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const QUERY_CANCELED = "57014";
const LOCK_NOT_AVAILABLE = "55P03";
const SERIALIZATION_FAILURE = "40001";
const DEADLOCK_DETECTED = "40P01";
const DISK_FULL = "53100";
const DATA_EXCEPTION_CLASS = "22";
const OUR_FAULT_CLASSES = ["42", "23", "26", "0A"];

/** "timeout", "bad-input" for values that PostgreSQL cannot hold (a NUL in a text), else "unavailable"; throws where it was us. */
export function databaseFailure(error: unknown): { readonly ok: false; readonly error: Failure } {
  if (!(error instanceof DatabaseError)) return connectionFailure(error);
  const { code = "", message } = error;
  if (code === QUERY_CANCELED || code === LOCK_NOT_AVAILABLE)
    return failure("timeout", `The database took too long (${message}): try again, or see what keeps it busy.`);
  if (code === DISK_FULL) return failure("unavailable", `The database's disk is full (${message}): make room there.`);
  if (code.startsWith(DATA_EXCEPTION_CLASS))
    return failure("bad-input", `The database cannot hold a value of these (${message}).`);
  if (OUR_FAULT_CLASSES.some((each) => code.startsWith(each))) throw error;
  return failure("unavailable", `The database refuses for now (${code} ${message}): its log tells more. Try again.`);
}

export function isWorthRepeating(error: unknown): boolean {
  return error instanceof DatabaseError && [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(error.code ?? "");
}

/** The driver's own errors carry no type: those of a bug in JavaScript do. */
function connectionFailure(error: unknown): { readonly ok: false; readonly error: Failure } {
  const isBug = [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
  if (!(error instanceof Error) || isBug || error.message.startsWith("assertion failed")) throw error;
  if (/timeout/i.test(error.message))
    return failure("timeout", `The database did not answer in time (${error.message}): try again.`);
  const why = error.message === "" ? ((error as NodeJS.ErrnoException).code ?? error.name) : error.message;
  return failure("unavailable", `The database cannot be reached (${why}): is it running? Try again.`);
}
