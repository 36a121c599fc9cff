// Opt-in and opt-out, and what follows from it for a workload and a VM.
import type { Static } from "typebox";
import type { CustomerId, VmId, WorkloadId } from "../../../model/fleet.ts";
import { RESOURCES, type Resource, resourceVector } from "../../../model/resources.ts";
import { type Result, success } from "../../../model/result.ts";
import { ceilingOf, isOptedIn, optedOut, type ServiceContract } from "../../../model/service-plan.ts";
import type { Contract, ContractBody, contractRoutes, VmTerms } from "../../contract/contracts.ts";
import type { DocumentForm } from "../document-forms.ts";
import type { Desks, Handlers } from "../handler.ts";
import { type Refusal, unknown } from "../refusals.ts";
import type { ConfinedStore } from "../tenant.ts";
import { documentHandlers } from "./documents.ts";

type Rows = typeof contractRoutes;

export function contractHandlers(desks: Desks): Handlers<Rows> {
  const { list, put } = documentHandlers(contractForm, desks);
  return {
    listContracts: list,
    putContract: put,
    async getContract({ params: { id }, store }) {
      const found = await contractOf(store, id as CustomerId);
      if (!found.ok) return found;
      const { version, changedAt, contract } = found.value;
      return success({ body: { id, version, changedAt, ...contractForm.toWire(contract) }, version });
    },
    async getWorkloadTerms({ params: { id }, store }) {
      const workload = await store.documents.get("workload", id);
      if (!workload.ok) return workload;
      if (workload.value === undefined) return unknown("workload", id);
      const { customer } = workload.value.value;
      const found = await contractOf(store, customer);
      if (!found.ok) return found;
      const { plan, optedIn } = found.value.contract;
      return success({ body: { workload: id as WorkloadId, customer, plan, optedIn: [...optedIn] } });
    },
    async getVmTerms({ params: { id }, store }) {
      const vm = await store.documents.get("vm", id);
      if (!vm.ok) return vm;
      if (vm.value === undefined) return unknown("vm", id);
      const { workload, ...size } = vm.value.value;
      const owner = await store.documents.get("workload", workload);
      if (!owner.ok) return owner;
      if (owner.value === undefined) return unknown("workload", workload);
      const { customer } = owner.value.value;
      const found = await contractOf(store, customer);
      if (!found.ok) return found;
      const { contract } = found.value;
      const ceiling = ceilingOf(contract, size);
      const of = (resource: Resource) => {
        return { optedIn: isOptedIn(contract, resource), base: size.base[resource], ceiling: ceiling[resource] };
      };
      const resources = { cpu: of("cpu"), memory: of("memory"), network: of("network"), storage: of("storage") };
      const terms: Static<typeof VmTerms> = { vm: id as VmId, workload, customer, plan: contract.plan, resources };
      return success({ body: terms });
    },
  };
}

const contractForm: DocumentForm<"contract", typeof ContractBody, Contract> = {
  kind: "contract",
  noun: "contract of customer",
  path: "/v1/customers",
  toWire({ plan, optedIn, ceiling }) {
    return { plan, optedIn: [...optedIn], ...(ceiling && { ceiling: { ...ceiling } }) };
  },
  async toChange({ id, body, store }) {
    const customer = id as CustomerId;
    const owner = await store.documents.get("customer", id);
    if (!owner.ok) return owner;
    if (owner.value === undefined) return unknown("customer", id);
    const { plan, optedIn, ceiling } = body;
    const ordered = RESOURCES.filter((resource) => optedIn.includes(resource));
    const most = ceiling && { ceiling: resourceVector(ceiling) };
    const value = { customer, plan, optedIn: ordered, ...most };
    return success({ kind: "contract", id, value, customer, needs: [{ kind: "customer", id }] });
  },
};

interface KeptContract {
  readonly contract: ServiceContract;
  readonly version: number;
  readonly changedAt: string | null;
}

/** Whoever never agreed to anything is opted out. */
async function contractOf(store: ConfinedStore, customer: CustomerId): Promise<Result<KeptContract, Refusal>> {
  const [kept, owner] = await Promise.all([
    store.documents.get("contract", customer),
    store.documents.get("customer", customer),
  ]);
  if (!kept.ok) return kept;
  if (!owner.ok) return owner;
  if (owner.value === undefined) return unknown("customer", customer);
  if (kept.value === undefined) return success({ contract: optedOut(customer), version: 0, changedAt: null });
  const { value: contract, version, changedAt } = kept.value;
  return success({ contract, version, changedAt: new Date(changedAt).toISOString() });
}
