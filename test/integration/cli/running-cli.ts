// The built program as a person runs it: what it prints, and how it ended.
import { execFile } from "node:child_process";
import { startServe, withoutSettings } from "../serve-process.ts";

const PROGRAM = "dist/main/headroom.js";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `environment` is all that it sees of HEADROOM_*. */
export function headroom(argv: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const env = { ...withoutSettings(process.env), TZ: "Europe/Berlin", ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...argv], { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

export interface Served {
  readonly address: string;
  readonly key: string | undefined;
  stop(): Promise<number | null>;
}

export async function serveOn(data: string): Promise<Served> {
  const settings = { HEADROOM_TICK_SECONDS: "15", HEADROOM_LOG: "error" };
  const { address, firstKey, end } = await startServe(data, settings);
  return { address, key: firstKey, stop: () => end("SIGTERM") };
}
