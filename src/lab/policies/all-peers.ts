// Every policy that Headroom is compared with.
import type { Policy } from "../policy.ts";
import { autopilotPolicy } from "./autopilot.ts";
import { fourierPolicy } from "./fourier.ts";
import { holtWintersPolicy } from "./holt-winters.ts";
import { oraclePolicy } from "./oracle.ts";
import { reactivePolicy } from "./reactive.ts";
import { staticPolicy } from "./static.ts";
import { vpaPolicy } from "./vpa.ts";

/** In the order in which they are shown: simplest first, the bound last. */
export const PEER_POLICIES: readonly Policy[] = [
  staticPolicy,
  reactivePolicy,
  vpaPolicy,
  autopilotPolicy,
  holtWintersPolicy,
  fourierPolicy,
  oraclePolicy,
];
