// `npm run bench [NAME... --OPTION]`: how cost grows with VMs, how well demand is forecast. Absolute times are this machine's.
import { benchAnchors } from "./anchors.ts";
import { benchBacktest } from "./backtest-growth.ts";
import { benchConnectors } from "./connectors.ts";
import { benchEvents } from "./events.ts";
import { benchNetwork } from "./network.ts";
import { benchPricing } from "./pricing.ts";
import { benchProphet } from "./prophet.ts";
import { benchRobustness } from "./robustness.ts";
import { benchService } from "./service.ts";
import { benchStall } from "./stall.ts";
import { benchStore } from "./store.ts";
import { benchTick } from "./tick-growth.ts";

const BENCHES: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  tick: benchTick,
  backtest: benchBacktest,
  network: benchNetwork,
  pricing: benchPricing,
  prophet: benchProphet,
  anchors: benchAnchors,
  robustness: benchRobustness,
  events: benchEvents,
  store: benchStore,
  service: benchService,
  connectors: benchConnectors,
  stall: benchStall,
};
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith("--"));
const wanted = firstOption < 0 ? words : words.slice(0, firstOption);
const options = words.slice(wanted.length);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`No bench called ${unknown.join(", ")}: there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES))
  if (wanted.length === 0 || wanted.includes(name)) await bench(options);
