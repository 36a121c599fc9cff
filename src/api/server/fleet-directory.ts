// Which VMs there are and whose they are, in memory, for batches that speak of thousands. Read anew only when somebody asks for a
// VM that is not in it and the store has news, or when a VM changed here.
import type { Store } from "../../control/store-ports.ts";
import type { CustomerId } from "../../model/fleet.ts";
import { type Result, success } from "../../model/result.ts";

export interface FleetDirectory {
  /** [i] the owner of vms[i]; "" for a VM of nobody; undefined for one that nobody knows. */
  owners(vms: readonly string[]): Promise<Result<readonly (CustomerId | "" | undefined)[]>>;
  /** A VM changed here. */
  forget(): void;
}

const PAGE = 1_000;

export function createFleetDirectory({ documents }: Pick<Store, "documents">): FleetDirectory {
  let known = new Map<string, CustomerId | "">();
  let revision = -1;
  let reading: Promise<Result<void>> | undefined;

  async function readAll(): Promise<Result<void>> {
    const now = await documents.revision();
    if (!now.ok) return now;
    if (now.value === revision) return success(undefined);
    const read = await readVms(documents);
    if (!read.ok) return read;
    known = read.value;
    revision = now.value;
    return success(undefined);
  }

  /** One reading at a time, for all who wait. */
  function readOnce(): Promise<Result<void>> {
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  return {
    forget() {
      revision = -1;
    },
    async owners(vms) {
      if (revision < 0 || vms.some((vm) => !known.has(vm))) {
        const read = await readOnce();
        if (!read.ok) return read;
      }
      return success(vms.map((vm) => known.get(vm)));
    },
  };
}

async function readVms(documents: Store["documents"]): Promise<Result<Map<string, CustomerId | "">>> {
  const read = new Map<string, CustomerId | "">();
  let after = "";
  for (;;) {
    const listed = await documents.list("vm", { after, limit: PAGE });
    if (!listed.ok) return listed;
    for (const { id, customer } of listed.value) read.set(id, customer ?? "");
    const last = listed.value.at(-1);
    if (last === undefined || listed.value.length < PAGE) return success(read);
    after = last.id;
  }
}
