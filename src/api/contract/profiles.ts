// Workload profiles: what a customer declares, what was declared before, and how right it turned out to be.
import { type Static, Type } from "typebox";
import { WORKLOAD_CLASSES } from "../../model/fleet.ts";
import { HOURS_A_WEEK, SCALING_KINDS } from "../../model/profile.ts";
import { RESOURCES } from "../../model/resources.ts";
import { ADDRESSES } from "./addresses.ts";
import { LoggedChange } from "./changes.ts";
import { owned, type Route } from "./route.ts";
import {
  byResource,
  Id,
  IdParams,
  Instant,
  KEPT,
  NEWEST_FIRST,
  Nothing,
  newestPage,
  nullable,
  ResourceName,
  strict,
} from "./scalars.ts";

const HOURS_A_DAY = 24;
const Level = Type.Number({ minimum: 0, maximum: 1e18 });
const Day = Type.Array(Level, { minItems: HOURS_A_DAY, maxItems: HOURS_A_DAY });
const Week = Type.Array(Level, { minItems: HOURS_A_WEEK, maxItems: HOURS_A_WEEK });
const FORMS =
  "Base units: one number, 24 for a day, 168 for a week from Monday 00:00 local time, or weekday and weekend.";
const levels = (description: string) =>
  Type.Union([Level, Day, Week, strict({ weekday: Day, weekend: Day })], { description: `${description} ${FORMS}` });
const Declared = strict({
  typical: levels("Demand stays below it half of the time."),
  peak: Type.Optional(levels("Demand stays below it 95 % of the time; nowhere below typical.")),
});

const workloadClass = Type.Optional(Type.Enum([...WORKLOAD_CLASSES], { description: "What kind of work it does." }));
const scaling = Type.Enum([...SCALING_KINDS], {
  description: "Takes up capacity as a bigger VM, as more VMs, or not.",
});
const utcOffsetMinutes = Type.Integer({
  minimum: -720,
  maximum: 840,
  description: "Minutes that local time is ahead of UTC.",
});
const growthPerMonth = Type.Number({ minimum: -0.9, maximum: 3, description: "A share, compounded: 0.05 = 5 %." });
const PlannedChange = strict({
  at: Instant,
  factor: Type.Number({ minimum: 0, maximum: 1000, description: "What demand is multiplied with from then on." }),
});
const plannedChanges = Type.Array(PlannedChange, { maxItems: 100 });

export const ProfileBody = strict({
  workloadClass,
  scaling: Type.Optional(scaling),
  utcOffsetMinutes: Type.Optional(utcOffsetMinutes),
  demand: Type.Optional(Type.Partial(byResource(Declared), { additionalProperties: false })),
  growthPerMonth: Type.Optional(growthPerMonth),
  declaredAt: Type.Optional({ ...Instant, description: "When the numbers were true; now where left out." }),
  plannedChanges: Type.Optional(plannedChanges),
});

const KeptDeclared = strict({ typical: Week, peak: Week });
const PROFILE = {
  workloadClass,
  scaling,
  utcOffsetMinutes,
  demand: Type.Partial(byResource(KeptDeclared), {
    additionalProperties: false,
    description: "168 hours of a week, Monday 00:00 local time first; base units.",
  }),
  growthPerMonth,
  declaredAt: Instant,
  plannedChanges,
};
export const Profile = strict({ ...KEPT, ...PROFILE });
export type Profile = Static<typeof Profile>;

const Share = nullable(Type.Number({ minimum: 0, maximum: 1 }), "A share; null where nothing was measured.");
export const ProfileAccuracy = strict({
  workload: Id,
  from: Instant,
  to: Instant,
  resources: Type.Array(
    strict({
      resource: ResourceName,
      samples: Type.Integer({ minimum: 0, description: "Samples that the declaration was compared with." }),
      belowTypical: { ...Share, description: "Share of samples at or below typical; 0.5 would be right." },
      belowPeak: { ...Share, description: "Share of samples at or below peak; 0.95 would be right." },
      loss: nullable(
        Type.Number({ minimum: 0 }),
        "Mean pinball loss of both levels, per mean demand: 0 would be perfect, smaller is better.",
      ),
      bestLoss: nullable(
        Type.Number({ minimum: 0 }),
        "The same loss of the best two constants in hindsight: what a profile without hours could have reached.",
      ),
    }),
  ),
});
export type ProfileAccuracy = Static<typeof ProfileAccuracy>;

const EXAMPLE_BODY = {
  workloadClass: "web",
  scaling: "vertical",
  utcOffsetMinutes: 60,
  demand: { cpu: { typical: 1.5, peak: 4 } },
  growthPerMonth: 0.02,
  plannedChanges: [{ at: "2026-11-27T00:00:00Z", factor: 2 }],
};
const ROW = { tag: "profiles", tenant: owned("workload"), params: IdParams } as const;

export const profileRoutes = {
  getProfile: {
    ...ADDRESSES.getProfile,
    ...ROW,
    scope: "read",
    summary: "Read a workload's profile",
    response: Profile,
    versioned: true,
    example: {},
  },
  putProfile: {
    ...ADDRESSES.putProfile,
    ...ROW,
    scope: "write",
    summary: "Declare a workload's profile",
    description:
      "Forecasts use it from the next tick on: all of it while there are no samples, less the more there are.",
    body: ProfileBody,
    response: Profile,
    versioned: true,
    example: { body: EXAMPLE_BODY },
  },
  deleteProfile: {
    ...ADDRESSES.deleteProfile,
    ...ROW,
    scope: "write",
    summary: "Take a profile back",
    status: 204,
    response: Nothing,
    versioned: true,
    example: {},
  },
  validateProfile: {
    ...ADDRESSES.validateProfile,
    ...ROW,
    scope: "read",
    summary: "Check a profile without declaring it",
    body: ProfileBody,
    response: strict(PROFILE, { description: "The profile as it would be kept." }),
    example: { body: EXAMPLE_BODY },
  },
  getProfileHistory: {
    ...ADDRESSES.getProfileHistory,
    ...ROW,
    scope: "read",
    summary: "Read what was declared before, newest first",
    query: strict(NEWEST_FIRST),
    response: newestPage(LoggedChange),
    example: { response: { items: [], next: null } },
  },
  getProfileAccuracy: {
    ...ADDRESSES.getProfileAccuracy,
    ...ROW,
    scope: "read",
    summary: "Compare a profile with what was measured",
    description:
      "The declared levels are those of one VM of the workload. At most 8 of its VMs are compared, over at most 31 days.",
    query: strict({
      from: Type.Optional({ ...Instant, description: "A week before `to` where left out." }),
      to: Type.Optional({ ...Instant, description: "Now where left out." }),
    }),
    response: ProfileAccuracy,
    example: {
      response: {
        workload: "meridian-web",
        from: "2026-03-02T00:00:00.000Z",
        to: "2026-03-09T00:00:00.000Z",
        resources: RESOURCES.map((resource) => ({
          resource,
          samples: resource === "cpu" ? 2016 : 0,
          belowTypical: resource === "cpu" ? 0.56 : null,
          belowPeak: resource === "cpu" ? 0.97 : null,
          loss: resource === "cpu" ? 0.11 : null,
          bestLoss: resource === "cpu" ? 0.13 : null,
        })),
      },
    },
  },
} as const satisfies Record<string, Route>;
