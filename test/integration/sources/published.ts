// What somebody publishes for tests: a server on this machine, whose answer can be changed, and that counts how it is asked.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export interface Published {
  readonly url: string;
  text: string;
  status: number;
  headers: Readonly<Record<string, string>>;
  /** How often it gave the whole text, and how often it said that nothing is new. */
  readonly given: { whole: number; unchanged: number };
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** Its ETag is its text. */
export async function publish(text: string): Promise<Published> {
  const server = createServer(({ headers }, response) => {
    const etag = `"${Buffer.from(published.text).toString("base64url").slice(-40)}"`;
    if (published.status === 200 && headers["if-none-match"] === etag) {
      published.given.unchanged++;
      response.writeHead(304).end();
      return;
    }
    published.given.whole++;
    response.writeHead(published.status, { etag, ...published.headers }).end(published.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const published: Published = { url, text, status: 200, headers: {}, given: { whole: 0, unchanged: 0 } };
  return published;
}
