// RFC 9457: every error leaves as application/problem+json, says what is wrong, and never shows what is inside.
import type { FastifyError, FastifyInstance, FastifyReply } from "fastify";
import type { Problem } from "../contract/live.ts";

/** What a route throws when it has no answer; becomes the problem that the caller sees. */
export interface ApiError extends Error {
  readonly statusCode: number;
  readonly problemKind: string;
}

export function apiError(given: { status: number; kind: string; message: string }): ApiError {
  return Object.assign(new Error(given.message), { statusCode: given.status, problemKind: given.kind });
}

export function answerWithProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    if ((error.statusCode ?? 500) >= 500) request.log.error(error);
    return sendError(reply, error);
  });
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, {
      type: kindUrn("not-found"),
      title: "There is nothing at this address",
      status: 404,
      detail: `No route for ${request.method} ${request.url.slice(0, SHOWN_URL_MAX)}.`,
    }),
  );
}

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type("application/problem+json").send(problem);
}

export function sendError(reply: FastifyReply, error: FastifyError | ApiError): FastifyReply {
  return sendProblem(reply, problemOf(error));
}

const SHOWN_URL_MAX = 200;

/** What no route foresaw is told as "went wrong here" and no more: a stack or a path would help nobody but an intruder. */
function problemOf(error: FastifyError | ApiError): Problem {
  const { statusCode: status = 500, message } = error;
  if ("problemKind" in error) return { type: kindUrn(error.problemKind), title: message, status };
  const { validation } = error;
  if (validation) {
    const faults = validation.map((each) => `${each.instancePath.slice(1)} ${each.message ?? "is wrong"}`);
    return { type: kindUrn("bad-input"), title: "A parameter is not valid", status, detail: `${faults.join("; ")}.` };
  }
  if (status >= 500) return { type: kindUrn("internal"), title: "Something went wrong here", status };
  return { type: kindUrn("bad-input"), title: "The request is not valid", status, detail: message };
}

function kindUrn(kind: string): string {
  return `urn:headroom:problem:${kind}`;
}
