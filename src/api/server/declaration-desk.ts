// Who reads what customers declare, and says how right it turned out: the same reader for API, files and feeds.
import type { VmSamples } from "../../control/store-ports.ts";
import type { ExternalEvent } from "../../model/event.ts";
import type { WorkloadProfile } from "../../model/profile.ts";
import type { Result } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { ProfileAccuracy } from "../contract/profiles.ts";

export interface DeclarationDesk {
  /** Fails with "bad-input"; its message begins with `where` and the path of the field. */
  readProfile(value: unknown, given: { readonly where: string; readonly now: Instant }): Result<WorkloadProfile>;
  readEvent(value: unknown, given: { readonly where: string; readonly now: Instant }): Result<ExternalEvent>;
  /** Of the samples of each VM. */
  compare(profile: WorkloadProfile, vms: readonly VmSamples[]): ProfileAccuracy["resources"];
}
