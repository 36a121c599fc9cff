// A server that answers PromQL, asked politely: so many questions a second, so many at once, answers up to a size, and again after a
// while where it is busy. What it says is never trusted.
import { setTimeout as pause } from "node:timers/promises";
import { failure, type Result, success } from "../../../model/result.ts";
import { SECOND_MS } from "../../../model/time.ts";
import { errorOf } from "./range-answers.ts";

export interface QueryServerOptions {
  /** Credentials in it become a header. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly questionsPerSecond: number;
  readonly answerBytesMax?: number;
  readonly timeoutMs?: number;
  readonly triesMax?: number;
  /** The first wait before a question is asked again; each is twice the one before. */
  readonly backOffMs?: number;
}

export interface QueryServer {
  /**
   * "no-capacity": the answer is larger, or the question heavier, than what is taken: ask for less. "unavailable": it does not
   * answer, however often it is asked. "rejected": it refuses. "bad-input": what it says is no JSON.
   */
  ask(path: string, parameters: Readonly<Record<string, string>>): Promise<Result<unknown>>;
  readonly counts: { questions: number; again: number; bytes: number };
}

const ANSWER_BYTES_MAX = 64 * 2 ** 20;
const TIMEOUT_MS = 2 * 60 * SECOND_MS;
const TRIES_MAX = 8;
/** Of a server that never answered: a wrong address should be told soon. */
const FIRST_TRIES_MAX = 3;
const BACK_OFF_MS_MAX = 30 * SECOND_MS;

export function createQueryServer(options: QueryServerOptions): QueryServer {
  const { url, questionsPerSecond, triesMax = TRIES_MAX, backOffMs = SECOND_MS } = options;
  const counts = { questions: 0, again: 0, bytes: 0 };
  const headers = headersOf(options);
  const base = `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  let nextAt = 0;
  let hasAnswered = false;
  const turn = async (): Promise<void> => {
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / questionsPerSecond;
    if (at > now) await pause(at - now);
  };
  return {
    counts,
    async ask(path, parameters) {
      const init = { method: "POST", headers, body: new URLSearchParams(parameters), redirect: "error" as const };
      for (let attempt = 1; ; attempt++) {
        await turn();
        counts.questions++;
        const answered = await askOnce(`${base}${path}`, init, options, counts);
        hasAnswered ||= answered.kind === "done" || answered.isHeard;
        if (answered.kind === "done") return answered.result;
        if (attempt >= (hasAnswered ? triesMax : Math.min(triesMax, FIRST_TRIES_MAX)))
          return failure("unavailable", `${base} does not answer: ${answered.why}`);
        counts.again++;
        await pause(answered.afterMs ?? Math.min(backOffMs * 2 ** (attempt - 1), BACK_OFF_MS_MAX));
      }
    },
  };
}

function headersOf({ url, headers = {} }: QueryServerOptions): Record<string, string> {
  const { username, password } = url;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const basic = username === "" ? {} : { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  return { accept: "application/json", ...basic, ...headers };
}

type Answered =
  | { readonly kind: "done"; readonly result: Result<unknown> }
  | { readonly kind: "again"; readonly why: string; readonly afterMs: number | undefined; readonly isHeard: boolean };

async function askOnce(
  address: string,
  init: RequestInit,
  { answerBytesMax = ANSWER_BYTES_MAX, timeoutMs = TIMEOUT_MS }: QueryServerOptions,
  counts: QueryServer["counts"],
): Promise<Answered> {
  try {
    const response = await fetch(address, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    const text = await readUpTo(response, answerBytesMax);
    if (text === undefined) return done(failure("no-capacity", `An answer has more than ${answerBytesMax} bytes.`));
    counts.bytes += text.length;
    const answer = parsed(text);
    if (response.ok)
      return done(answer === undefined ? failure("bad-input", `${address} answers no JSON.`) : success(answer));
    return refused(response, errorOf(answer) || `status ${response.status}`, address);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      kind: "again",
      why: cause instanceof Error ? cause.message : String(cause),
      afterMs: undefined,
      isHeard: false,
    };
  }
}

const TOO_HEAVY = /timed? ?out|too many|too large|would load|exceed|limit|maximum resolution/i;

function refused(response: Response, why: string, address: string): Answered {
  const { status } = response;
  if ((status === 422 || status === 503 || status === 400) && TOO_HEAVY.test(why))
    return done(failure("no-capacity", `${address} finds the question too heavy: ${why}`));
  if (status === 429 || status >= 500) {
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    return {
      kind: "again",
      why,
      isHeard: true,
      afterMs: seconds > 0 ? Math.min(seconds * 1000, BACK_OFF_MS_MAX) : undefined,
    };
  }
  return done(failure("rejected", `${address} refuses: ${why}`));
}

function done(result: Result<unknown>): Answered {
  return { kind: "done", result };
}

/** Undefined: it is longer. */
async function readUpTo(response: Response, bytesMax: number): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += (part as Uint8Array).length;
    if (size > bytesMax) return undefined;
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
