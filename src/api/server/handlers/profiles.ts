// Workload profiles: declared, checked, taken back, and compared with what was measured.
import type { Static } from "typebox";
import type { VmSamples } from "../../../control/store-ports.ts";
import type { VmId, WorkloadId } from "../../../model/fleet.ts";
import type { WorkloadProfile } from "../../../model/profile.ts";
import { RESOURCES } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { DAY_MS, iso, WEEK_MS } from "../../../model/time.ts";
import type { Profile, ProfileBody, profileRoutes } from "../../contract/profiles.ts";
import type { DeclarationDesk } from "../declaration-desk.ts";
import { refusedField, WHERE } from "../declared-forms.ts";
import { type DocumentForm, ownerOfWorkload } from "../document-forms.ts";
import type { Asked, Desks, Handlers } from "../handler.ts";
import { type Refusal, unknown } from "../refusals.ts";
import { readSpan, samplesEndedIn } from "../spans.ts";
import { changesPage } from "./changes.ts";
import { documentHandlers } from "./documents.ts";

type Rows = typeof profileRoutes;

export function profileHandlers(desks: Desks): Handlers<Rows> {
  const { get, put, remove } = documentHandlers(profileForm(desks.declarations), desks);
  return {
    getProfile: get,
    putProfile: put,
    deleteProfile: remove,
    async validateProfile({ params: { id }, body, now, store }) {
      const owner = await ownerOfWorkload(store, id);
      if (!owner.ok) return owner;
      const read = desks.declarations.readProfile(body, { where: WHERE, now });
      return read.ok ? success({ body: profileToWire(read.value) }) : refusedField(read.error.message);
    },
    async getProfileHistory({ params: { id }, query, store }) {
      return changesPage(store, { ...query, kind: "profile", target: id });
    },
    getProfileAccuracy: (asked) => compare(asked, desks.declarations),
  };
}

function profileForm({
  readProfile,
}: DeclarationDesk): DocumentForm<"profile", typeof ProfileBody, Static<typeof Profile>> {
  return {
    kind: "profile",
    noun: "profile of workload",
    path: "/v1/workloads",
    toWire: profileToWire,
    async toChange({ id, body, store, now }) {
      const owner = await ownerOfWorkload(store, id);
      if (!owner.ok) return owner;
      const read = readProfile(body, { where: WHERE, now });
      if (!read.ok) return refusedField(read.error.message);
      const needs = [{ kind: "workload" as const, id }];
      return success({ kind: "profile", id, value: read.value, customer: owner.value, needs });
    },
  };
}

function profileToWire(profile: WorkloadProfile) {
  const { demand, declaredAt, plannedChanges, ...fields } = profile;
  const declared: Static<typeof Profile>["demand"] = {};
  for (const resource of RESOURCES) {
    const levels = demand[resource];
    if (levels) declared[resource] = { typical: [...levels.typical], peak: [...levels.peak] };
  }
  return {
    ...fields,
    demand: declared,
    declaredAt: iso(declaredAt),
    plannedChanges: plannedChanges.map(({ at, factor }) => ({ at: iso(at), factor })),
  };
}

const VMS_COMPARED_MAX = 8;
const DAYS_MAX = 31;

async function compare({ params, query, now, store }: Asked<Rows["getProfileAccuracy"]>, desk: DeclarationDesk) {
  const { id } = params;
  const span = readSpan(query, { now, lengthMs: WEEK_MS, lengthMsMax: DAYS_MAX * DAY_MS });
  if (!span.ok) return span;
  const [profile, owner] = await Promise.all([store.documents.get("profile", id), ownerOfWorkload(store, id)]);
  if (!owner.ok) return owner;
  if (!profile.ok) return profile;
  if (profile.value === undefined) return unknown("profile of workload", id);
  const vms = await vmsOf(store, { workload: id as WorkloadId, customer: owner.value });
  if (!vms.ok) return vms;
  const seen: VmSamples[] = [];
  for (const vm of vms.value) {
    const samples = await store.readSamples(vm, samplesEndedIn(span.value));
    if (!samples.ok) return samples;
    seen.push(samples.value);
  }
  const { from, to } = span.value;
  const resources = desk.compare(profile.value.value, seen);
  return success({ body: { workload: id, from: iso(from), to: iso(to), resources } });
}

const PAGE = 1_000;

/** The first ones in order of their ids. */
async function vmsOf(
  store: Asked["store"],
  { workload, customer }: { readonly workload: WorkloadId; readonly customer: string },
): Promise<Result<readonly VmId[], Refusal>> {
  const found: VmId[] = [];
  let after = "";
  for (;;) {
    const owner = customer as NonNullable<Asked["caller"]["customer"]>;
    const listed = await store.documents.list("vm", { after, limit: PAGE, customer: owner });
    if (!listed.ok) return listed;
    found.push(...listed.value.filter(({ value }) => value.workload === workload).map(({ value }) => value.id));
    const last = listed.value.at(-1);
    if (last === undefined || listed.value.length < PAGE || found.length >= VMS_COMPARED_MAX)
      return success(found.slice(0, VMS_COMPARED_MAX));
    after = last.id;
  }
}
