// Amounts in words for people: "0.7 cores", "2.1 GiB", "4.2 MB/s". For show only; never parse it back.
import type { Resource } from "./resources.ts";
import { GIBIBYTE, MEBIBYTE } from "./units.ts";

const MEGABYTE = 1e6;
const HARD_SPACE = "\u00a0";

/** `amount` in base units of the resource. */
export function formatAmount(resource: Resource, amount: number): string {
  switch (resource) {
    case "cpu":
      return `${rounded(amount)}${HARD_SPACE}${rounded(amount) === "1.0" ? "core" : "cores"}`;
    case "memory":
      return amount >= GIBIBYTE || amount === 0
        ? `${rounded(amount / GIBIBYTE)}${HARD_SPACE}GiB`
        : `${rounded(amount / MEBIBYTE)}${HARD_SPACE}MiB`;
    case "network":
    case "storage":
      return `${rounded(amount / MEGABYTE)}${HARD_SPACE}MB/s`;
  }
}

/** One decimal below 20, whole from there; never a nonzero amount as 0.0. */
export function rounded(value: number): string {
  if (value > 0 && value < 0.05) return "<0.1";
  return value < 20 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US").replaceAll(",", "\u202f");
}
