// One readiness check of a replica, for real: a TCP connection that is taken, or a GET that is answered. Only addresses that a
// customer may name are connected to, and nothing that is said is read.
import { request } from "node:http";
import { connect, isIP } from "node:net";
import type { AskedReplica, ReplicaProbe } from "../../control/ports.ts";
import { failure, type Result, success, unreachable } from "../../model/result.ts";
import { type AllowedAddresses, lookupAllowed, refusalOf } from "../customer-addresses/allowed-address.ts";

/** "rejected": an address that is never connected to; "timeout", "unavailable": worth asking again. */
export function createReplicaProbe(allowed: AllowedAddresses): ReplicaProbe {
  return {
    async probe(asked) {
      const { host } = asked.replica;
      if (isIP(host) !== 0 && !allowed.isAllowed(host)) return failure("rejected", refusalOf(host));
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), asked.check.timeoutMs);
      const answered = await ask(asked, { allowed, signal: late.signal });
      clearTimeout(timer);
      return answered;
    },
  };
}

interface AskOptions {
  readonly allowed: AllowedAddresses;
  /** Aborts when the time of the check is over. */
  readonly signal: AbortSignal;
}

function ask(asked: AskedReplica, options: AskOptions): Promise<Result<void>> {
  switch (asked.check.kind) {
    case "tcp":
      return connects(asked, options);
    case "http":
      return answers(asked, asked.check.path, options);
    default:
      return unreachable(asked.check);
  }
}

function connects(asked: AskedReplica, { allowed, signal }: AskOptions): Promise<Result<void>> {
  const { host, port } = asked.replica;
  return new Promise((resolve) => {
    const socket = connect({ host, port, lookup: lookupAllowed(allowed.isAllowed) });
    const finish = (result: Result<void>) => {
      resolve(result);
      socket.destroy();
    };
    socket.on("connect", () => finish(success(undefined)));
    socket.on("error", (error) => finish(failure("unavailable", saidOf(asked, error))));
    signal.addEventListener("abort", () => finish(late(asked)), { once: true });
  });
}

function answers(asked: AskedReplica, path: string, { allowed, signal }: AskOptions): Promise<Result<void>> {
  const { host, port } = asked.replica;
  return new Promise((resolve) => {
    const asking = request({ host, port, path, signal, agent: false, lookup: lookupAllowed(allowed.isAllowed) });
    asking.on("error", (error) => resolve(signal.aborted ? late(asked) : failure("unavailable", saidOf(asked, error))));
    asking.on("response", (response) => {
      const { statusCode = 0 } = response;
      const isFine = statusCode >= 200 && statusCode < 400;
      resolve(isFine ? success(undefined) : failure("unavailable", `${nameOf(asked)} answered ${statusCode}.`));
      response.destroy();
    });
    asking.end();
  });
}

function late(asked: AskedReplica): Result<never> {
  return failure("timeout", `${nameOf(asked)} did not answer within ${asked.check.timeoutMs} ms.`);
}

function saidOf(asked: AskedReplica, error: Error): string {
  return `${nameOf(asked)} does not answer: ${error.message}.`;
}

function nameOf({ replica: { host, port } }: AskedReplica): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
