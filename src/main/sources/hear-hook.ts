// A call of a program that announces events: signed, fresh, and heard once. What is said of its signature and its source is the same
// whatever is wrong, so that nobody finds out by asking which sources there are.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { HookCall, HookHeard } from "../../api/server/source-desk.ts";
import type { Kept, Store } from "../../control/store-ports.ts";
import { failure, type Result, success } from "../../model/result.ts";
import type { EventSource, SaidEvent } from "../../model/source.ts";
import { MINUTE_MS, SECOND_MS } from "../../model/time.ts";
import { parseEvent } from "../../signals/parse-event.ts";
import { keepSaid } from "./keep-said.ts";

/** How far the clocks of both sides may be apart, and how long a call may be on its way. */
const FRESH_MS = 5 * MINUTE_MS;
const EVENTS_MAX = 100;

export interface Hearing {
  readonly store: Store;
  /** The service's own, that all secrets are made of. */
  readonly master: string;
}

/** "rejected": whoever calls is not who may, or said it before; "bad-input": what is said makes no sense. */
export async function hearHook(call: HookCall, { store, master }: Hearing): Promise<Result<HookHeard>> {
  const found = await store.documents.get("source", call.source);
  if (!found.ok) return found;
  const source = found.value;
  const secret = source?.value.form.kind === "hook" ? secretOf(source.value, master) : undefined;
  const signed = checkSignature(call, secret ?? master);
  if (source === undefined || secret === undefined || !signed.ok) return signed.ok ? REFUSED : signed;
  if (source.value.muted) return failure("rejected", "This source is muted: nothing is taken from it.");
  return once(call, { store, signature: signed.value.signature }, () => take(call, { store, source, ...signed.value }));
}

const REFUSED = failure("rejected", "The signature is wrong: see docs/events.md for how to make it.");

interface Signed {
  readonly seconds: number;
  readonly signature: string;
}

/** `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256 of "<seconds>.<body>". Compared in the same time whatever it is. */
function checkSignature({ signature: header = "", body, now }: HookCall, secret: string): Result<Signed> {
  const [, seconds = "", signature = ""] = header.match(/^t=(\d{1,11}),v1=([0-9a-f]{64})$/) ?? [];
  const wanted = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest();
  const given = Buffer.from(signature.padEnd(64, "0"), "hex");
  if (!timingSafeEqual(wanted, given) || signature === "") return REFUSED;
  const age = Math.abs(now - Number(seconds) * SECOND_MS);
  if (age > FRESH_MS)
    return failure("rejected", "The call was signed more than 5 minutes ago or ahead: sign it when you send it.");
  return success({ seconds: Number(seconds), signature });
}

/** Of the source: made anew whenever its salt is. */
export function secretOf({ id, form }: EventSource, master: string): string {
  const salt = form.kind === "hook" ? form.salt : "";
  return `hook_${createHmac("sha256", master)
    .update(JSON.stringify([id, salt]))
    .digest("base64url")}`;
}

/** The store remembers a call for a day, also when Headroom starts again; that is longer than it stays fresh. */
async function once(
  { source, now }: HookCall,
  { store, signature }: { readonly store: Store; readonly signature: string },
  work: () => Promise<Result<HookHeard>>,
): Promise<Result<HookHeard>> {
  const asked = { caller: `hook ${source}`, key: signature };
  const before = await store.idempotency.answerTo({ ...asked, requestHash: signature, at: now });
  if (!before.ok) return before;
  if (before.value !== undefined && before.value.status === 200)
    return failure("conflict", "This call was heard before: it changed nothing again.");
  const heard = await work();
  const kept = await store.idempotency.keep(asked, { status: heard.ok ? 200 : 0, headers: {}, body: "" });
  return kept.ok ? heard : kept;
}

async function take(
  { body, now }: HookCall,
  { store, source, seconds }: { readonly store: Store; readonly source: Kept<EventSource> } & Pick<Signed, "seconds">,
): Promise<Result<HookHeard>> {
  const said = saidIn(body, { now, seconds });
  if (!said.ok) return said;
  const read = { said: said.value, isWhole: false, problems: [], ignored: [], validators: {} };
  const kept = await keepSaid({ store, source, read, now });
  if (!kept.ok) return kept;
  const events = said.value.map(({ item, facts }) => ({ id: `${source.id}:${item}`, cancelled: facts === undefined }));
  return success({ events, changed: kept.value.changed + kept.value.gone });
}

/** One event, or a list of them as `events`; each with an id of the sender's, under which it can be changed and cancelled. */
function saidIn(
  body: Uint8Array,
  given: { readonly now: HookCall["now"]; readonly seconds: number },
): Result<readonly SaidEvent[]> {
  const value = parsed(body);
  const { events = [value] } = (value ?? {}) as { readonly events?: unknown };
  if (value === undefined || !Array.isArray(events) || events.length === 0 || events.length > EVENTS_MAX)
    return failure(
      "bad-input",
      `body: expected an event, or {"events": [...]} with 1 to ${EVENTS_MAX} of them, as JSON.`,
    );
  const said: SaidEvent[] = [];
  for (const [index, each] of events.entries()) {
    const one = saidOf(each, { ...given, where: value === each ? "body" : `body.events[${index}]` });
    if (!one.ok) return one;
    said.push(one.value);
  }
  return success(said);
}

function parsed(body: Uint8Array): object | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function saidOf(
  value: unknown,
  { now, seconds, where }: { readonly now: HookCall["now"]; readonly seconds: number; readonly where: string },
): Result<SaidEvent> {
  if (typeof value !== "object" || value === null) return failure("bad-input", `${where}: expected an event.`);
  const { id, status, customers: _, ...fields } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/.test(id))
    return failure("bad-input", `${where}.id: expected 1 to 60 letters, digits, dots or dashes, by which you know it.`);
  if (status === "cancelled")
    return success({ item: id, sequence: seconds, said: id, because: "its sender called it off", facts: undefined });
  if (status !== undefined && status !== "confirmed")
    return failure("bad-input", `${where}.status: expected "confirmed" or "cancelled".`);
  const event = parseEvent(fields, { where, announcedUnlessSaid: now });
  if (!event.ok) return event;
  const { id: __, customers: ___, provenance: ____, ...facts } = event.value;
  return success({ item: id, sequence: seconds, said: facts.name, because: "its sender announced it", facts });
}
