// Nobody changes machines: whatever is asked is said not to be done.
import type { Actuator } from "../../control/ports.ts";

export const NO_ACTUATOR: Actuator = {
  apply: async ({ id }) => ({
    kind: "failed",
    action: id,
    at: 0 as never,
    message: "unavailable: nothing here can change machines.",
  }),
};
