// Hand-overs of a running fleet as seen from outside: wishes become commands of the cell that runs the workload, notices are sent
// until they are taken in, and replicas are asked whether they are ready. What is known lies in the cells: after a crash all of
// this goes on from there.
import { type AllowedAddresses, allowAddresses } from "../../adapters/customer-addresses/allowed-address.ts";
import { createReplicaProbe } from "../../adapters/readiness/probe-replica.ts";
import { createReplicaWatch, type ReplicaWatch } from "../../adapters/readiness/watch-replicas.ts";
import { checkTarget } from "../../adapters/webhook/post-notice.ts";
import { createNoticeSender, type NoticeSender, type SenderOptions } from "../../adapters/webhook/send-notices.ts";
import type { HandOverDesk, KnownHandOver } from "../../api/server/hand-over-desk.ts";
import type { OpenHandOver } from "../../control/hand-over-memory.ts";
import type { AskedReplica, Clock, ReplicaProbe } from "../../control/ports.ts";
import type { DocumentStore } from "../../control/store-ports.ts";
import type { AskHandOver, Command } from "../../control/tick-input.ts";
import type { CellId } from "../../model/fleet.ts";
import type { HandOverId, HandOverNotice } from "../../model/hand-over.ts";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import type { CellRunner } from "./run-cell.ts";

export interface HandOverOptions {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** Networks inside in which customers' load balancers and replicas may lie. */
  readonly networks: readonly string[];
  /** Nobody here can change machines where not: what is asked for is refused. */
  readonly changesMachines: boolean;
  /** Real replicas where left out. */
  readonly replicas?: ReplicaProbe;
  readonly onFailure: (failure: Failure) => void;
  readonly pace?: SenderOptions["pace"];
}

export interface RunningHandOvers {
  readonly desk: HandOverDesk;
  /** A cell runs here from now on. */
  taken(cell: CellId, runner: CellRunner): void;
  /** As the event of a running cell: notices that wait, all that it moved on is looked at. */
  notices(cell: CellId, waiting: readonly HandOverNotice[]): void;
  /** The cell runs here no more. */
  gone(cell: CellId): void;
  stop(): Promise<void>;
}

/** "bad-input" where a network is none. */
export function runHandOvers(options: HandOverOptions): Result<RunningHandOvers> {
  const allowed = allowAddresses(options.networks);
  if (!allowed.ok) return allowed;
  const office = openOffice(options, allowed.value);
  const look = () => {
    office.sender.offer([...office.waiting.values()].flat());
    office.watch.await(awaitedIn(office));
  };
  return success({
    desk: deskOf(office, { allowed: allowed.value, ...options }),
    taken(cell, runner) {
      office.runners.set(cell, runner);
      look();
    },
    notices(cell, waiting) {
      office.waiting.set(cell, waiting);
      look();
    },
    gone(cell) {
      office.runners.delete(cell);
      office.waiting.delete(cell);
      look();
    },
    async stop() {
      await Promise.all([office.sender.stop(), office.watch.stop()]);
    },
  });
}

interface Office {
  readonly runners: Map<CellId, CellRunner>;
  readonly waiting: Map<CellId, readonly HandOverNotice[]>;
  /** By idempotency key, of notices that wait: why the last attempt failed. */
  readonly unsent: Map<string, string>;
  readonly sender: NoticeSender;
  readonly watch: ReplicaWatch;
}

function openOffice(options: HandOverOptions, allowed: AllowedAddresses): Office {
  const { documents, clock, onFailure, pace, replicas = createReplicaProbe(allowed) } = options;
  const runners = new Map<CellId, CellRunner>();
  const waiting = new Map<CellId, readonly HandOverNotice[]>();
  const unsent = new Map<string, string>();
  /** What its cell makes of it is kept there: a report that comes late changes nothing. */
  const tell = async (id: HandOverId, command: Command) => {
    for (const runner of runners.values())
      if (runner.running().state.handOvers.open.has(id)) await runner.command(command);
  };
  const sender = createNoticeSender({
    ...{ now: () => clock.now(), allowed, ...(pace && { pace }) },
    async targetOf(customer) {
      const kept = await documents.get("webhook", customer);
      return kept.ok ? success(kept.value?.value) : kept;
    },
    async onAcknowledged({ idempotencyKey }) {
      unsent.delete(idempotencyKey);
      for (const [cell, notices] of waiting)
        if (notices.some((notice) => notice.idempotencyKey === idempotencyKey))
          await runners.get(cell)?.command({ kind: "notice-acknowledged", idempotencyKey });
    },
    onFailure({ idempotencyKey }, failed) {
      unsent.set(idempotencyKey, failed.message);
      onFailure(failed);
    },
  });
  const watch = createReplicaWatch({
    probe: replicas,
    onReady: (id) => tell(id, { kind: "replica-ready", id }),
  });
  return { runners, waiting, unsent, sender, watch };
}

/** Their machines are up, and their load balancers wait to hear of them. */
function awaitedIn({ runners }: Office): ReadonlyMap<HandOverId, AskedReplica> {
  const awaited = new Map<HandOverId, AskedReplica>();
  for (const runner of runners.values())
    for (const [id, { handOver, replica, template, isReady }] of runner.running().state.handOvers.open)
      if (handOver.state === "scaling-up" && !isReady && template?.readiness !== undefined)
        awaited.set(id, { shadowVm: handOver.shadowVm, replica, check: template.readiness });
  return awaited;
}

function deskOf(
  office: Office,
  { allowed, changesMachines }: Pick<HandOverOptions, "changesMachines"> & { readonly allowed: AllowedAddresses },
): HandOverDesk {
  const find = (id: HandOverId) => {
    const runner = runnerOf(office, id);
    if (runner === undefined) return undefined;
    const { open, ended } = runner.running().state.handOvers;
    const found = open.get(id) ?? ended.get(id);
    return found && knownOf(office, found, runner);
  };
  return {
    all() {
      return [...office.runners.values()].flatMap((runner) => {
        const { open, ended } = runner.running().state.handOvers;
        return [...open.values(), ...ended.values()].map((each) => knownOf(office, each, runner));
      });
    },
    find,
    async ask(asked) {
      if (!changesMachines) return failure("conflict", "Nothing here can change machines: this service only observes.");
      const told = await askInTurn(office, asked);
      const made = find(asked.id);
      if (!told.ok) return told;
      return made === undefined ? failure("conflict", told.value) : success(made);
    },
    async giveBack(id) {
      const known = find(id);
      if (known === undefined) return failure("not-found", `There is no hand-over ${id}.`);
      // Also where it was asked back or has ended: what is answered is stored by then.
      const decided = await runnerOf(office, id)?.command({ kind: "return", id });
      return decided?.ok === false ? decided : success(find(id) ?? known);
    },
    checkWebhook: (target) => checkTarget(target, allowed),
  };
}

/**
 * The first cell with machines of the workload that has room for it, or that knows it already; why the last one refused, where none
 * has. What is answered is stored by then.
 */
async function askInTurn(office: Office, asked: AskHandOver): Promise<Result<string>> {
  const known = runnerOf(office, asked.id);
  let refusal = `No cell that runs has machines of workload ${asked.workload}.`;
  for (const runner of known === undefined ? office.runners.values() : [known]) {
    if (!runner.running().state.layout.workloads.some(({ id }) => id === asked.workload)) continue;
    const decided = await runner.command(asked);
    if (!decided.ok) return decided;
    const refused = decided.value.find((record) => record.kind === "command-refused");
    if (refused === undefined) return success("");
    refusal = refused.why;
  }
  return success(refusal);
}

function runnerOf({ runners }: Office, id: HandOverId): CellRunner | undefined {
  return [...runners.values()].find((runner) => {
    const { open, ended } = runner.running().state.handOvers;
    return open.has(id) || ended.has(id);
  });
}

function knownOf({ unsent, watch }: Office, open: OpenHandOver, runner: CellRunner): KnownHandOver {
  const { id } = open.handOver;
  const outbox = [...runner.running().state.handOvers.outbox.values()].filter(({ handOver }) => handOver === id);
  const silent = open.isReady ? undefined : watch.lastFailure(id)?.message;
  const problem = silent ?? outbox.map((each) => unsent.get(each.idempotencyKey)).find((each) => each);
  return { ...open, untold: outbox.map(({ kind }) => kind), ...(problem !== undefined && { problem }) };
}
