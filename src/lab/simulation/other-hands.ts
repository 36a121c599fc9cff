// Somebody with a shell on the host resizes a VM, within its contract: nobody asked the control plane.
import type { ActionId } from "../../model/action.ts";
import { add, scale, subtract } from "../../model/resources.ts";
import { instant } from "../../model/time.ts";
import { applyNow, tickNow, type World } from "./world.ts";

export async function resizeByHand(world: World): Promise<void> {
  const tick = tickNow(world);
  const present = world.fleet.machines().flatMap(({ vms }) => vms.map(({ vm }) => vm));
  for (const { id, host, base, ceiling } of present) {
    const where = { tick, name: id };
    if (!world.plan.happens("other-hands", where)) continue;
    world.unsure.add(host);
    const share = world.plan.drawFor("other-hands", where).fork("size").next();
    const action = {
      id: `hands/${tick}/${id}` as ActionId,
      kind: "resize-vm",
      host,
      vm: id,
      phase: "grow",
      reason: "By hand.",
      deadline: instant(world.clock.now() + 1),
      setPoint: add(base, scale(subtract(ceiling, base), share)),
    } as const;
    await applyNow(world, action, false);
  }
}
