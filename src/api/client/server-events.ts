// Server-sent events out of a stream of bytes, as this API's server writes them (lines end in \n, every field has a value).
// EventSource itself is not in Node, and cannot say why a connection failed.
export interface ServerEvent {
  /** undefined where the event has no id of its own. */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Cancels the body when the reader stops early. An event that the stream cuts off is dropped. */
export async function* readServerEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = `${rest}${decoder.decode(value, { stream: true })}`.split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseBlock(block: string): ServerEvent {
  let id: string | undefined;
  let event = "message";
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const [, field, value = ""] = line.match(/^(\w+):? ?(.*)$/) ?? [];
    if (field === "id") id = value;
    if (field === "event") event = value;
    if (field === "data") data.push(value);
  }
  return { id, event, data: data.join("\n") };
}
