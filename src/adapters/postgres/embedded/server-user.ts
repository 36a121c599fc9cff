// Whom the server runs as: ourselves, or as root somebody else, since PostgreSQL refuses to run as root.
import { spawnSync } from "node:child_process";
import { lstatSync } from "node:fs";
import { failure, type Result, success } from "../../../model/result.ts";

/** Both left out: as ourselves. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

const CANDIDATES = ["postgres", "nobody"];

/** As root whoever owns the data already, else the first of the candidates that this machine has. */
export function serverUser(data: string): Result<ServerUser> {
  if (process.getuid?.() !== 0) return success({});
  const found = lstatSync(data, { throwIfNoEntry: false });
  if (found?.isDirectory() && found.uid !== 0) return success({ uid: found.uid, gid: found.gid });
  for (const name of CANDIDATES) {
    const [uid, gid] = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }).stdout?.trim());
    if (uid && gid) return success({ uid: Number(uid), gid: Number(gid) });
  }
  const why = `PostgreSQL refuses to run as root, and there is no user called ${CANDIDATES.join(" or ")}`;
  return failure("unavailable", `${why}: run Headroom as another user, or set DATABASE_URL.`);
}

/** True when it is the folder of whoever runs the server, or of root who gave it away. */
export function isOwnFolder(path: string, { uid }: ServerUser): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && [uid, process.getuid?.()].includes(found.uid);
}
