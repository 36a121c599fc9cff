// What the doctor looks at, in an order in which each check makes sense only if those before it went well.
import type { ApiClient } from "../../api/client/client.ts";
import type { Problem } from "../../api/contract/live.ts";
import type { CellStatus } from "../../api/contract/operator.ts";
import type { Result } from "../../model/result.ts";
import { SECOND_MS } from "../../model/time.ts";
import { ageOf } from "../local-time.ts";
import type { Connection } from "../service-commands.ts";
import { metricsFindings } from "./doctor-metrics.ts";
import { forEach, listUpTo } from "./many-calls.ts";
import { problemSentence } from "./problem-sentence.ts";
import { counted } from "./status-command.ts";

export interface Finding {
  readonly check: string;
  /** note: worth knowing, nothing is wrong. */
  readonly state: "ok" | "note" | "wrong";
  readonly finding: string;
  readonly next?: string;
}

interface Doctor {
  readonly now: () => number;
  /** Of this program. */
  readonly version: string;
}

const VMS_EXAMINED = 1_000;
const NAMES_SHOWN = 5;

export async function examine(connection: Connection, { now, version }: Doctor): Promise<Finding[]> {
  const { client, address } = connection;
  const asked = now();
  const customers = await client.listCustomers({ query: { limit: 1 } });
  const server = serverFinding(connection, customers, now() - asked);
  if (server.state === "wrong") return [server];
  const told = await connection.version();
  const findings = [server, versionFinding({ told, version, address })];
  const key = await keyFinding(connection, customers);
  findings.push(key);
  if (key.state === "wrong") return findings;
  findings.push(storeFinding(customers));
  const metrics = await metricsFindings(client);
  const status = await client.getStatus();
  if (!status.ok) return [...findings, ...metrics, cellsUnknown(status.error)];
  const fleet = await client.getFleet();
  const isSimulated = fleet.ok && fleet.value.simulated.is;
  findings.push(...cellsFindings(status.value.cells, isSimulated ? undefined : now()));
  findings.push(...(await fleetFindings(client)), ...metrics);
  return findings;
}

type Probe = Result<unknown, Problem>;

function serverFinding(connection: Connection, probe: Probe, tookMs: number): Finding {
  const { address } = connection;
  const isHeard = probe.ok || (probe.error.status !== 0 && !/unreadable$/.test(probe.error.type));
  const isKnown = probe.ok || probe.error.status !== 404;
  if (isHeard && isKnown) return { check: "server", state: "ok", finding: `${address} answers, in ${tookMs} ms.` };
  const [finding = "", next = ""] = problemSentence(probe.ok ? NOBODY : probe.error, connection).split(
    /(?<=[^:]): (.*)/,
  );
  return { check: "server", state: "wrong", finding: `${finding}.`, next };
}

const NOBODY: Problem = { type: "", title: "", status: 0 };

function versionFinding(given: { told: string | undefined; version: string; address: string }): Finding {
  const { told, version, address } = given;
  if (told === undefined)
    return { check: "version", state: "note", finding: `${address} does not say which version it is.` };
  if (told === version) return { check: "version", state: "ok", finding: `It is version ${told}, as is this program.` };
  const finding = `It is version ${told}, this program ${version}.`;
  return { check: "version", state: "note", finding, next: "use the same version of both." };
}

/** What may be found out without changing anything: a removal of what is not there, a batch without samples. */
async function keyFinding({ client, key }: Connection, reads: Probe): Promise<Finding> {
  const whose = key === "none" ? "Without a key" : `The key of ${key}`;
  if (!reads.ok && reads.error.status === 401) {
    const next =
      key === "none" ? "put a key into HEADROOM_KEY." : "ask an operator for another one (headroom keys add).";
    const finding = key === "none" ? "It asks for a key, and there is none." : `${whose} is not taken.`;
    return { check: "key", state: "wrong", finding, next };
  }
  const operator = await client.getStatus();
  const writes = await client.deleteEvent({ id: "doctor-asks-whether-it-may", ifVersion: 2 ** 31 });
  const ingests = await client.postSamples({ body: { vms: [], rows: [] } });
  const may = [
    ...(isForbidden(reads) ? [] : ["read"]),
    ...(isForbidden(writes) ? [] : ["write"]),
    ...(isForbidden(ingests) ? [] : ["ingest"]),
  ];
  const role = operator.ok || !/operator/.test(operator.error.title) ? "an operator" : "a customer";
  if (isForbidden(reads)) return { check: "key", state: "wrong", finding: rights(whose, may, role), next: ANOTHER };
  return { check: "key", state: "ok", finding: rights(whose, may, role) };
}

const ANOTHER = "the doctor needs a key that may read: headroom keys add NAME --scopes read.";

function rights(whose: string, may: readonly string[], role: string): string {
  const what = may.length > 0 ? may.join(", ") : "nothing";
  return whose === "Without a key" ? `Without a key one may ${what}.` : `${whose} is that of ${role}: it may ${what}.`;
}

function isForbidden(probe: Probe): boolean {
  return !probe.ok && [401, 403].includes(probe.error.status);
}

function storeFinding(probe: Probe): Finding {
  if (probe.ok) return { check: "store", state: "ok", finding: "The store answers." };
  const next = "look at the log of the service, and whether its database runs and has room on its disk.";
  return { check: "store", state: "wrong", finding: `The store does not answer: ${probe.error.title}.`, next };
}

function cellsUnknown({ status, title }: Problem): Finding {
  if (status === 403)
    return { check: "cells", state: "note", finding: "How cells do is for operators: nothing more was looked at." };
  return { check: "cells", state: "wrong", finding: title, next: "look at the log of the service." };
}

/** `now` is undefined where a simulated fleet has a time of its own. */
function cellsFindings(cells: readonly CellStatus[], now: number | undefined): Finding[] {
  if (cells.length === 0)
    return [
      {
        check: "cells",
        state: "note",
        finding: "No cell runs yet.",
        next: "PUT a cell, a pool, a host and its VMs (docs/api.md).",
      },
    ];
  return cells.flatMap((cell) => [tickFinding(cell, now), ...handsFindings(cell), ...silenceFindings(cell)]);
}

/** One tick may be skipped by a slow one; two in a row are too many. */
const TICKS_LATE_MAX = 2;
const GRACE_MS = 15 * SECOND_MS;

function tickFinding({ cell, at, stepSeconds }: CellStatus, now: number | undefined): Finding {
  const check = `cell ${cell}`;
  const rhythm = `a tick is due every ${ageOf(stepSeconds * SECOND_MS)}`;
  if (at === null) return { check, state: "note", finding: `Cell ${cell} has not ticked yet; ${rhythm}.` };
  if (now === undefined) return { check, state: "note", finding: `Cell ${cell} is simulated: its time is its own.` };
  const age = now - Date.parse(at);
  const finding = `Cell ${cell} ticked ${ageOf(age)} ago; ${rhythm}.`;
  if (age <= TICKS_LATE_MAX * stepSeconds * SECOND_MS + GRACE_MS) return { check, state: "ok", finding };
  const next = `look for "cell":"${cell}" in the log of the service: a failure says why it stands still.`;
  return { check, state: "wrong", finding, next };
}

function handsFindings({ cell, mode, killSwitch }: CellStatus): Finding[] {
  const check = `cell ${cell}`;
  if (killSwitch)
    return [{ check, state: "note", finding: `The kill switch of ${cell} is pulled: no machine is touched.` }];
  return mode === "observe"
    ? [{ check, state: "note", finding: `Cell ${cell} observes: it decides and explains, and changes nothing.` }]
    : [];
}

function silenceFindings({ cell, silentVms, vms }: CellStatus): Finding[] {
  const check = `silent VMs of ${cell}`;
  if (vms === 0) return [];
  if (silentVms === 0)
    return [{ check, state: "ok", finding: `Of ${counted(vms, "VM")} in ${cell} none was silent in the last tick.` }];
  const finding = `${silentVms} of ${counted(vms, "VM")} of ${cell} sent no usable sample in the last tick.`;
  const next = "see whether the collector runs (POST /v1/samples); silent VMs are held at their last safe size.";
  return [{ check, state: "wrong", finding, next }];
}

async function fleetFindings(client: ApiClient): Promise<Finding[]> {
  const vms = await listUpTo(VMS_EXAMINED, (query) => client.listVms({ query }));
  if (!vms.ok)
    return [{ check: "VMs", state: "wrong", finding: vms.error.title, next: "look at the log of the service." }];
  const { items, isCut } = vms.value;
  const among = isCut ? `the first ${items.length} VMs` : counted(items.length, "VM");
  const seen = await forEach(items, async ({ id }) => ({ id, allocation: await client.getVmAllocation({ id }) }));
  const unseen = seen.filter(({ allocation }) => !allocation.ok && allocation.error.status === 404);
  const silent = seen.filter(
    ({ allocation }) =>
      allocation.ok && Object.values(allocation.value.resources).every(({ demand }) => demand === null),
  );
  const workloads = [...new Set(items.map(({ workload }) => workload))];
  const profiles = await forEach(workloads, async (id) => ({ id, profile: await client.getProfile({ id }) }));
  const bare = profiles.filter(({ profile }) => !profile.ok && profile.error.status === 404).map(({ id }) => id);
  const without = items.filter(({ workload }) => bare.includes(workload));
  return [
    ...(silent.length > 0 ? [silentNames(silent.map(({ id }) => id))] : []),
    ...(unseen.length > 0
      ? [
          unseenFinding(
            unseen.map(({ id }) => id),
            among,
          ),
        ]
      : []),
    profileFinding({ without: without.length, among, workloads: bare }),
  ];
}

function silentNames(ids: readonly string[]): Finding {
  return { check: "silent VMs", state: "note", finding: `Silent: ${someOf(ids)}.` };
}

function unseenFinding(ids: readonly string[], among: string): Finding {
  const finding = `${ids.length} of ${among} were in no tick yet: ${someOf(ids)}.`;
  return {
    check: "unseen VMs",
    state: "note",
    finding,
    next: "they come with the next tick; if not, look at their host.",
  };
}

function profileFinding(given: { without: number; among: string; workloads: readonly string[] }): Finding {
  const { without, among, workloads } = given;
  if (without === 0) return { check: "profiles", state: "ok", finding: `Of ${among} none is without a profile.` };
  const finding = `${without} of ${among} without a profile; workloads: ${someOf(workloads)}.`;
  const next = "headroom profile put WORKLOAD FILE declares one, so that forecasts need not begin from nothing.";
  return { check: "profiles", state: "note", finding, next };
}

function someOf(names: readonly string[]): string {
  const others = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
