// What people declare of a fleet in one document: profiles of VMs, events, and ranges not to be learned from. A sentence that names
// the field and what to do where something is wrong; then nothing of it is taken.
import type { DoNotLearnRange } from "../model/do-not-learn.ts";
import type { ExternalEvent } from "../model/event.ts";
import { type FieldReader, fieldReader, shown } from "../model/field-reader.ts";
import type { VmId } from "../model/fleet.ts";
import type { WorkloadProfile } from "../model/profile.ts";
import { failure, type Result, success } from "../model/result.ts";
import { type Instant, instant, iso } from "../model/time.ts";
import { KNOWN_ALL_ALONG, parseEvents } from "./parse-event.ts";
import { parseProfile } from "./parse-profile.ts";

export interface DeclaredFacts {
  readonly profiles: ReadonlyMap<VmId, WorkloadProfile>;
  readonly events: readonly ExternalEvent[];
  readonly doNotLearn: readonly DoNotLearnRange[];
}

const FIELDS = ["profiles", "events", "doNotLearn"] as const;
const PROFILES_MAX = 100_000;
const RANGES_MAX = 10_000;
const VMS_MAX = 100_000;
const REASON_LENGTH_MAX = 200;
const ID_FORM = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/;

export interface DeclarationsOrigin {
  /** What the document is called in messages: "declared.json". */
  readonly where: string;
  /** Growth of a profile counts from here unless it says `declaredAt`. */
  readonly receivedAt: Instant;
}

/**
 * `{ profiles: [{ vms: [id], profile }], events: [event], doNotLearn: [{ start, end, vms, reason }] }`, all of them optional; a profile
 * as `parseProfile` and an event as `parseEvent` read it. Events that do not say when they were announced were known all along.
 * Fails with "bad-input", with the path of the first field that is wrong.
 */
export function parseDeclarations(value: unknown, { where, receivedAt }: DeclarationsOrigin): Result<DeclaredFacts> {
  const read = fieldReader(value, where, FIELDS);
  const profiles = readProfiles(read, { where, receivedAt });
  const doNotLearn = read.each("doNotLearn", RANGES_MAX, ["start", "end", "vms", "reason"]).map(readRange);
  const fields = read.finish(() => ({ profiles, doNotLearn, events: read.value("events") ?? [] }));
  if (!fields.ok) return fields;
  const { profiles: byVm } = fields.value;
  if (!byVm.ok) return byVm;
  const events = parseEvents(fields.value.events, { where: `${where}.events`, announcedUnlessSaid: KNOWN_ALL_ALONG });
  return events.ok ? success({ profiles: byVm.value, events: events.value, doNotLearn }) : events;
}

function readProfiles(read: FieldReader, origin: DeclarationsOrigin): Result<Map<VmId, WorkloadProfile>> {
  const profiles = new Map<VmId, WorkloadProfile>();
  for (const [index, entry] of read.each("profiles", PROFILES_MAX, ["vms", "profile"]).entries()) {
    const where = `${origin.where}.profiles[${index}]`;
    const vms = readVms(entry);
    if (vms === undefined) entry.refuse("vms", `vms: a list of 1 to ${VMS_MAX} ids of VMs`);
    const profile = parseProfile(entry.value("profile"), { where: `${where}.profile`, receivedAt: origin.receivedAt });
    if (!profile.ok) return profile;
    for (const vm of vms ?? []) {
      if (profiles.has(vm))
        return failure("bad-input", `${where}.vms: ${shown(vm)} has two profiles; leave one of them.`);
      profiles.set(vm, profile.value);
    }
  }
  return success(profiles);
}

function readRange(read: FieldReader): DoNotLearnRange {
  const [start, end] = [read.instant("start"), read.instant("end")];
  if (start === undefined) read.refuse("start", "start: a time");
  if (end === undefined) read.refuse("end", "end: a time");
  if (start !== undefined && end !== undefined && end <= start)
    read.refuse("end", `a time after the start (${iso(start)})`);
  const vms = readVms(read);
  const reason = read.text("reason", REASON_LENGTH_MAX) ?? "declared";
  const span = { start: start ?? instant(0), end: end ?? instant(0) };
  return { ...span, ...(vms === undefined ? {} : { vms }), reason };
}

/** Undefined when left out, or after a note of what is wrong. */
function readVms(read: FieldReader): readonly VmId[] | undefined {
  const given = read.value("vms");
  if (given === undefined) return undefined;
  const isList = Array.isArray(given) && given.length > 0 && given.length <= VMS_MAX;
  if (isList && given.every((id) => typeof id === "string" && ID_FORM.test(id))) return given as VmId[];
  read.refuse("vms", `a list of 1 to ${VMS_MAX} ids: letters, digits, dots, colons or dashes`);
  return undefined;
}
