// A server that answers range queries as Prometheus would, for tests of what is asked and what is made of the answers.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface AskedQuery {
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

export interface FakeServer {
  readonly url: URL;
  readonly asked: AskedQuery[];
  close(): Promise<void>;
}

export async function fakeServer(
  answer: (asked: AskedQuery, response: ServerResponse, number: number) => void,
): Promise<FakeServer> {
  const asked: AskedQuery[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => {
      body += String(part);
    });
    request.on("end", () => {
      const query = { path: request.url ?? "", parameters: new URLSearchParams(body), headers: request.headers };
      asked.push(query);
      answer(query, response, asked.length);
    });
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

export function matrix(series: readonly { metric: Record<string, string>; values: readonly unknown[] }[]): string {
  return JSON.stringify({ status: "success", data: { resultType: "matrix", result: series } });
}
