// What goes wrong in a simulated fleet, by seed. Whether something fails depends on its name and its time only, never on what
// else was asked before.
import type { HostId, VmId } from "../model/fleet.ts";
import type { SeededRandom } from "../model/seeded-random.ts";
import type { ShadowVmId } from "../model/shadow-vm.ts";

/** Probabilities. */
export interface FaultRates {
  /** For each VM and tick: its sample does not come. */
  readonly lostSample: number;
  /** For each action that is sent: it fails and changes nothing. */
  readonly actuatorError: number;
  /** For each boot: it never ends, and counts as failed after a time-out. */
  readonly bootHang: number;
  /** For each host and tick: it stops answering for three ticks. What runs there goes on. */
  readonly hostLoss: number;
}

export const NO_FAULTS: FaultRates = { lostSample: 0, actuatorError: 0, bootHang: 0, hostLoss: 0 };
const HOST_LOSS_TICKS = 3;

export interface Faults {
  losesSample(vm: VmId, tick: number): boolean;
  failsAction(action: string, at: number): boolean;
  hangsAtBoot(shadowVm: ShadowVmId): boolean;
  isUnreachable(host: HostId, tick: number): boolean;
}

export function seededFaults(random: SeededRandom, rates: FaultRates): Faults {
  const happens = (fault: keyof FaultRates, name: string): boolean =>
    rates[fault] > 0 && random.fork(`${fault}/${name}`).next() < rates[fault];
  return {
    losesSample: (vm, tick) => happens("lostSample", `${tick}/${vm}`),
    failsAction: (action, at) => happens("actuatorError", `${at}/${action}`),
    hangsAtBoot: (shadowVm) => happens("bootHang", shadowVm),
    isUnreachable: (host, tick) =>
      Array.from({ length: HOST_LOSS_TICKS }, (_, ago) => tick - ago).some((begun) =>
        happens("hostLoss", `${begun}/${host}`),
      ),
  };
}
