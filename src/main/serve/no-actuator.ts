// Nobody changes machines: whatever is asked is said not to be done, and whatever the mode, cells only observe and say so.
import type { Actuator } from "../../control/ports.ts";
import type { Guardrails } from "../../shaping/guardrails.ts";

export const NO_ACTUATOR: Actuator = {
  apply: async ({ id }) => ({
    kind: "failed",
    action: id,
    at: 0 as never,
    message: "unavailable: nothing here can change machines.",
  }),
};

/** As the operator said, where somebody is there to act. */
export function inForceFor(actuator: Actuator | undefined, guardrails: Guardrails): Guardrails {
  return actuator === undefined ? { ...guardrails, modes: { cell: "observe", customers: new Map() } } : guardrails;
}
