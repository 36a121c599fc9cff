// How far a backfill came, in a small file: written before the next window is read, so that one that was killed goes on from there.
// What was asked is part of its name; another question has another file.
import { createHash } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { makeFolder } from "../../adapters/files/make-folder.ts";
import { readWhole } from "../../adapters/files/written-files.ts";
import { failure, type Result, success } from "../../model/result.ts";

export interface Cursor {
  /** Of the whole backfill, milliseconds since 1970: words such as "30 days ago" mean what they meant at first. */
  readonly from: number;
  readonly to: number;
  /** The first step that is not read yet. */
  readonly next: number;
}

export interface CursorFile {
  /** Undefined: there is none, or what is there is none. */
  read(): Promise<Cursor | undefined>;
  /** Durable when it resolves. */
  write(cursor: Cursor): Promise<Result<void>>;
  remove(): Promise<void>;
}

export function cursorFile(path: string): CursorFile {
  return {
    async read() {
      const text = await readWhole(path);
      return text.ok ? parsed(text.value.toString("utf8")) : undefined;
    },
    async write(cursor) {
      try {
        makeFolder(dirname(path));
        const file = await open(`${path}.unfinished`, "w", 0o600);
        await file.writeFile(JSON.stringify(cursor)).finally(async () => {
          await file.sync();
          await file.close();
        });
        await rename(`${path}.unfinished`, path);
        return success(undefined);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return failure("unavailable", `How far it came could not be kept: ${why}. --cursor FILE names another place.`);
      }
    },
    remove: () => rm(path, { force: true }),
  };
}

/** A place that is nobody else's: `asked` is what was typed. */
export function cursorPath(asked: unknown, environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  const name = createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 16);
  return join(home, "headroom", `backfill-${name}.json`);
}

function parsed(text: string): Cursor | undefined {
  try {
    const { from, to, next } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const isWhole = [from, to, next].every((each) => Number.isSafeInteger(each));
    return isWhole ? ({ from, to, next } as Cursor) : undefined;
  } catch {
    return undefined;
  }
}
