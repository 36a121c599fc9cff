// Results on disk: whole or not at all, and a clear sentence when the disk says no.
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { failure, type Result, success } from "../../model/result.ts";
import { makeFolder } from "./make-folder.ts";

export async function writeWhole(path: string, content: string | Uint8Array): Promise<Result<string>> {
  try {
    makeFolder(dirname(path));
    await writeFile(`${path}.unfinished`, content);
    await rename(`${path}.unfinished`, path);
    return success(path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return failure(
      "unavailable",
      `${path} could not be written: ${why}. Is there a place to write to, with room left?`,
    );
  }
}

/** "not-found" where there is no such file. */
export async function readWhole(path: string): Promise<Result<Buffer>> {
  try {
    return success(await readFile(path));
  } catch (error) {
    return unreadable(path, error);
  }
}

export function unreadable(path: string, error: unknown): Result<never> {
  if ((error as NodeJS.ErrnoException).code === "ENOENT")
    return failure("not-found", `${path}: there is no such file.`);
  const why = error instanceof Error ? error.message : String(error);
  return failure("unavailable", `${path} could not be read: ${why}.`);
}
