// For tests of commands that need no running service: whoever asks for one all the same is refused.
import { failure } from "../model/result.ts";
import type { ServiceCommands } from "./service-commands.ts";

const refused = async () => failure("rejected", "Not asked for here.");

export const NO_SERVICE: ServiceCommands = {
  connect: () => failure("rejected", "Not asked for here."),
  readDocument: refused,
  verifyInvoice: refused,
  backfill: refused,
  readText: refused,
  backup: refused,
  restore: refused,
};
