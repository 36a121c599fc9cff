import type { DemoOptions, RunningDemo } from "../../cli/commands.ts";
import { failure, type Result } from "../../model/result.ts";

export async function demo(_options: DemoOptions): Promise<Result<RunningDemo>> {
  return failure("unavailable", "wip");
}
