// The audit file on disk: each host's thread appends to a part of its own, the parts are joined in host order at the end.
import { appendFileSync, createReadStream, createWriteStream, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { failure, type Result, success } from "../../model/result.ts";

const CHUNK_CHARACTERS = 4_000_000;
const GZIP_LEVEL = 1;

export interface AuditPart {
  readonly write: (rows: string) => void;
  readonly close: () => void;
}

export function partPath(path: string, index: number): string {
  return `${path}.part-${index}`;
}

/** A path that ends in `.gz` is compressed: gzip members one after another are a gzip file again. */
export function openAuditPart(path: string, index: number): AuditPart {
  const part = partPath(path, index);
  writeFileSync(part, "");
  let waiting = "";
  const flush = (): void => {
    appendFileSync(part, encoded(path, waiting));
    waiting = "";
  };
  return {
    write: (rows) => {
      waiting += rows;
      if (waiting.length > CHUNK_CHARACTERS) flush();
    },
    close: flush,
  };
}

/** Writes beside `path` and renames at the end, so that a file that is there is whole. */
export async function joinAuditParts(given: { path: string; header: string; parts: number }): Promise<Result<string>> {
  const { path, header, parts } = given;
  const unfinished = `${path}.unfinished`;
  try {
    writeFileSync(unfinished, encoded(path, header));
    for (let index = 0; index < parts; index++)
      await pipeline(createReadStream(partPath(path, index)), createWriteStream(unfinished, { flags: "a" }));
    await rename(unfinished, path);
    return success(path);
  } catch (error) {
    return failure("unavailable", `The audit file ${path} could not be written: ${String(error)}. Is the disk full?`);
  } finally {
    for (let index = 0; index < parts; index++) rmSync(partPath(path, index), { force: true });
  }
}

function encoded(path: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  return path.endsWith(".gz") ? gzipSync(bytes, { level: GZIP_LEVEL }) : bytes;
}
