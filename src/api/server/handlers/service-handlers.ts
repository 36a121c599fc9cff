// One handler for each row of the table: the compiler sees that none is missing.
import type { ServiceRoutes } from "../../contract/routes.ts";
import { blackoutForm, doNotLearnForm, eventForm, isOfSource } from "../declared-forms.ts";
import { cellForm, customerForm, hostForm, poolForm, vmForm, workloadForm } from "../document-forms.ts";
import type { Desks, Handlers } from "../handler.ts";
import { contractHandlers } from "./contracts.ts";
import { discoveredHandlers } from "./discovered.ts";
import { documentHandlers } from "./documents.ts";
import { handOverHandlers } from "./hand-overs.ts";
import { invoiceHandlers } from "./invoices.ts";
import { keyHandlers } from "./keys.ts";
import { metricsHandlers } from "./metrics.ts";
import { monitoringHandlers } from "./monitoring.ts";
import { operatorHandlers } from "./operator.ts";
import { priceBookHandlers } from "./price-book.ts";
import { profileHandlers } from "./profiles.ts";
import { quoteHandlers } from "./quotes.ts";
import { sampleHandlers } from "./samples.ts";
import { sourceHandlers } from "./sources.ts";
import { usageHandlers } from "./usage.ts";

export function serviceHandlers(desks: Desks): Handlers<ServiceRoutes> {
  return {
    ...fleetHandlers(desks),
    ...announcementHandlers(desks),
    ...sampleHandlers(desks),
    ...metricsHandlers(desks),
    ...discoveredHandlers(desks),
    ...profileHandlers(desks),
    ...contractHandlers(desks),
    ...handOverHandlers(desks),
    ...monitoringHandlers(desks),
    ...priceBookHandlers(desks),
    ...usageHandlers(desks),
    ...invoiceHandlers(desks),
    ...quoteHandlers(desks),
    ...sourceHandlers(desks),
    ...operatorHandlers(desks),
    ...keyHandlers(desks),
  };
}

function fleetHandlers(desks: Desks) {
  const customers = documentHandlers(customerForm, desks);
  const workloads = documentHandlers(workloadForm, desks);
  const vms = documentHandlers(vmForm, desks);
  const hosts = documentHandlers(hostForm, desks);
  const pools = documentHandlers(poolForm, desks);
  const cells = documentHandlers(cellForm, desks);
  return {
    listCustomers: customers.list,
    getCustomer: customers.get,
    putCustomer: customers.put,
    deleteCustomer: customers.remove,
    listWorkloads: workloads.list,
    getWorkload: workloads.get,
    putWorkload: workloads.put,
    deleteWorkload: workloads.remove,
    listVms: vms.list,
    getVm: vms.get,
    putVm: vms.put,
    deleteVm: vms.remove,
    listHosts: hosts.list,
    getHost: hosts.get,
    putHost: hosts.put,
    deleteHost: hosts.remove,
    listPools: pools.list,
    getPool: pools.get,
    putPool: pools.put,
    deletePool: pools.remove,
    listCells: cells.list,
    getCell: cells.get,
    putCell: cells.put,
    deleteCell: cells.remove,
  };
}

function announcementHandlers(desks: Desks) {
  const events = documentHandlers(eventForm(desks.declarations), desks);
  const ranges = documentHandlers(doNotLearnForm, desks);
  const blackouts = documentHandlers(blackoutForm, desks);
  return {
    listEvents: events.list,
    postEvent: events.add,
    getEvent: events.get,
    putEvent: events.put,
    deleteEvent: async (asked: Parameters<typeof events.remove>[0]) => {
      const found = await asked.store.documents.get("event", asked.params.id);
      return found.ok && found.value?.value.provenance ? isOfSource(asked.params.id) : events.remove(asked);
    },
    listDoNotLearn: ranges.list,
    postDoNotLearn: ranges.add,
    getDoNotLearn: ranges.get,
    putDoNotLearn: ranges.put,
    deleteDoNotLearn: ranges.remove,
    listBlackouts: blackouts.list,
    postBlackout: blackouts.add,
    getBlackout: blackouts.get,
    putBlackout: blackouts.put,
    deleteBlackout: blackouts.remove,
  };
}
