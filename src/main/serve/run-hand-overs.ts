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
import type { HandOverId } from "../../model/hand-over.ts";
import { type Failure, failure, type Result, success } from "../../model/result.ts";
import type { CellDesk } from "./cell-desk.ts";
import type { CellOfFleet } from "./run-fleet.ts";

export interface HandOverOptions {
  readonly documents: DocumentStore;
  readonly clock: Clock;
  /** Networks inside in which customers' load balancers and replicas may lie. */
  readonly networks: string;
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
  taken(cell: HandOverCell): void;
  /** A cell's hand-overs may have moved, or notices of them came or went. */
  moved(): void;
  /** The cell runs here no more. */
  gone(cell: CellId): void;
  stop(): Promise<void>;
}

/** A cell wherever it runs: as it last said, and what can be told to it. */
interface HandOverCell extends Pick<CellOfFleet, "handOvers"> {
  readonly plan: Pick<CellOfFleet["plan"], "cell">;
  readonly desk: Pick<CellDesk, "command">;
}

/** "bad-input" where a network is none. */
export function runHandOvers(options: HandOverOptions): Result<RunningHandOvers> {
  const allowed = allowAddresses(options.networks);
  if (!allowed.ok) return allowed;
  const office = openOffice(options, allowed.value);
  const look = () => {
    office.sender.offer([...office.cells.values()].flatMap(({ handOvers }) => [...handOvers.outbox.values()]));
    office.watch.await(awaitedIn(office));
  };
  return success({
    desk: deskOf(office, { allowed: allowed.value, ...options }),
    taken(cell) {
      office.cells.set(cell.plan.cell.id, cell);
      look();
    },
    moved: look,
    gone(cell) {
      office.cells.delete(cell);
      look();
    },
    async stop() {
      await Promise.all([office.sender.stop(), office.watch.stop()]);
    },
  });
}

interface Office {
  readonly cells: Map<CellId, HandOverCell>;
  /** By idempotency key, of notices that wait: why the last attempt failed. */
  readonly unsent: Map<string, string>;
  readonly sender: NoticeSender;
  readonly watch: ReplicaWatch;
}

function openOffice(options: HandOverOptions, allowed: AllowedAddresses): Office {
  const { documents, clock, onFailure, pace, replicas = createReplicaProbe(allowed) } = options;
  const cells = new Map<CellId, HandOverCell>();
  const unsent = new Map<string, string>();
  /** What its cell makes of it is kept there: a report that comes late changes nothing. */
  const tell = async (id: HandOverId, command: Command) => {
    for (const { handOvers, desk } of cells.values()) if (handOvers.open.has(id)) await desk.command(command);
  };
  const sender = createNoticeSender({
    ...{ now: () => clock.now(), allowed, ...(pace && { pace }) },
    async targetOf(customer) {
      const kept = await documents.get("webhook", customer);
      return kept.ok ? success(kept.value?.value) : kept;
    },
    async onAcknowledged({ idempotencyKey }) {
      unsent.delete(idempotencyKey);
      for (const { handOvers, desk } of cells.values())
        if (handOvers.outbox.has(idempotencyKey)) await desk.command({ kind: "notice-acknowledged", idempotencyKey });
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
  return { cells, unsent, sender, watch };
}

/** Their machines are up, and their load balancers wait to hear of them. */
function awaitedIn({ cells }: Office): ReadonlyMap<HandOverId, AskedReplica> {
  const awaited = new Map<HandOverId, AskedReplica>();
  for (const { handOvers } of cells.values())
    for (const [id, { handOver, replica, template, isReady }] of handOvers.open)
      if (handOver.state === "scaling-up" && !isReady && template?.readiness !== undefined)
        awaited.set(id, { shadowVm: handOver.shadowVm, replica, check: template.readiness });
  return awaited;
}

function deskOf(
  office: Office,
  { allowed, changesMachines }: Pick<HandOverOptions, "changesMachines"> & { readonly allowed: AllowedAddresses },
): HandOverDesk {
  const find = (id: HandOverId) => {
    const cell = cellOf(office, id);
    const found = cell?.handOvers.open.get(id) ?? cell?.handOvers.ended.get(id);
    return cell && found && knownOf(office, found, cell);
  };
  return {
    all() {
      return [...office.cells.values()].flatMap((cell) => {
        const { open, ended } = cell.handOvers;
        return [...open.values(), ...ended.values()].map((each) => knownOf(office, each, cell));
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
      const decided = await cellOf(office, id)?.desk.command({ kind: "return", id });
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
  const known = cellOf(office, asked.id);
  let refusal = `No cell that runs has machines of workload ${asked.workload}.`;
  for (const { plan, desk } of known === undefined ? office.cells.values() : [known]) {
    if (!plan.cell.workloads.some(({ id }) => id === asked.workload)) continue;
    const decided = await desk.command(asked);
    if (!decided.ok) return decided;
    const refused = decided.value.find((record) => record.kind === "command-refused");
    if (refused === undefined) return success("");
    refusal = refused.why;
  }
  return success(refusal);
}

function cellOf({ cells }: Office, id: HandOverId): HandOverCell | undefined {
  return [...cells.values()].find(({ handOvers: { open, ended } }) => open.has(id) || ended.has(id));
}

function knownOf({ unsent, watch }: Office, open: OpenHandOver, cell: HandOverCell): KnownHandOver {
  const { id } = open.handOver;
  const outbox = [...cell.handOvers.outbox.values()].filter(({ handOver }) => handOver === id);
  const silent = open.isReady ? undefined : watch.lastFailure(id)?.message;
  const problem = silent ?? outbox.map((each) => unsent.get(each.idempotencyKey)).find((each) => each);
  return { ...open, untold: outbox.map(({ kind }) => kind), ...(problem !== undefined && { problem }) };
}
