// Predictive scaling: what a customer agreed to, and what follows from it for a workload or VM. Effect at once, gracefully.
import { type Static, Type } from "typebox";
import { SERVICE_PLANS } from "../../model/service-plan.ts";
import { ADDRESSES } from "./addresses.ts";
import { CONFINED, owned, type Route } from "./route.ts";
import {
  byResource,
  Id,
  IdParams,
  KEPT,
  OwnerPageQuery,
  page,
  ResourceAmounts,
  ResourceName,
  strict,
} from "./scalars.ts";

const plan = Type.Enum([...SERVICE_PLANS], {
  description: "How far ahead of demand Headroom goes, and who goes first.",
});
const optedIn = Type.Array(ResourceName, {
  maxItems: 4,
  uniqueItems: true,
  description: "Resources that Headroom may shape; what is left out goes back to its base. Empty: opted out.",
});

export const ContractBody = strict({
  plan,
  optedIn,
  ceiling: Type.Optional({
    ...ResourceAmounts,
    description: "The most that one VM may get; its own ceiling if lower.",
  }),
});
export const Contract = strict({ ...KEPT, ...ContractBody.properties });
export type Contract = Static<typeof Contract>;

const VmTermsOfResource = strict({
  optedIn: Type.Boolean(),
  base: Type.Number({ minimum: 0, description: "Base units; always there." }),
  ceiling: Type.Number({ minimum: 0, description: "Base units; the most it may get now. 1e30: no limit." }),
});
export const VmTerms = strict({
  vm: Id,
  workload: Id,
  customer: Id,
  plan,
  resources: byResource(VmTermsOfResource),
});
const WorkloadTerms = strict({ workload: Id, customer: Id, plan, optedIn });

const EXAMPLE = { plan: "predictive", optedIn: ["cpu", "memory"] };
const EXAMPLE_KEPT = { id: "meridian", version: 1, changedAt: "2026-03-02T08:00:00.000Z", ...EXAMPLE };
const exampleTerms = (isIn: boolean, base: number, ceiling: number) => ({ optedIn: isIn, base, ceiling });

export const contractRoutes = {
  listContracts: {
    ...ADDRESSES.listContracts,
    tag: "contracts",
    scope: "read",
    tenant: CONFINED,
    summary: "List the customers who agreed to something",
    query: OwnerPageQuery,
    response: page(Contract),
    example: { response: { items: [EXAMPLE_KEPT], next: null } },
  },
  getContract: {
    ...ADDRESSES.getContract,
    tag: "contracts",
    scope: "read",
    tenant: owned("customer"),
    summary: "Read what a customer agreed to",
    description: "A customer who never agreed to anything is opted out, with version 0.",
    params: IdParams,
    response: Contract,
    versioned: true,
    example: { response: EXAMPLE_KEPT },
  },
  putContract: {
    ...ADDRESSES.putContract,
    tag: "contracts",
    scope: "write",
    tenant: owned("customer"),
    summary: "Opt in or out of predictive scaling",
    description: "Takes effect at once: what was lent of a resource that is opted out goes back in stages.",
    params: IdParams,
    body: ContractBody,
    response: Contract,
    versioned: true,
    example: { body: EXAMPLE, response: EXAMPLE_KEPT },
  },
  getWorkloadTerms: {
    ...ADDRESSES.getWorkloadTerms,
    tag: "contracts",
    scope: "read",
    tenant: owned("workload"),
    summary: "Read what holds for a workload",
    params: IdParams,
    response: WorkloadTerms,
    example: { response: { workload: "meridian-web", customer: "meridian", ...EXAMPLE } },
  },
  getVmTerms: {
    ...ADDRESSES.getVmTerms,
    tag: "contracts",
    scope: "read",
    tenant: owned("vm"),
    summary: "Read what holds for a VM",
    params: IdParams,
    response: VmTerms,
    example: {
      response: {
        vm: "meridian-web-1",
        workload: "meridian-web",
        customer: "meridian",
        plan: "predictive",
        resources: {
          cpu: exampleTerms(true, 1, 4),
          memory: exampleTerms(true, 4_294_967_296, 17_179_869_184),
          network: exampleTerms(false, 10_000_000, 10_000_000),
          storage: exampleTerms(false, 10_000_000, 10_000_000),
        },
      },
    },
  },
} as const satisfies Record<string, Route>;
