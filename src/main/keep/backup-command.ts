// `headroom backup`: all that a stopped service keeps, as one file. The file is there whole or not at all.
import { createWriteStream, existsSync, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BackupOptions, Copied } from "../../cli/service-commands.ts";
import type { Store } from "../../control/store-ports.ts";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import { openKept } from "./open-kept.ts";

/** For the owner's eyes only: it holds every customer's samples. */
const MODE = 0o600;

export async function backup({ file, isForced, ...choice }: BackupOptions): Promise<Result<Copied>> {
  if (!isForced && existsSync(file))
    return failure("conflict", `${file} is there already: choose another name, or say --force.`);
  const kept = await openKept(choice);
  if (!kept.ok) return kept;
  const { store, name } = kept.value;
  const part = `${file}.part`;
  try {
    const written = await write(store, part);
    if (!written.ok) return written;
    renameSync(part, file);
    return success({ file, store: name, bytes: written.value });
  } catch (error) {
    return failure("unavailable", `${file} cannot be written: ${error instanceof Error ? error.message : error}.`);
  } finally {
    rmSync(part, { force: true });
    await store.close();
  }
}

async function write(store: Store, path: string): Promise<Result<number>> {
  let bytes = 0;
  let failed: Failure | undefined;
  async function* parts() {
    for await (const part of store.backup()) {
      if (!part.ok) {
        failed = part.error;
        return;
      }
      bytes += part.value.length;
      yield part.value;
    }
  }
  await pipeline(Readable.from(parts()), createWriteStream(path, { mode: MODE, flush: true }));
  return failed === undefined ? success(bytes) : { ok: false, error: failed };
}
