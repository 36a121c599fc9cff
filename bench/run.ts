// `npm run bench [NAME]`: how cost grows with VMs. Absolute times are this machine's.
import { benchBacktest } from "./backtest-growth.ts";
import { benchNetwork } from "./network.ts";
import { benchTick } from "./tick-growth.ts";

const BENCHES = { tick: benchTick, backtest: benchBacktest, network: benchNetwork };
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  process.stderr.write(`No bench called ${unknown.join(", ")}: there are ${Object.keys(BENCHES).join(", ")}.\n`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(BENCHES)) if (wanted.length === 0 || wanted.includes(name)) await bench();
