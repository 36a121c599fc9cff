// The workload profile in a JSON file, as whoever declared it wrote it.
import { readWhole } from "../../adapters/files/written-files.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import { failure, type Result } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import { parseProfile } from "../../signals/parse-profile.ts";

/** `origin`: growth counts from there unless the profile says when it was declared. */
export async function readProfile(path: string, origin: Instant): Promise<Result<WorkloadProfile>> {
  const bytes = await readWhole(path);
  if (!bytes.ok) return bytes;
  let value: unknown;
  try {
    value = JSON.parse(bytes.value.toString("utf8"));
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return failure("bad-input", `${path} is no JSON: ${why}.`);
  }
  return parseProfile(value, { where: path, receivedAt: origin });
}
