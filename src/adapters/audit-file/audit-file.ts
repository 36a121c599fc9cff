// The audit file on disk: each host's thread appends to a part of its own, the parts are joined in host order at the end.
import { appendFileSync, createReadStream, createWriteStream, rmSync, writeFileSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { gzipSync } from "node:zlib";
import { failure, type Result, success } from "../../model/result.ts";
import { makeFolder } from "../files/make-folder.ts";

const CHUNK_CHARACTERS = 4_000_000;
const GZIP_LEVEL = 1;

export interface AuditPart {
  readonly write: (rows: string) => void;
  /** Says whether everything that was written is on disk. */
  readonly close: () => Result<void>;
}

function partPath(path: string, index: number): string {
  return `${path}.part-${index}`;
}

/** A path that ends in `.gz` is compressed: gzip members one after another are a gzip file again. */
export function openAuditPart(path: string, index: number): AuditPart {
  const part = partPath(path, index);
  let waiting = "";
  let outcome: Result<void> = success(undefined);
  const flush = (write: typeof appendFileSync): void => {
    if (outcome.ok) outcome = attempt(path, () => write(part, encoded(path, waiting)));
    waiting = "";
  };
  flush(writeFileSync);
  return {
    write: (rows) => {
      waiting += rows;
      if (waiting.length > CHUNK_CHARACTERS) flush(appendFileSync);
    },
    close: () => {
      flush(appendFileSync);
      return outcome;
    },
  };
}

/** Makes the folder and tries to write, so that a run of minutes does not fail at its end for a wrong path. */
export function checkAuditPath(path: string): Result<void> {
  return attempt(path, () => {
    makeFolder(dirname(path));
    writeFileSync(`${path}.unfinished`, "");
    rmSync(`${path}.unfinished`);
  });
}

function attempt(path: string, write: () => void): Result<void> {
  try {
    write();
    return success(undefined);
  } catch (error) {
    return notWritten(path, error);
  }
}

function notWritten(path: string, error: unknown): Result<never> {
  const why = error instanceof Error ? error.message : String(error);
  return failure("unavailable", `The audit file ${path} could not be written: ${why}. Give another path or make room.`);
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
    return notWritten(path, error);
  } finally {
    for (let index = 0; index < parts; index++) rmSync(partPath(path, index), { force: true });
  }
}

function encoded(path: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  return path.endsWith(".gz") ? gzipSync(bytes, { level: GZIP_LEVEL }) : bytes;
}
