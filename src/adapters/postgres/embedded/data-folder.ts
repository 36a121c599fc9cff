// The folder of an embedded PostgreSQL: FOLDER/postgres is its data, made whole or not at all; FOLDER/postgres.log what it says.
import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { failure, type Result, success } from "../../../model/result.ts";
import type { Binaries } from "./binaries.ts";
import { DATABASE_USER } from "./postmaster.ts";
import { isOwnFolder, type ServerUser } from "./server-user.ts";

/** The same sorting on every machine, whatever it has installed; checksums tell of a disk that forgets. */
const INITDB = [
  "--auth=trust",
  "--encoding=UTF8",
  "--locale=C",
  "--locale-provider=builtin",
  "--builtin-locale=C.UTF-8",
];
const INITDB_MORE = ["--data-checksums", `--username=${DATABASE_USER}`];

interface Maker {
  readonly user: ServerUser;
  readonly binaries: Binaries;
}

export interface DataFolder {
  readonly home: string;
  readonly data: string;
}

/** "rejected" when what is there is not ours to use. */
export function dataFolder(folder: string, maker: Maker): Result<DataFolder> {
  try {
    // Its data is closed to others; the folder around it is to be walked through by whoever runs the server.
    mkdirSync(folder, { recursive: true, mode: maker.user.uid === undefined ? 0o700 : 0o711 });
    const home = realpathSync(folder);
    const data = join(home, "postgres");
    const fault = existsSync(data) ? foreign(data, maker) : create({ home, data }, maker);
    return fault ?? success({ home, data });
  } catch (error) {
    return failure("unavailable", `The data folder ${folder} cannot be used: ${error}.`);
  }
}

function foreign(data: string, { user, binaries }: Maker): Result<never> | undefined {
  if (!isOwnFolder(data, user))
    return failure("rejected", `${data} belongs to someone else: choose another data folder.`);
  const version = join(data, "PG_VERSION");
  if (!existsSync(version))
    return failure("rejected", `${data} holds something else than a database: choose another data folder.`);
  const major = readFileSync(version, "utf8").trim();
  if (major === binaries.major) return undefined;
  const why = `${data} was made by PostgreSQL ${major}, and this Headroom brings ${binaries.major}`;
  return failure("rejected", `${why}: back it up with the Headroom that made it, and restore into a new data folder.`);
}

function create({ home, data }: DataFolder, { user, binaries }: Maker): Result<never> | undefined {
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(unfinished, user.uid, user.gid);
  if (user.uid !== undefined && spawnSync("test", ["-x", unfinished], user).status !== 0) {
    rmSync(unfinished, { recursive: true });
    const why = `PostgreSQL runs as user ${user.uid}, who cannot get into ${home}`;
    return failure(
      "rejected",
      `${why}: choose a data folder such as /var/lib/headroom/data, or open the folders above.`,
    );
  }
  chmodSync(unfinished, 0o700);
  const made = spawnSync(binaries.initdb, ["-D", unfinished, ...INITDB, ...INITDB_MORE], {
    ...user,
    cwd: "/",
    env: { LC_ALL: "C", PATH: process.env["PATH"] },
    encoding: "utf8",
  });
  if (made.status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    return failure("unavailable", `The database could not be made in ${home}: ${made.error ?? made.stderr}`);
  }
  renameSync(unfinished, data);
  return undefined;
}
