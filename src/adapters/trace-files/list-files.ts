// The files that the given paths stand for: a file itself, or what lies directly in a folder. Hidden files are left out.
import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { type Result, success } from "../../model/result.ts";
import { compareNames } from "../../model/trace.ts";
import { stemOf } from "./file-names.ts";
import { badInput, readingFailed } from "./problems.ts";

const NAMES_SHOWN_MAX = 6;

export interface ListedFiles {
  /** Named as people gave them; in name order inside a folder; none twice. */
  readonly files: readonly string[];
  readonly traceName: string;
  readonly notices: readonly string[];
}

/** Fails on a path that is not there ("not-found"), may not be read, or holds no files. */
export async function listFiles(paths: readonly string[]): Promise<Result<ListedFiles>> {
  if (paths.length === 0) return badInput("no trace is given; name at least one file or folder");
  const places: Place[] = [];
  for (const path of paths) {
    const place = await lookAt(path);
    if (!place.ok) return place;
    places.push(place.value);
  }
  const all = places.flatMap(({ files }) => files);
  const files = [...new Map(all.map((file) => [resolve(file), file])).values()];
  const notices = places.flatMap((place) => place.notices);
  if (files.length < all.length) notices.push(`files given more than once and read once: ${all.length - files.length}`);
  return success({ files, traceName: traceNameOf(places), notices });
}

interface Place {
  readonly path: string;
  readonly isFolder: boolean;
  readonly files: readonly string[];
  readonly notices: readonly string[];
}

async function lookAt(path: string): Promise<Result<Place>> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) return await lookInto(path);
    if (!status.isFile()) return badInput(`${path}: neither a file nor a folder`);
    return success({ path, isFolder: false, files: [path], notices: [] });
  } catch (thrown) {
    return readingFailed(path, thrown);
  }
}

async function lookInto(folder: string): Promise<Result<Place>> {
  const files: string[] = [];
  const folders: string[] = [];
  for (const name of await readdir(folder)) {
    if (name.startsWith(".")) continue;
    const status = await stat(join(folder, name));
    if (status.isFile()) files.push(join(folder, name));
    else if (status.isDirectory()) folders.push(name);
  }
  const inside = folders.sort(compareNames).slice(0, NAMES_SHOWN_MAX).join(", ");
  if (files.length === 0 && folders.length > 0)
    return badInput(`${folder}: holds folders only (${inside}); name those that belong to the trace`);
  if (files.length === 0) return badInput(`${folder}: the folder holds no files`);
  const notices = folders.length === 0 ? [] : [`${folder}: the folders in it are not read (${inside})`];
  files.sort((left, right) => compareNames(stemOf(left), stemOf(right)) || compareNames(left, right));
  return success({ path: folder, isFolder: true, files, notices });
}

/** Folders by name; files by their folder where several of it are given, else by their own name. */
function traceNameOf(places: readonly Place[]): string {
  const folderOf = ({ path }: Place) => dirname(resolve(path));
  const hasSibling = (place: Place) =>
    places.some((other) => other !== place && !other.isFolder && folderOf(other) === folderOf(place));
  const names = places.map((place) => {
    if (place.isFolder) return basename(resolve(place.path));
    return hasSibling(place) ? basename(folderOf(place)) : stemOf(place.path);
  });
  const distinct = [...new Set(names)];
  const more = distinct.length - NAMES_SHOWN_MAX;
  return distinct.slice(0, NAMES_SHOWN_MAX).join("+") + (more > 0 ? `+${more} more` : "");
}
