// RFC 9457: every error leaves as application/problem+json, says what is wrong, and never shows what is inside.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Problem } from "../contract/live.ts";
import { type FieldError, type Refusal, statusOf } from "./refusals.ts";

/** What a hook throws when it has no answer; becomes the problem that the caller sees. */
export interface ApiError extends Error {
  readonly statusCode: number;
  readonly problemKind: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
}

export function apiError(given: {
  status: number;
  kind: string;
  message: string;
  errors?: readonly FieldError[];
  retryAfterSeconds?: number;
}): ApiError {
  const { status: statusCode, kind: problemKind, message, ...more } = given;
  return Object.assign(new Error(message), { statusCode, problemKind, ...more });
}

/** `onError` hears of what no route foresaw. */
export function answerWithProblems(
  app: FastifyInstance,
  onError: (error: Error, request: FastifyRequest) => void = () => {},
): void {
  app.setErrorHandler((error: FastifyError | ApiError, request, reply) => {
    if (!("problemKind" in error) && (error.statusCode ?? 500) >= 500) onError(error, request);
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

/** `kindOf` a refusal is its problem's, but for those with a status of their own. */
function problemOfRefusal(refused: Refusal): Problem {
  const status = statusOf(refused);
  const kind = KIND_OF_STATUS[status] ?? refused.kind;
  const { errors } = refused;
  // Names of hosts and databases are nobody's business.
  if (status >= 500) return { type: kindUrn(kind), title: OUT_OF_REACH, status };
  return { type: kindUrn(kind), title: refused.message, status, ...(errors && { errors: [...errors] }) };
}

const OUT_OF_REACH = "Something that this needs cannot be reached: try again soon";

const KIND_OF_STATUS: Readonly<Record<number, string>> = {
  400: "bad-input",
  401: "unauthenticated",
  403: "forbidden",
  406: "not-acceptable",
  412: "precondition-failed",
  415: "unsupported-media-type",
  422: "unprocessable",
  429: "too-many-requests",
};

function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type("application/problem+json").send(problem);
}

export function sendError(reply: FastifyReply, error: FastifyError | ApiError): FastifyReply {
  if ("problemKind" in error) sayWhenAgain(reply, error);
  return sendProblem(reply, problemOf(error));
}

export function sendRefusal(reply: FastifyReply, refused: Refusal): FastifyReply {
  sayWhenAgain(reply, refused);
  return sendProblem(reply, problemOfRefusal(refused));
}

/** Whoever is refused for now is told when it is worth trying again. */
export function sayWhenAgain(
  reply: FastifyReply,
  { retryAfterSeconds }: { readonly retryAfterSeconds?: number },
): void {
  if (retryAfterSeconds !== undefined) reply.header("retry-after", String(retryAfterSeconds));
}

const SHOWN_URL_MAX = 200;

/** What no route foresaw is told as "went wrong here" and no more: a stack or a path would help nobody but an intruder. */
function problemOf(error: FastifyError | ApiError): Problem {
  const { statusCode: status = 500, message } = error;
  if ("problemKind" in error) {
    const { problemKind, errors } = error;
    return { type: kindUrn(problemKind), title: message, status, ...(errors && { errors: [...errors] }) };
  }
  if (status >= 500) return { type: kindUrn("internal"), title: "Something went wrong here", status };
  const kind = KINDS_OF_THE_FRAMEWORK[status] ?? "bad-input";
  return { type: kindUrn(kind), title: "The request is not valid", status, detail: message };
}

const KINDS_OF_THE_FRAMEWORK: Readonly<Record<number, string>> = {
  413: "too-large",
  415: "unsupported-media-type",
  429: "too-many-requests",
};

function kindUrn(kind: string): string {
  return `urn:headroom:problem:${kind}`;
}
