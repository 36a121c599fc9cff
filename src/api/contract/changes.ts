// The log of changes: who changed what, when, from what to what.
import { Type } from "typebox";
import { Id, Instant, strict } from "./scalars.ts";

export const LoggedChange = strict({
  id: Type.Integer({ minimum: 1, description: "Grows with every change." }),
  at: Instant,
  by: Type.String({ description: "The key that did it; `system`: Headroom itself." }),
  what: Type.Enum(["created", "changed", "removed"]),
  kind: Type.String({ description: "What kind of thing it is: customer, vm, profile, key, model ..." }),
  target: Type.String({ description: "Its id." }),
  customer: Type.Optional({ ...Id, description: "Whose it is; left out for what is the operator's." }),
  version: Type.Integer({ minimum: 0 }),
  before: Type.Optional(Type.Unknown({ description: "As it was; left out where there was none." })),
  after: Type.Optional(Type.Unknown({ description: "As it is since; left out where it was removed." })),
});
