// Results on disk: whole or not at all, and a clear sentence when the disk says no.
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { failure, type Result, success } from "../../model/result.ts";
import { makeFolder } from "./make-folder.ts";

export async function writeWhole(path: string, text: string): Promise<Result<string>> {
  try {
    makeFolder(dirname(path));
    await writeFile(`${path}.unfinished`, text);
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
