// Where trained models lie, and who serves: whoever keeps them implements it.
import type { Result } from "../../model/result.ts";
import type { Instant } from "../../model/time.ts";
import type { Models } from "../contract/operator.ts";

export interface ModelDesk {
  list(): Promise<Result<Models>>;
  /** "not-found": there is no such model; "conflict": it serves already. */
  promote(id: string, given: { readonly at: Instant; readonly reason: string }): Promise<Result<Models>>;
  /** "not-found": none serves. */
  rollBack(given: { readonly at: Instant; readonly reason: string }): Promise<Result<Models>>;
}
