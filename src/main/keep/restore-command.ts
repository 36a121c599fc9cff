// `headroom restore`: a backup into a store in which nothing is kept yet, whole or not at all.
import { createReadStream, statSync } from "node:fs";
import type { Copied, RestoreOptions } from "../../cli/service-commands.ts";
import { failure, type Result, success } from "../../model/result.ts";
import { openKept } from "./open-kept.ts";

export async function restore({ file, ...choice }: RestoreOptions): Promise<Result<Copied>> {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) return failure("not-found", `There is no file ${file}: name one that headroom backup wrote.`);
  const kept = await openKept({ ...choice, mayBeNew: true });
  if (!kept.ok) return kept;
  const { store, name } = kept.value;
  try {
    const restored = await store.restore(createReadStream(file));
    return restored.ok ? success({ file, store: name, bytes: found.size }) : restored;
  } finally {
    await store.close();
  }
}
