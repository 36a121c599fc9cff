// The sources of a service: the reading of those that are read, and the desk for whoever sets them and for programs that call.
import { randomBytes } from "node:crypto";
import { type AddressRule, isOutside, type Resolver } from "../../adapters/customer-addresses/allowed-address.ts";
import { fetchSafely } from "../../adapters/fetch/fetch-safely.ts";
import { parseTarget } from "../../adapters/fetch/send-request.ts";
import { holidayEvents } from "../../adapters/holidays/holiday-events.ts";
import type { SourceDesk } from "../../api/server/source-desk.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { EventSource } from "../../model/source.ts";
import type { Instant } from "../../model/time.ts";
import { hearHook, secretOf } from "./hear-hook.ts";
import { keepSaid } from "./keep-said.ts";
import { type KeepSourcesOptions, keepSourcesRead } from "./keep-sources.ts";
import { whole } from "./read-source.ts";
import { type Readers, readersHere } from "./readers.ts";

export interface SourcesOptions extends Omit<KeepSourcesOptions, "fetcher" | "readers"> {
  /** Addresses that may be asked; outside ones where left out. */
  readonly allows?: AddressRule;
  /** The system's where left out. */
  readonly resolver?: Resolver;
  /** This thread where left out. */
  readonly readers?: Readers;
  /** That the secrets of hooks are made of. */
  readonly master: string;
}

export interface OpenedSources {
  readonly desk: SourceDesk;
  readDue(): Promise<void>;
  readonly ended: Promise<void>;
}

export function openSources(options: SourcesOptions): OpenedSources {
  const { store, allows = isOutside, resolver, readers = readersHere(), master, stopped, onChanged } = options;
  const cut = new AbortController();
  void stopped.then(() => cut.abort());
  const kept = keepSourcesRead({
    ...options,
    readers,
    fetcher: (question, now) =>
      fetchSafely(question, { allows, now, signal: cut.signal, ...(resolver && { resolver }) }),
  });
  const desk: SourceDesk = {
    check: (source, now) => checkSource(source, { allows, now }),
    soon: kept.soon,
    progress: kept.progress,
    async upload(source, { text, now }) {
      const { form } = source.value;
      if (form.kind !== "calendar" || form.url !== undefined)
        return failure("conflict", "Only a calendar without a url is sent in: this source is read where it is.");
      const read = await readers.calendar(new TextEncoder().encode(text), { now, eventKind: form.eventKind });
      if (!read.ok) return read;
      const written = await keepSaid({ store, source, read: whole(read.value.said, read.value.problems), now });
      if (!written.ok) return written;
      onChanged();
      return success(read.value.problems);
    },
    secretOf: (source) => secretOf(source, master),
    newSalt: () => randomBytes(12).toString("base64url"),
    async hear(call) {
      const heard = await hearHook(call, { store, master });
      if (heard.ok) onChanged();
      return heard;
    },
  };
  return { desk, readDue: kept.readDue, ended: kept.ended.then(() => readers.close()) };
}

function checkSource(
  { form }: EventSource,
  { allows, now }: { readonly allows: AddressRule; readonly now: Instant },
): Result<void> {
  const url = form.kind === "calendar" || form.kind === "feed" ? form.url : undefined;
  if (url !== undefined) {
    const target = parseTarget(url, { allows });
    return target.ok ? success(undefined) : target;
  }
  if (form.kind !== "holidays") return success(undefined);
  const year = new Date(now).getUTCFullYear();
  const zone = form.timeZone === undefined ? {} : { timeZone: form.timeZone };
  const known = holidayEvents({ place: form.place, fromYear: year, toYear: year, ...zone });
  return known.ok ? success(undefined) : known;
}
