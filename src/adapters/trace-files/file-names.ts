// What the names of files and folders tell: the VM, the day, the trace.
import { basename, dirname, resolve } from "node:path";

/** The name without folders and without the endings that say how it is packed: the VM of a file with one VM. */
export function stemOf(file: string): string {
  return basename(file)
    .replace(/\.gz$|\.tgz$/i, "")
    .replace(/\.tar$|\.csv$/i, "");
}

/** Midnight UTC of a name that is a day, YYYYMMDD; undefined for every other name. */
export function dayOfName(name: string): number | undefined {
  if (!/^\d{8}$/.test(name)) return undefined;
  const date = `${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6)}`;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const exists = midnight >= 0 && new Date(midnight).toISOString().startsWith(date);
  return exists ? midnight : undefined;
}

export function folderNameOf(file: string): string {
  return basename(dirname(resolve(file)));
}
