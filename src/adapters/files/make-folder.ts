// Makes a folder and those above it, one by one: Node's own recursive mkdir never returns where the system has no room for
// folders, such as below /proc.
import { existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Throws what the system says when it cannot be made. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path);
}
