// What people declare of a fleet (profiles, events, ranges not to be learned from) out of one JSON file.
import { stat } from "node:fs/promises";
import type { Declarations } from "../../control/ports.ts";
import { failure, type Result } from "../../model/result.ts";
import { readWhole, unreadable } from "../files/written-files.ts";

const BYTES_MAX = 64 * 1024 * 1024;

/**
 * `parse`: of the value of the file, called `where` in messages. Fails with "not-found", with "bad-input" where the file is no JSON or too
 * large, or as `parse` does.
 */
export async function readDeclarationsFile(
  file: string,
  parse: (value: unknown, where: string) => Result<Declarations>,
): Promise<Result<Declarations>> {
  const size = await sizeOf(file);
  if (!size.ok) return size;
  if (size.value > BYTES_MAX)
    return failure("bad-input", `${file}: ${size.value} bytes; split it, at most ${BYTES_MAX} are read.`);
  const bytes = await readWhole(file);
  if (!bytes.ok) return bytes;
  const value = parseJson(file, bytes.value.toString("utf8"));
  return value.ok ? parse(value.value, file) : value;
}

async function sizeOf(file: string): Promise<Result<number>> {
  try {
    return { ok: true, value: (await stat(file)).size };
  } catch (error) {
    return unreadable(file, error);
  }
}

function parseJson(file: string, text: string): Result<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return failure("bad-input", `${file}: no JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
