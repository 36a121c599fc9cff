// Requests as no client of ours would send them.
import { KEYS } from "./running-service.ts";

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly key?: keyof typeof KEYS;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is where it is text or bytes, else as JSON. */
  readonly body?: unknown;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** undefined where it is no JSON. */
  readonly json: unknown;
}

export async function ask(address: string, { method, path, key, headers = {}, body }: Ask): Promise<Told> {
  const sent = typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body);
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(key && { authorization: `Bearer ${KEYS[key]}` }),
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: sent as string }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
