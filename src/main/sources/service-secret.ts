// The service's own secret, that the secrets of hooks are made of: in a file of the data folder that only its user can read, made at the
// first start. Who loses it makes new secrets for the hooks.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { failure, type Result, success } from "../../model/result.ts";

const FILE = "hook-secret";
const BYTES = 32;

export function serviceSecret(folder: string): Result<string> {
  const path = join(folder, FILE);
  try {
    mkdirSync(folder, { recursive: true });
    // Of two processes that start together one makes it, and both read it.
    writeFileSync(path, `${randomBytes(BYTES).toString("base64url")}\n`, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") return unusable(path, error);
  }
  try {
    const secret = readFileSync(path, "utf8").trim();
    if (secret.length >= BYTES) return success(secret);
    return failure("bad-input", `${path} is cut off: remove it, and make new secrets for hooks.`);
  } catch (error) {
    return unusable(path, error);
  }
}

function unusable(path: string, error: unknown): Result<never> {
  return failure("unavailable", `${path} cannot be used: ${error instanceof Error ? error.message : String(error)}.`);
}
